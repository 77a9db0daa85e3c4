use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001")]
fn create() -> &'static str {
    include_str!("included_sql_is_faulty.sql")
}

fn main() {}
