//! Work of code that bypasses the statement journal, outside a transaction.

use std::sync::{Arc, Mutex};

use migrate_core::prelude::*;
use migrate_core::{
    Answer, DbErrorCause, Error, IntoBody, Migration, Migrator, Repair, Report, RevisionKey,
    StepCause, StepError, Target, sqlx,
};

use crate::history::{applied, states};
use crate::migrations::{data, done, mixed, table};
use crate::{Database, failure};

/// What the code of a case should do, and what it has seen.
#[derive(Clone, Default)]
struct Notes {
    fails: bool,
    wraps: bool,
    seen: Arc<Mutex<Vec<i64>>>,
}

impl Notes {
    fn failing() -> Self {
        Self { fails: true, ..Self::default() }
    }

    fn seen(&self) -> Vec<i64> {
        self.seen.lock().expect("no panic").clone()
    }
}

/// Returns a revision whose calls are in the journal, on every engine.
fn journaled<Shape>(code: impl IntoBody<Shape>) -> Vec<Migration> {
    vec![table("1"), mixed("2").up(code).transaction(false)]
}

async fn up(database: &Database, set: Vec<Migration>, notes: &Notes) -> Result<Report, Error> {
    database.attach(Migrator::new(set).with(notes.clone())).await.up(Target::Head).await
}

async fn fail(database: &Database, set: Vec<Migration>, notes: &Notes) -> StepError {
    failure::step(up(database, set, notes).await.expect_err("code that fails"))
}

async fn ids(database: &Database) -> Vec<i64> {
    database.column("SELECT id FROM t1 ORDER BY id").await
}

async fn insert(db: &mut Db, id: i64) -> Result<()> {
    match db.dialect() {
        Dialect::Sqlite => {
            sqlx::query("INSERT INTO t1 VALUES (?)").bind(id).execute(db.sqlite()?).await?;
        }
        Dialect::Postgres => {
            sqlx::query("INSERT INTO t1 VALUES ($1)").bind(id).execute(db.postgres()?).await?;
        }
        Dialect::Mysql => {
            sqlx::query("INSERT INTO t1 VALUES (?)").bind(id).execute(db.mysql()?).await?;
        }
    }
    Ok(())
}

fn stop_here(db: &mut Db) -> Result<()> {
    if db.state::<Notes>()?.fails { Err("no further".into()) } else { Ok(()) }
}

fn call(failed: &StepError) -> &DbErrorCause {
    match &failed.cause {
        StepCause::Call(call) => &call.cause,
        other => panic!("expected a call that failed, not {other:?}"),
    }
}

fn hints(failed: StepError) -> String {
    Error::from(migrate_core::RunError::from(failed)).hints().join("\n")
}

async fn typed(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO t1 VALUES (1)").await?;
    if db.state::<Notes>()?.wraps {
        db.untracked("binds a value", async |db| insert(db, 2).await).await?;
    } else {
        insert(db, 2).await?;
    }
    db.execute("INSERT INTO t1 VALUES (3)").await?;
    Ok(())
}

pub async fn the_typed_connection_is_refused_unless_it_is_wrapped(database: &Database) {
    let failed = fail(database, journaled(typed), &Notes::default()).await;
    assert!(matches!(call(&failed), DbErrorCause::NotTracked), "{failed:?}");
    let hints = hints(failed);
    for way in ["db.untracked", "db.execute", "resume = rerun"] {
        assert!(hints.contains(way), "{hints}");
    }
    assert_eq!(ids(database).await, [1]);
    let notes = Notes { wraps: true, ..Notes::default() };
    assert_eq!(done(&up(database, journaled(typed), &notes).await.expect("up")), ["2"]);
    assert_eq!(ids(database).await, [1, 2, 3]);
}

async fn swallow(db: &mut Db) -> Result<()> {
    if insert(db, 1).await.is_err() {
        db.execute("INSERT INTO t1 VALUES (2)").await?;
    }
    Ok(())
}

pub async fn a_refusal_that_code_ignores_is_none_the_less_a_failure(database: &Database) {
    let failed = fail(database, journaled(swallow), &Notes::default()).await;
    assert!(matches!(call(&failed), DbErrorCause::NotTracked), "{failed:?}");
    assert_eq!(applied(database).await, ["1"]);
}

