use migrate_core::prelude::*;

#[migration(rev = "001", down = "DROP TABLE users")]
fn create_users() -> &'static str {
    "CREATE TABLE users (id BIGINT PRIMARY KEY)"
}

#[migration(rev = "002", after = "001", down = "DROP TABLE users")]
fn create_orders() -> &'static str {
    "CREATE TABLE users (id BIGINT PRIMARY KEY)"
}

fn main() {}
