use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", kind = data)]
fn fill() -> &'static str {
    "UPDATE users SET name = '';
     ALTER TABLE users ADD COLUMN email TEXT"
}

fn main() {}
