//! The shop: refuses to start if the schema is behind, and never migrates itself.

use std::error::Error;

use migrate_core::{Migrator, Missing};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1).ok_or("usage: shop DATABASE_URL")?;
    let migrator = Migrator::new(shop_migrations::Migrations).missing(Missing::Fail);
    migrator.connect(&url).await?.ensure_current().await?;
    Ok(())
}
