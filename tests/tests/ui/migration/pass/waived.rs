//! What is waived is no fault, and is known when the program runs.
#![deny(warnings)]

use migrate_core::__private::{Declaration, inventory};
use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", kind = data, waive(mixed, reason = "the rows decide"))]
fn mixed() -> &'static str {
    "CREATE TABLE a (id BIGINT);
     INSERT INTO a VALUES (1)"
}

#[migration(rev = "002", kind = data, parse = false, waive("missing-where", reason = "all of them"))]
fn every_row() -> &'static str {
    "DELETE FROM a"
}

#[migration(rev = "003", kind = data, waive(missing-where, reason = "nobody can tell"))]
fn computed() -> String {
    "DELETE FROM a WHERE true".replace("true", "id = 1")
}

fn main() {
    let mut all: Vec<_> = inventory::iter::<Declaration>.into_iter().collect();
    all.sort_by_key(|declaration| declaration.rev);
    let waived: Vec<_> =
        all.iter().map(|declaration| (declaration.waivers[0].rule, declaration.parse)).collect();
    assert_eq!(waived, [("mixed", true), ("missing-where", false), ("missing-where", true)]);
    assert_eq!(all[0].waivers[0].reason, "the rows decide");
}
