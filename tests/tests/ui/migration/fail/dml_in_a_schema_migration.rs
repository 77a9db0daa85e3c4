use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", down = "ALTER TABLE users DROP COLUMN email; DELETE FROM emails")]
fn add_email() -> &'static str {
    "ALTER TABLE users ADD COLUMN email TEXT;
     UPDATE users SET email = ''"
}

fn main() {}
