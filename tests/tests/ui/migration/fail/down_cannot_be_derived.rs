use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001")]
fn drops() -> &'static str {
    "CREATE TABLE a (id BIGINT);

     DROP TABLE b;"
}

fn main() {}
