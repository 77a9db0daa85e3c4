use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", down = "DROP TABLE users")]
fn create_users(_: &mut Db) -> Result<()> {
    Ok(())
}

fn main() {}
