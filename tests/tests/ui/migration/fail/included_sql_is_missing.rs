use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001")]
fn create() -> &'static str {
    include_str!("no_such_file.sql")
}

fn main() {}