pub async fn in_a_transaction_nothing_needs_to_be_wrapped(database: &Database) {
    let set = || vec![table("1"), data("2", "").up(typed_and_wrapped)];
    let mut migrator = database.attach(Migrator::new(set()).with(Notes::failing())).await;
    migrator.production(Target::Head).await.expect_err("no further");
    assert!(ids(database).await.is_empty());
    let mut migrator = database.attach(Migrator::new(set()).with(Notes::default())).await;
    migrator.production(Target::Head).await.expect("production");
    assert_eq!(ids(database).await, [1, 2]);
}

async fn typed_and_wrapped(db: &mut Db) -> Result<()> {
    insert(db, 1).await?;
    db.untracked("binds a value", async |db| insert(db, 2).await).await?;
    stop_here(db)
}

async fn wrapped(db: &mut Db) -> Result<()> {
    let (first, second) = (7, String::from("8"));
    db.untracked("binds values", async |db| {
        insert(db, first).await?;
        db.execute(&format!("INSERT INTO t1 VALUES ({second})")).await?;
        Ok(())
    })
    .await?;
    stop_here(db)
}

pub async fn an_untracked_call_that_has_ended_is_not_repeated(database: &Database) {
    fail(database, journaled(wrapped), &Notes::failing()).await;
    assert_eq!(ids(database).await, [7, 8]);
    assert_eq!(
        done(&up(database, journaled(wrapped), &Notes::default()).await.expect("up")),
        ["2"]
    );
    assert_eq!(ids(database).await, [7, 8]);
}

async fn half_wrapped(db: &mut Db) -> Result<()> {
    db.untracked("binds a value", async |db| {
        insert(db, 7).await?;
        stop_here(db)
    })
    .await?;
    db.execute("INSERT INTO t1 VALUES (9)").await?;
    Ok(())
}

async fn say(database: &Database, answer: Answer) {
    let mut migrator = database.connect(journaled(half_wrapped)).await;
    let repair = Repair::new(RevisionKey::new("runtime", "2"), answer, "it was looked at");
    migrator.repair(repair).await.expect("repaired");
}

/// Neither the journal nor the catalog shows whether its work stays.
pub async fn an_untracked_call_that_did_not_end_is_unknown_until_a_human_says(database: &Database) {
    for (answer, left) in [(Answer::Done, vec![7, 9]), (Answer::NotDone, vec![7, 9])] {
        let failed = fail(database, journaled(half_wrapped), &Notes::failing()).await;
        assert_eq!(failed.outcome_unknown, Some(1));
        let state = failed.state();
        assert!(state.contains("the first call of `runtime@2` may or may not"), "{state}");
        let words = hints(failed);
        assert!(words.contains("--done") && words.contains("--not-done"), "{words}");
        let again = fail(database, journaled(half_wrapped), &Notes::default()).await;
        assert!(matches!(call(&again), DbErrorCause::Undecided { statement: 1, .. }), "{again:?}");
        assert_eq!(ids(database).await, [7]);
        if answer == Answer::NotDone {
            database.query("DELETE FROM t1").await;
        }
        say(database, answer).await;
        up(database, journaled(half_wrapped), &Notes::default()).await.expect("up");
        assert_eq!(ids(database).await, left, "{answer:?}");
        let mut migrator = database.connect(journaled(half_wrapped)).await;
        migrator.stamp("1".parse().expect("a target")).await.expect("stamp");
        database.query("DELETE FROM t1").await;
    }
}

async fn forever(db: &mut Db) -> Result<()> {
    let gate = db.state::<crate::Gate>()?.clone();
    db.untracked("waits", async |db| {
        insert(db, 1).await?;
        gate.pass().await;
        Ok(())
    })
    .await?;
    Ok(())
}

/// A run records a call before it starts it, so the record exists after the run is dropped.
pub async fn a_run_given_up_within_an_untracked_call_leaves_it_unknown(database: &Database) {
    let gate = crate::Gate::default();
    let migrator = Migrator::new(journaled(forever)).with(gate.clone());
    let mut migrator = database.attach(migrator).await;
    let running = tokio::spawn(async move { migrator.up(Target::Head).await });
    gate.reached().await;
    running.abort();
    running.await.expect_err("it was aborted");
    let migrator = Migrator::new(journaled(forever)).with(gate.clone());
    let again = database.attach(migrator).await.up(Target::Head).await.expect_err("unknown");
    let again = failure::step(again);
    assert!(matches!(call(&again), DbErrorCause::Undecided { statement: 1, .. }), "{again:?}");
    assert_eq!(ids(database).await, [1]);
}

