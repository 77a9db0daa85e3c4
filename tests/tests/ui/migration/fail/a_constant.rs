use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", down = "DROP TABLE users")]
const CREATE_USERS: &str = "CREATE TABLE users (id BIGINT)";

fn main() {}
