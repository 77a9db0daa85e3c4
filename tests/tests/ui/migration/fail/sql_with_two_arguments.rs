use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", down = "DROP TABLE users")]
fn create_users(_: Dialect, _: Dialect) -> String {
    String::new()
}

fn main() {}
