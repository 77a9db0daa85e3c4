use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", down = "DROP TABLE a")]
fn create() -> &'static str {
    "BEGIN;
     CREATE TABLE a (id BIGINT);
     COMMIT"
}

fn main() {}
