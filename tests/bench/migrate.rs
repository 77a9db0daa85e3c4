//! A user's own binary, as `bench-commands` measures it: `BENCH_MIGRATIONS` says how many migrations it holds.

mod revisions;

use std::env;
use std::error::Error;

use migrate_core::{Migrator, Request, Target};

#[tokio::main]
#[expect(clippy::disallowed_methods, reason = "the benchmark's own setting and the database's URL")]
async fn main() -> Result<(), Box<dyn Error>> {
    let count = env::var("BENCH_MIGRATIONS")?.parse()?;
    let request = match env::args().nth(1).as_deref() {
        Some("down") => Request::Down("base".parse()?),
        _ => Request::Up(Target::Head),
    };
    let mut migrator =
        Migrator::new(revisions::migrations(count)).connect(&env::var("DATABASE_URL")?).await?;
    migrator.run(&request).await?;
    Ok(migrator.close().await?)
}
