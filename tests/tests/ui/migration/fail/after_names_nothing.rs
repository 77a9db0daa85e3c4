use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", down = "DROP TABLE users")]
fn create_users() -> &'static str {
    "CREATE TABLE users (id BIGINT PRIMARY KEY)"
}

#[migration(rev = "003", after = "002", down = "DROP TABLE users")]
fn create_orders() -> &'static str {
    "CREATE TABLE users (id BIGINT PRIMARY KEY)"
}

fn main() {}
