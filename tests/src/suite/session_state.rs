//! Session state of statements when a run is resumed in another session: it is restored exactly, or refused with a message, and
//! no completed statement runs twice.

use std::sync::Arc;
use std::time::Duration;

use migrate_core::prelude::*;
use migrate_core::{
    Aftermath, DbErrorCause, Dialect, Error, Event, Migration, Migrator, PlanError, Report,
    Settings, StepCause, Target,
};
use tokio::sync::Notify;

use crate::history::applied;
use crate::migrations::{done, mixed};
use crate::{Database, failure};

/// Returns a statement that an engine cannot run in a transaction.
fn alone(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "DROP INDEX CONCURRENTLY IF EXISTS missing",
        Dialect::Mysql => "DROP TABLE IF EXISTS missing",
        Dialect::Sqlite => "VACUUM",
    }
}

/// Returns a revision outside a transaction: the table `a`, `first`, a statement that fails or not, and `last`.
fn set(dialect: Dialect, (first, last): (&str, &str), fails: bool) -> Vec<Migration> {
    let broken =
        if fails { "INSERT INTO nowhere VALUES (1)" } else { "DELETE FROM a WHERE id < 0" };
    let sql = [alone(dialect), "CREATE TABLE a (id BIGINT, v VARCHAR(200))", first, broken, last];
    vec![mixed("1").transaction(false).up(sql.join(";\n")).irreversible()]
}

async fn up(database: &Database, set: Vec<Migration>) -> Result<Report, Error> {
    database.connect(set).await.up(Target::Head).await
}

/// Interrupts a run and resumes it; returns the values of `a` in the order of their ids.
async fn interrupted(database: &Database, first: &str, last: &str) -> Vec<String> {
    let dialect = database.dialect();
    let failed = up(database, set(dialect, (first, last), true)).await.expect_err("nowhere");
    assert!(matches!(failure::step(failed).aftermath, Aftermath::Half { .. }));
    let report = up(database, set(dialect, (first, last), false)).await.expect("up");
    assert_eq!(done(&report), ["1"]);
    database.column("SELECT v FROM a ORDER BY id, v").await
}

/// Returns a statement that does more than set a value, and one that shows the value.
fn both(dialect: Dialect) -> (&'static str, &'static str) {
    match dialect {
        Dialect::Postgres => (
            "DO $$ BEGIN INSERT INTO a VALUES (1, 'block'); PERFORM set_config('a.b', 'of a block', false); END $$;\n\
             INSERT INTO a SELECT 1, set_config('a.c', 'of a row', false)",
            "INSERT INTO a VALUES (2, current_setting('a.b')), (3, current_setting('a.c'))",
        ),
        Dialect::Mysql => (
            "BEGIN NOT ATOMIC DECLARE v INT; SET v = 1; INSERT INTO a VALUES (v, 'block'); \
             SET @b = 'of a block'; SET lc_time_names = 'de_DE'; END",
            "INSERT INTO a VALUES (2, @b), (3, @@lc_time_names)",
        ),
        Dialect::Sqlite => (
            "INSERT INTO a VALUES (1, 'row'); PRAGMA recursive_triggers = ON",
            "INSERT INTO a SELECT 2, recursive_triggers FROM pragma_recursive_triggers",
        ),
    }
}

pub async fn what_does_more_than_set_something_is_not_run_again(database: &Database) {
    let (first, last) = both(database.dialect());
    let rows = interrupted(database, first, last).await;
    let expected: &[&str] = match database.dialect() {
        Dialect::Postgres => &["block", "of a row", "of a block", "of a row"],
        Dialect::Mysql => &["block", "of a block", "de_DE"],
        Dialect::Sqlite => &["row", "1"],
    };
    assert_eq!(rows, expected);
}

