use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", batch(table = "users", key = "id", size = 500), down = "DROP TABLE users")]
fn create_users() -> &'static str {
    "CREATE TABLE users (id BIGINT PRIMARY KEY)"
}

fn main() {}
