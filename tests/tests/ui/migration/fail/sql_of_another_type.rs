use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", down = "DROP TABLE users")]
fn create_users() -> u32 {
    1
}

fn main() {}