async fn answering(db: &mut Db) -> Result<()> {
    let id: i64 = db.fetch_value("INSERT INTO t1 VALUES (41) RETURNING id + 1").await?;
    let gone = db.fetch_all("DELETE FROM t1 WHERE id > 100 RETURNING id").await?;
    assert!(gone.is_empty());
    db.execute(&format!("INSERT INTO t1 VALUES ({id})")).await?;
    stop_here(db)
}

pub async fn what_changes_rows_and_answers_is_done_once_and_answers_the_same(database: &Database) {
    fail(database, journaled(answering), &Notes::failing()).await;
    assert_eq!(ids(database).await, [41, 42]);
    up(database, journaled(answering), &Notes::default()).await.expect("up");
    assert_eq!(ids(database).await, [41, 42]);
    assert_eq!(applied(database).await, ["1", "2"]);
}

async fn counting(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO t1 SELECT count(*) FROM t1").await?;
    let rows: i64 = db.fetch_value("SELECT count(*) FROM t1").await?;
    db.state::<Notes>()?.seen.lock().expect("no panic").push(rows);
    stop_here(db)
}

pub async fn what_only_reads_is_read_again(database: &Database) {
    let notes = Notes::failing();
    fail(database, journaled(counting), &notes).await;
    database.query("INSERT INTO t1 VALUES (100)").await;
    let again = Notes { fails: false, ..notes.clone() };
    up(database, journaled(counting), &again).await.expect("up");
    assert_eq!(notes.seen(), [1, 2]);
}

/// Returns statements that seem to only read, and the functions that make them write.
fn hidden(dialect: Dialect) -> (&'static [&'static str], &'static [&'static str]) {
    match dialect {
        Dialect::Postgres => (
            &[
                "CREATE SEQUENCE s START 100",
                "CREATE FUNCTION f(a bigint) RETURNS bigint LANGUAGE plpgsql AS \
                 'BEGIN INSERT INTO t1 VALUES (a); RETURN a; END'",
            ],
            &[
                "SELECT nextval('s')",
                "SELECT f(1)",
                "SELECT * FROM f(2)",
                "WITH a AS (INSERT INTO t1 VALUES (3) RETURNING id) SELECT id FROM a",
                "EXPLAIN ANALYZE INSERT INTO t1 VALUES (4)",
                "SELECT 5 AS id INTO made",
            ],
        ),
        Dialect::Mysql => (
            &[
                "CREATE SEQUENCE s START WITH 100",
                "CREATE FUNCTION f(a BIGINT) RETURNS BIGINT MODIFIES SQL DATA BEGIN INSERT INTO t1 VALUES (a); RETURN a; END",
                "CREATE PROCEDURE p() BEGIN INSERT INTO t1 VALUES (2); SELECT 1; END",
            ],
            &["SELECT nextval(s)", "SELECT NEXT VALUE FOR s", "SELECT f(1)", "CALL p()", "DO f(3)"],
        ),
        Dialect::Sqlite => {
            (&[], &["REPLACE INTO t1 VALUES (1) RETURNING id", "PRAGMA user_version = 7"])
        }
    }
}

async fn hiding(db: &mut Db) -> Result<()> {
    for sql in hidden(db.dialect()).1 {
        db.fetch_all(sql).await?;
    }
    stop_here(db)
}

pub async fn a_query_that_writes_is_not_sent_twice(database: &Database) {
    let (given, _) = hidden(database.dialect());
    up(database, vec![table("1")], &Notes::default()).await.expect("up");
    for sql in given {
        database.query(sql).await;
    }
    fail(database, journaled(hiding), &Notes::failing()).await;
    let before = ids(database).await;
    up(database, journaled(hiding), &Notes::default()).await.expect("up");
    assert_eq!(ids(database).await, before);
    let next = match database.dialect() {
        Dialect::Postgres => Some(("SELECT nextval('s')", 101)),
        Dialect::Mysql => Some(("SELECT nextval(s)", 102)),
        Dialect::Sqlite => None,
    };
    if let Some((query, value)) = next {
        assert_eq!(database.value::<i64>(query).await, value);
    }
    assert_eq!(states(database).await.len(), 2);
}

async fn failing_first(db: &mut Db) -> Result<()> {
    db.untracked("does nothing", async |_| Err("not even this".into())).await?;
    Ok(())
}

pub async fn an_untracked_calls_own_error_is_told_with_its_reason(database: &Database) {
    let failed = fail(database, journaled(failing_first), &Notes::default()).await;
    let words = std::error::Error::source(&failed).expect("a cause").to_string();
    assert!(words.contains("does nothing") && words.contains("not even this"), "{words}");
}
