//! A schema migration whose SQL is seen need not say how it is undone.

use migrate_core::__private::{Declaration, Down, inventory};
use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001")]
fn a_literal() -> &'static str {
    "CREATE TABLE a (id BIGINT);
     CREATE TABLE b (id BIGINT)"
}

#[migration(rev = "002")]
fn several() -> Vec<&'static str> {
    vec!["CREATE TABLE d (id BIGINT) -- d", "CREATE TABLE e (id BIGINT)"]
}

#[migration(rev = "003")]
fn a_file() -> Sql {
    include_str!("places_of_sql.sql").into()
}

#[migration(rev = "004")]
fn a_merge() -> &'static str {
    ""
}

fn main() {
    let mut all: Vec<_> = inventory::iter::<Declaration>.into_iter().collect();
    all.sort_by_key(|declaration| declaration.rev);
    let down = |declaration: &&Declaration, dialect| match (declaration.down)() {
        Down::Derived(derived) => derived.text(dialect).expect("it was derived").to_owned(),
        other => panic!("{other:?}"),
    };
    for dialect in [Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite] {
        let downs: Vec<_> = all.iter().map(|declaration| down(declaration, dialect)).collect();
        assert_eq!(
            downs,
            ["DROP TABLE b;\nDROP TABLE a", "DROP TABLE e;\nDROP TABLE d", "DROP TABLE c", ""]
        );
    }
}
