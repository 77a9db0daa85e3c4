use migrate_core::prelude::*;

migrate_core::migrations!();

struct Users;

impl Users {
    #[migration(rev = "001", down = "DROP TABLE users")]
    fn create(&self) -> &'static str {
        "CREATE TABLE users (id BIGINT)"
    }
}

fn main() {}
