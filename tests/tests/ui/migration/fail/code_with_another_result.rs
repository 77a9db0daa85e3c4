use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", down = "DROP TABLE users")]
async fn create_users(_: &mut Db) -> u32 {
    1
}

fn main() {}