/// Also within one uninterrupted run: the next statement waits for a busy table.
pub async fn a_retry_repeats_nothing_that_is_done(database: &Database) {
    database.query("CREATE TABLE busy (id BIGINT PRIMARY KEY)").await;
    database.query("INSERT INTO busy VALUES (1)").await;
    let mut holder = database.open().await;
    holder.query("BEGIN").await.expect("a transaction");
    holder.query("UPDATE busy SET id = 1").await.expect("a lock");
    let (first, last) = both(database.dialect());
    let last = format!("UPDATE busy SET id = 2; {last}");
    let retrying = Arc::new(Notify::new());
    let bell = Arc::clone(&retrying);
    let mut settings = Settings::default();
    settings.wait = Duration::from_mins(1);
    let observer = move |event: Event<'_>| {
        if let Event::Retrying { .. } = event {
            bell.notify_one();
        }
    };
    let set = set(database.dialect(), (first, &last), false);
    let set = set.into_iter().map(|one| one.lock_timeout(Duration::from_secs(1)));
    let migrator = Migrator::new(set.collect::<Vec<_>>());
    let mut migrator = database.attach(migrator.observer(observer).settings(settings)).await;
    let running = tokio::spawn(async move { migrator.up(Target::Head).await });
    retrying.notified().await;
    retrying.notified().await;
    holder.query("COMMIT").await.expect("a commit");
    running.await.expect("no panic").expect("up");
    let twice = "SELECT count(*) FROM a WHERE v IN ('block', 'row')";
    assert_eq!(database.value::<i64>(twice).await, 1);
    assert_eq!(applied(database).await, ["1"]);
}

/// Returns statements whose state no other session can be given, and the words of the refusal.
fn fragile(dialect: Dialect) -> Vec<(&'static str, &'static str, &'static str)> {
    let mut all = vec![(
        "CREATE TEMPORARY TABLE made AS SELECT 1 AS id",
        "INSERT INTO a SELECT id, 'x' FROM made",
        "the temporary `made`",
    )];
    match dialect {
        Dialect::Postgres => all.push((
            "PREPARE p AS INSERT INTO a VALUES (1, 'x')",
            "EXECUTE p",
            "the prepared statement `p`",
        )),
        Dialect::Mysql => all.extend([
            ("SET @v = (SELECT 1)", "DELETE FROM a WHERE id = @v", "the variable `@v`"),
            ("SELECT 1 INTO @v", "DELETE FROM a WHERE id = @v", "the variable `@v`"),
            ("PREPARE p FROM 'DROP TABLE a'", "EXECUTE p", "the prepared statement `p`"),
            (
                "INSERT INTO a VALUES (1, 'x')",
                "INSERT INTO a VALUES (last_insert_id(), 'y')",
                "the key that was generated last",
            ),
        ]),
        Dialect::Sqlite => all.push((
            "INSERT INTO a VALUES (1, 'x')",
            "INSERT INTO a VALUES (last_insert_rowid(), 'y')",
            "the key that was generated last",
        )),
    }
    all
}

pub async fn what_needs_state_that_is_lost_is_refused_before_it_starts(database: &Database) {
    for (first, last, state) in fragile(database.dialect()) {
        let refused = up(database, set(database.dialect(), (first, last), false)).await;
        let refused = failure::plan(refused.expect_err(first));
        let PlanError::Fragile { lost, .. } = &refused else { panic!("{refused:?}") };
        assert_eq!(lost.state.to_string(), state, "{first}");
        let hint = refused.hint().expect("the ways out");
        assert!(hint.contains("resume = rerun") && hint.contains("code"), "{hint}");
    }
    assert!(database.tables().await.is_empty());
    // A transaction cannot be interrupted part-way, and state that nothing needs is no loss.
    let (first, _, _) = fragile(database.dialect())[0];
    let unneeded = up(database, set(database.dialect(), (first, "DELETE FROM a"), false)).await;
    unneeded.expect("up");
}

