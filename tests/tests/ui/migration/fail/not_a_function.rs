use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", down = "DROP TABLE users")]
struct CreateUsers;

fn main() {}
