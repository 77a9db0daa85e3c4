//! `resume = rerun`: an unfinished migration is run again from the start, because it is declared safe to repeat.

use migrate_core::prelude::*;
use migrate_core::{Dialect, Migration, Migrator, Resumption, Target};

use crate::history::applied;
use crate::migrations::{done, mixed};
use crate::{Database, failure};

/// Code that checks first and never writes twice; its calls depend on what it finds, and its text on the time.
async fn check_then_act(db: &mut Db) -> Result<()> {
    let (bad, at): (bool, u32) = *db.state()?;
    db.execute("CREATE TABLE IF NOT EXISTS a (id BIGINT PRIMARY KEY, at BIGINT)").await?;
    let known: i64 = db.fetch_value("SELECT count(*) FROM a WHERE id = 1").await?;
    if known == 0 {
        db.execute(&format!("INSERT INTO a VALUES (1, {at})")).await?;
    }
    if bad {
        db.execute("INSERT INTO nowhere VALUES (1)").await?;
    }
    db.execute(&format!("UPDATE a SET at = {at}")).await?;
    Ok(())
}

fn code(resume: Resumption) -> Vec<Migration> {
    vec![mixed("1").transaction(false).resume(resume).up(check_then_act)]
}

pub async fn code_is_run_again_from_the_start(database: &Database) {
    let run = async |resume, state: (bool, u32)| {
        let migrator = Migrator::new(code(resume)).with(state);
        database.attach(migrator).await.up(Target::Head).await
    };
    run(Resumption::Continue, (true, 1)).await.expect_err("there is no such table");
    // It makes different calls than the first time, so it cannot be continued.
    run(Resumption::Continue, (false, 2)).await.expect_err("other calls");
    assert_eq!(done(&run(Resumption::Rerun, (false, 3)).await.expect("up")), ["1"]);
    assert_eq!(database.column::<i64>("SELECT at FROM a").await, [3]);
    assert_eq!(applied(database).await, ["1"]);
}

/// Returns a statement that keeps an engine from running a revision in one transaction, and changes nothing.
fn alone(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "DROP INDEX CONCURRENTLY IF EXISTS nowhere",
        Dialect::Mysql => "DROP TABLE IF EXISTS missing",
        Dialect::Sqlite => "PRAGMA foreign_keys = ON",
    }
}

/// Returns statements that may all be repeated, around one that needs the session of its own run.
fn statements(last: &str, dialect: Dialect) -> Vec<Migration> {
    let fill = |id: &str| {
        format!("INSERT INTO a SELECT {id} FROM made WHERE {id} NOT IN (SELECT id FROM a)")
    };
    let sql = format!(
        "{}; CREATE TABLE IF NOT EXISTS a (id BIGINT PRIMARY KEY); \
         CREATE TEMPORARY TABLE made AS SELECT 1 AS n; {}; {last}; {}",
        alone(dialect),
        fill("n"),
        fill("n + 1"),
    );
    let rerun = mixed("1").transaction(false).resume(Resumption::Rerun);
    vec![rerun.up(sql).down("DROP TABLE IF EXISTS a")]
}

pub async fn statements_are_run_again_from_the_start(database: &Database) {
    let set = |last| statements(last, database.dialect());
    let failed = database.connect(set("DROP TABLE nowhere")).await.up(Target::Head).await;
    assert_eq!(failure::step(failed.expect_err("no such table")).statement, Some(5));
    // Completed statements may be edited: they are run again with their new text.
    let mut migrator = database.connect(set("DROP TABLE IF EXISTS nowhere")).await;
    assert_eq!(done(&migrator.up(Target::Head).await.expect("up")), ["1"]);
    assert_eq!(database.column::<i64>("SELECT id FROM a ORDER BY id").await, [1, 2]);
}

/// A revision that an earlier version started without a journal can be continued, too.
pub async fn no_journal_is_needed(database: &Database) {
    let set = || code(Resumption::Rerun);
    let migrator = Migrator::new(set()).with((true, 1_u32));
    database.attach(migrator).await.up(Target::Head).await.expect_err("no such table");
    database.query("UPDATE _migrate_history SET journal = NULL").await;
    let migrator = Migrator::new(set()).with((false, 2_u32));
    assert_eq!(done(&database.attach(migrator).await.up(Target::Head).await.expect("up")), ["1"]);
    assert_eq!(database.column::<i64>("SELECT at FROM a").await, [2]);
}

/// The same on the way down.
pub async fn undoing_is_run_again_from_the_start(database: &Database) {
    let set = |down: &'static str| {
        let up = "CREATE TABLE a (id BIGINT); CREATE TABLE b (id BIGINT)";
        vec![mixed("1").resume(Resumption::Rerun).transaction(false).up(up).down(down)]
    };
    let first = alone(database.dialect());
    let down = |rest: &str| -> &'static str { format!("{first}; {rest}").leak() };
    let mut migrator = database
        .connect(set(down("DROP TABLE IF EXISTS a; DROP TABLE nowhere; DROP TABLE IF EXISTS b")))
        .await;
    migrator.up(Target::Head).await.expect("up");
    migrator.down(Target::Relative(-1)).await.expect_err("no such table");
    let edited = down("DROP TABLE IF EXISTS b; DROP TABLE IF EXISTS a");
    database.connect(set(edited)).await.down(Target::Relative(-1)).await.expect("down");
    assert!(database.tables().await.is_empty());
}
