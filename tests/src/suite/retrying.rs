//! Steps that are retried, and what the previous attempt may have left.

use std::time::Duration;

use migrate_core::prelude::*;
use migrate_core::{Event, Migration, Migrator, Settings, Target};
use tokio::sync::mpsc::unbounded_channel;

use crate::Database;
use crate::migrations::{data, mixed};

fn base() -> Migration {
    mixed("1").up("CREATE TABLE shadowed (id BIGINT); INSERT INTO shadowed VALUES (1)")
}

/// Leaves session state that would disturb a second attempt, and then waits for a row that another session holds.
const fn retried(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "PREPARE leak AS SELECT 1; UPDATE shadowed SET id = 2",
        Dialect::Mysql => {
            "CREATE TEMPORARY TABLE leak (x int); SET @n = coalesce(@n, 0) + 1; UPDATE shadowed SET id = @n + 1"
        }
        Dialect::Sqlite => "",
    }
}

pub async fn a_second_attempt_finds_nothing_of_the_first(database: &Database) {
    let dialect = database.dialect();
    for code in [false, true] {
        database.query("DROP TABLE IF EXISTS _migrate_history").await;
        database.query("DROP TABLE IF EXISTS shadowed").await;
        database.connect(vec![base()]).await.up(Target::Head).await.expect("up");
        let mut holder = database.open().await;
        holder.query("BEGIN").await.expect("a transaction");
        holder.query("UPDATE shadowed SET id = 1").await.expect("a lock");
        let sql = retried(dialect);
        let migration = data("2", sql);
        let migration = if code {
            migration.up(async move |db: &mut Db| db.execute(sql).await.map(drop))
        } else {
            migration
        };
        let mut settings = Settings::default();
        settings.timeouts.lock = Duration::from_secs(1);
        let (told, mut retrying) = unbounded_channel();
        let observer = move |event: Event<'_>| {
            if let Event::Retrying { .. } = event {
                told.send(()).expect("a listener");
            }
        };
        let migrator = Migrator::new(vec![base(), migration]).settings(settings).observer(observer);
        let mut migrator = database.attach(migrator).await;
        let running = tokio::spawn(async move { migrator.production(Target::Head).await });
        let Some(()) = retrying.recv().await else {
            panic!("code: {code}; no retry: {:?}", running.await);
        };
        holder.query("COMMIT").await.expect("a commit");
        running.await.expect("no panic").expect("production");
        assert_eq!(database.value::<i64>("SELECT id FROM shadowed").await, 2);
    }
}
