use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", down = drop_users)]
fn create_users() -> &'static str {
    "CREATE TABLE users (id BIGINT PRIMARY KEY)"
}

fn drop_users() -> u32 {
    1
}

fn main() {}
