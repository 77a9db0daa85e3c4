use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", parse = "no")]
fn create() -> &'static str {
    "CREATE TABLE a (id BIGINT)"
}

fn main() {}
