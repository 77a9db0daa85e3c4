use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", afer = "000", kind = "data", lock_timeout = "2", down = 1)]
async fn create_users(_: &mut String) -> Result<()> {
    Ok(())
}

#[migration(rev = "002", after = "001")]
fn create_orders() {}

fn caller() {
    create_orders();
}

fn main() {}
