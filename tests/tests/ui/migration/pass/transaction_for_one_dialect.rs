use migrate_core::__private::{Declaration, Transactions, inventory};
use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", transaction(postgres = false, sqlite = true), down = "DROP TABLE a")]
fn a() -> &'static str {
    "CREATE TABLE a (id BIGINT)"
}

fn main() {
    let all: Vec<_> = inventory::iter::<Declaration>.into_iter().collect();
    assert_eq!(all[0].transaction, Transactions::ALL.with(Dialect::Postgres, false));
    assert!(all[0].transaction.on(Dialect::Mysql));
}