/// The value is what the server returned in the session of the first run, as in a `mariadb-dump`.
pub async fn a_variable_set_from_a_setting_has_its_very_value_again(database: &Database) {
    let first = "/*!40101 SET NAMES utf8mb4 */;
        /*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
        /*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
        /*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE, TIME_ZONE='+00:00' */;
        SET @session = @@pseudo_thread_id;
        INSERT INTO a VALUES (1, concat_ws('|', @session, @OLD_SQL_MODE, @OLD_FOREIGN_KEY_CHECKS, @OLD_TIME_ZONE))";
    let last = "INSERT INTO a VALUES (2, concat_ws('|', @@sql_mode, @@foreign_key_checks + 0, @@time_zone));
        /*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
        /*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
        /*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;
        INSERT INTO a VALUES (3, concat_ws('|', @session, @@sql_mode, @@foreign_key_checks + 0, @@time_zone))";
    let rows = interrupted(database, first, last).await;
    assert_eq!(rows[0], rows[2]);
    assert_eq!(rows[1], "NO_AUTO_VALUE_ON_ZERO|0|+00:00");
    // The kept values are removed when the revision is done.
    let kept: Option<String> = database.value("SELECT session FROM _migrate_history").await;
    assert_eq!(kept, None);
}

/// An earlier version has kept no values: those that can be read again are read again.
pub async fn a_dump_that_an_earlier_version_left_unfinished_is_resumed(database: &Database) {
    let first = "SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO'; \
                 INSERT INTO a VALUES (1, @OLD_SQL_MODE)";
    let last = "SET SQL_MODE=@OLD_SQL_MODE; INSERT INTO a VALUES (2, @@sql_mode)";
    let dialect = database.dialect();
    up(database, set(dialect, (first, last), true)).await.expect_err("nowhere");
    database.query("ALTER TABLE _migrate_history DROP COLUMN session").await;
    up(database, set(dialect, (first, last), false)).await.expect("up");
    let modes = database.column::<String>("SELECT v FROM a ORDER BY id").await;
    assert!(modes.len() == 2 && modes[0] == modes[1], "{modes:?}");
}

/// A revision that an earlier version started is refused with a message if its session is needed.
pub async fn what_was_begun_and_needs_its_session_is_refused_in_words(database: &Database) {
    let dialect = database.dialect();
    let (first, last, _) = fragile(dialect)[0];
    let harmless = ("SELECT 1", "SELECT 2");
    up(database, set(dialect, harmless, true)).await.expect_err("nowhere");
    // As if its text was different then: the first three statements are done.
    let began = |sql: &str| migrate_core::__private::statement_hash(sql, dialect);
    let (was, is) = (began(harmless.0), began(first));
    let sql = format!("UPDATE _migrate_history SET journal = replace(journal, '{was}', '{is}')");
    database.query(&sql).await;
    let refused = up(database, set(dialect, (first, last), false)).await.expect_err("its session");
    let PlanError::SessionLost { lost, .. } = failure::plan(refused) else { panic!("another") };
    assert_eq!((lost.set_by, lost.needed_by), (3, 5));
}

/// A procedure that commits, and fails after that.
pub async fn a_call_is_accounted_for(database: &Database) {
    database.query("CREATE TABLE a (id BIGINT PRIMARY KEY)").await;
    database
        .query("CREATE PROCEDURE p() BEGIN INSERT INTO a VALUES (1); COMMIT; INSERT INTO a VALUES (1); END")
        .await;
    let set =
        || vec![mixed("1").up("INSERT INTO a VALUES (7); CALL p(); INSERT INTO a VALUES (8)")];
    let failed = failure::step(up(database, set()).await.expect_err("twice"));
    assert_eq!((failed.statement, failed.aftermath), (Some(2), Aftermath::Half { done: 1 }));
    let state = failed.state();
    assert!(state.contains("statement 2 may have been applied"), "{state}");
    assert!(failed.hint().contains("migrate repair 1 --done"), "{}", failed.hint());
    // Only a human can tell, and there is a command to record it.
    up(database, set()).await.expect_err("unknown");
    let mut migrator = database.connect(set()).await;
    let key = migrate_core::RevisionKey::new("runtime", "1");
    let done = migrate_core::Repair::new(key, migrate_core::Answer::Done, "row 1 is there");
    migrator.repair(done).await.expect("repaired");
    migrator.up(Target::Head).await.expect("up");
    assert_eq!(database.column::<i64>("SELECT id FROM a ORDER BY id").await, [1, 7, 8]);
}

/// `EXECUTE IMMEDIATE` may hide DDL, which commits.
pub async fn what_may_hide_ddl_is_accounted_for(database: &Database) {
    let sql = |last: &str| {
        format!(
            "EXECUTE IMMEDIATE concat('CREATE TABLE ', 'a (id BIGINT)'); INSERT INTO a VALUES (1); {last}"
        )
    };
    let set = |last: &str| vec![mixed("1").up(sql(last))];
    let failed =
        failure::step(up(database, set("INSERT INTO b VALUES (1)")).await.expect_err("no b"));
    assert_eq!(failed.aftermath, Aftermath::Half { done: 2 });
    up(database, set("INSERT INTO a VALUES (2)")).await.expect("up");
    assert_eq!(database.column::<i64>("SELECT id FROM a ORDER BY id").await, [1, 2]);
}

/// Text that is known to change only rows is still one transaction.
pub async fn a_prepared_statement_that_only_changes_rows_is_rolled_back(database: &Database) {
    database.query("CREATE TABLE a (id INT)").await;
    let sql = "PREPARE s FROM 'INSERT INTO a VALUES (?)'; SET @n = 5; EXECUTE s USING @n; \
               DEALLOCATE PREPARE s; INSERT INTO nowhere VALUES (1)";
    let set = |sql: &'static str| vec![mixed("1").up(sql)];
    let failed = failure::step(up(database, set(sql)).await.expect_err("nowhere"));
    assert_eq!(failed.aftermath, Aftermath::RolledBack);
    assert_eq!(database.value::<i64>("SELECT count(*) FROM a").await, 0);
}

/// Sets something, fails if it is told to, and shows what was set.
async fn code(db: &mut Db) -> Result<()> {
    let fails: bool = *db.state()?;
    let (set, show) = match db.dialect() {
        Dialect::Postgres => ("SET a.b = 'set'", "current_setting('a.b')"),
        Dialect::Mysql => ("SET @b = 'set'", "@b"),
        Dialect::Sqlite => {
            ("PRAGMA recursive_triggers = ON", "(SELECT * FROM pragma_recursive_triggers)")
        }
    };
    db.execute("CREATE TABLE a (id BIGINT, v VARCHAR(200))").await?;
    db.execute(set).await?;
    if fails {
        db.execute("INSERT INTO nowhere VALUES (1)").await?;
    }
    db.execute(&format!("INSERT INTO a VALUES (1, {show})")).await?;
    Ok(())
}

pub async fn code_that_is_resumed_has_its_settings_again(database: &Database) {
    let set = || vec![mixed("1").transaction(false).up(code)];
    let run = async |fails: bool| {
        database.attach(Migrator::new(set()).with(fails)).await.up(Target::Head).await
    };
    run(true).await.expect_err("nowhere");
    run(false).await.expect("up");
    let expected = if database.dialect() == Dialect::Sqlite { "1" } else { "set" };
    assert_eq!(database.column::<String>("SELECT v FROM a").await, [expected]);
}

async fn code_with_a_temporary_table(db: &mut Db) -> Result<()> {
    let fails: bool = *db.state()?;
    db.execute("CREATE TABLE a (id BIGINT)").await?;
    db.execute("CREATE TEMPORARY TABLE made AS SELECT 1 AS id").await?;
    if fails {
        db.execute("INSERT INTO nowhere VALUES (1)").await?;
    }
    db.execute("INSERT INTO a SELECT id FROM made").await?;
    Ok(())
}

pub async fn code_that_needs_its_first_session_is_refused_in_words(database: &Database) {
    let set = || vec![mixed("1").transaction(false).up(code_with_a_temporary_table)];
    let run = async |fails: bool| {
        database.attach(Migrator::new(set()).with(fails)).await.up(Target::Head).await
    };
    run(true).await.expect_err("nowhere");
    let refused = failure::step(run(false).await.expect_err("its session is gone"));
    let StepCause::Call(call) = &refused.cause else { panic!("{refused:?}") };
    let DbErrorCause::SessionLost { lost } = &call.cause else { panic!("{call:?}") };
    assert_eq!(lost.state.to_string(), "the temporary `made`");
    assert_eq!(database.value::<i64>("SELECT count(*) FROM a").await, 0);
}
