//! The migration lock is kept, whatever a migration does with its session's locks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use migrate_core::prelude::*;
use migrate_core::{Error, LockError, Migrator, RunError, Settings, Target};

use crate::Database;
use crate::migrations::{data, table};

const fn release(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Mysql => "DO RELEASE_ALL_LOCKS()",
        Dialect::Postgres | Dialect::Sqlite => "SELECT pg_advisory_unlock_all()",
    }
}

/// The result of another run's attempt.
#[derive(Clone)]
struct Look {
    url: String,
    kept_out: Arc<AtomicBool>,
}

/// Tries to start another run during this one.
async fn look(db: &mut Db) -> Result<()> {
    let release = release(db.dialect());
    let look = db.state::<Look>()?.clone();
    let mut settings = Settings::default();
    settings.wait = Duration::ZERO;
    let set = vec![table("1"), data("2", release), table("9")];
    let mut other = Migrator::new(set).settings(settings).connect(&look.url).await?;
    let outcome = other.up(Target::Head).await;
    let held = matches!(outcome, Err(Error::Run(RunError::Lock(LockError::Held { .. }))));
    look.kept_out.store(held, Ordering::Relaxed);
    Ok(())
}

pub async fn a_migration_that_releases_all_locks_lets_no_other_run_in(database: &Database) {
    let kept_out = Arc::new(AtomicBool::new(false));
    let state = Look { url: database.url().to_owned(), kept_out: Arc::clone(&kept_out) };
    let set = vec![table("1"), data("2", release(database.dialect())), data("3", "").up(look)];
    let mut migrator = database.attach(Migrator::new(set).with(state)).await;
    migrator.production(Target::Head).await.expect("production");
    assert!(kept_out.load(Ordering::Relaxed), "another run was let in");
}
