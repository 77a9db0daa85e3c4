use std::time::Duration;

use migrate_core::__private::{Declaration, Kind, Resumption, Transactions, inventory};
use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", after = [], branch = "billing", down = irreversible)]
fn a_base() -> &'static str {
    "CREATE TABLE a (id BIGINT)"
}

/// Fill the table.
///
/// With care.
#[migration(
    rev = "002",
    down_revision = "001",
    depends_on = ["001", "other-crate@007"],
    kind = data,
    transaction = false,
    resume = rerun,
    lock_timeout = "2s",
    statement_timeout = "1500ms",
)]
fn all_of_them() -> &'static str {
    "INSERT INTO a VALUES (1)"
}

#[migration(rev = "003", after = ["001"], depends_on = "002", down = irreversible)]
async fn some(_: &mut Db) -> Result<()> {
    Ok(())
}

#[migration(rev = "004", down = irreversible)]
fn r#default() -> &'static str {
    "CREATE TABLE b (id BIGINT)"
}

fn main() {
    let mut all: Vec<_> = inventory::iter::<Declaration>.into_iter().collect();
    all.sort_by_key(|declaration| declaration.rev);
    let [base, options, code, default] = *all else { panic!("{all:?}") };

    assert_eq!(base.krate, Migrations::INFO.name);
    assert_eq!((base.after, base.branch), (Some(&[] as &[&str]), Some("billing")));
    assert_eq!((base.kind, base.transaction, base.description), (Kind::Schema, Transactions::ALL, "a_base"));

    assert_eq!(options.after, Some(&["001"] as &[&str]));
    assert_eq!(options.depends_on, Some(&["001", "other-crate@007"] as &[&str]));
    assert_eq!((options.kind, options.transaction), (Kind::Data, Transactions::NONE));
    assert_eq!((options.resume, base.resume), (Resumption::Rerun, Resumption::Continue));
    assert_eq!(options.lock_timeout, Some(Duration::from_secs(2)));
    assert_eq!(options.statement_timeout, Some(Duration::from_millis(1500)));
    assert_eq!(options.description, "Fill the table.");
    assert_eq!((options.origin.file, options.origin.line, options.origin.function), (file!(), 26, "all_of_them"));

    assert_eq!((code.after, code.depends_on), (Some(&["001"] as &[&str]), Some(&["002"] as &[&str])));
    assert!(code.code_checksum.is_some() && base.code_checksum.is_none());

    assert_eq!((default.after, default.description), (None, "default"));
}
