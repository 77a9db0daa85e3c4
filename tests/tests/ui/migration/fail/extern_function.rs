use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", down = "DROP TABLE users")]
extern "C" fn create_users() -> &'static str {
    "CREATE TABLE users (id BIGINT)"
}

fn main() {}
