use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", down = "DROP TABLE users")]
fn create_users() {
    let _ = "CREATE TABLE users (id BIGINT)";
}

fn main() {}
