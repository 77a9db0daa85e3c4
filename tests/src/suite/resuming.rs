//! Resuming unfinished revisions, on engines and in modes where nothing can be rolled back.

use std::sync::{Arc, Mutex};

use migrate_core::prelude::*;
use migrate_core::{
    DbErrorCause, Event, LockError, LockMode, Migration, Migrator, PlanError, Report, Settings,
    State, StepCause, Target,
};

use crate::history::{applied, lasting};
use crate::migrations::{done, mixed, table};
use crate::schema::schema_of;
use crate::{Database, failure};

/// Returns a revision of four statements, the third of which is `third`.
fn four(third: &str) -> Vec<Migration> {
    let sql = format!(
        "CREATE TABLE a (id BIGINT PRIMARY KEY); CREATE TABLE b (id BIGINT PRIMARY KEY); {third}; \
         CREATE INDEX a_c ON a (c)"
    );
    let down = "DROP TABLE a; DROP TABLE b";
    vec![table("1"), Migration::new("2").up(sql).down(down), table("3")]
}

const GOOD: &str = "ALTER TABLE a ADD COLUMN c BIGINT";

/// Runs `up`, and returns what was resumed: revision, statement and number of statements.
async fn resume(
    database: &Database,
    set: Vec<Migration>,
) -> (Result<Report, migrate_core::Error>, Vec<(String, usize, Option<usize>)>) {
    let told = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&told);
    let observer = move |event: Event<'_>| {
        if let Event::Resuming { key, statement, total } = event {
            notes.lock().expect("no panic").push((key.id.to_string(), statement, total));
        }
    };
    let mut migrator = database.attach(Migrator::new(set).observer(observer)).await;
    let outcome = migrator.up(Target::Head).await;
    let told = told.lock().expect("no panic").clone();
    (outcome, told)
}

/// Asserts that schema and history are like after an undisturbed run of `set`.
async fn assert_like_a_clean_run(database: &Database, set: Vec<Migration>) {
    let clean = Database::fresh(database.dialect()).await;
    clean.connect(set).await.up(Target::Head).await.expect("a clean run");
    assert_eq!(schema_of(database).await, schema_of(&clean).await);
    assert_eq!(lasting(database).await, lasting(&clean).await);
    clean.drop().await;
}

/// Changes the row of revision 2 as if a run had died with statement `n + 1` in flight.
async fn as_if_killed(database: &Database, done: usize) {
    let journal: String =
        database.value("SELECT journal FROM _migrate_history WHERE revision = '2'").await;
    let journal = journal.replace('!', "");
    let sql = format!(
        "UPDATE _migrate_history SET state = 'started', statements_done = {done}, journal = '{journal}' \
         WHERE revision = '2'"
    );
    database.query(&sql).await;
}

pub async fn goes_on_with_the_statement_that_failed(database: &Database) {
    let (failed, _) = resume(database, four("ALTER TABLE b ADD COLUMN id BIGINT")).await;
    assert_eq!(failure::step(failed.expect_err("b has an id")).statement, Some(3));
    let (went, told) = resume(database, four(GOOD)).await;
    assert_eq!(done(&went.expect("up")), ["2", "3"]);
    assert_eq!(told, [("2".to_owned(), 3, Some(4))]);
    assert_like_a_clean_run(database, four(GOOD)).await;
}

pub async fn a_statement_in_flight_that_took_effect_is_not_run_again(database: &Database) {
    let (failed, _) = resume(database, four("ALTER TABLE b ADD COLUMN id BIGINT")).await;
    failed.expect_err("b has an id");
    // As if the run was killed within statement 3, which the server finished nevertheless.
    let (went, _) = resume(database, four(GOOD)).await;
    went.expect("up");
    let mut migrator = database.connect(four(GOOD)).await;
    migrator.down("1".parse().expect("a target")).await.expect("down");
    let broken = four(&format!("{GOOD}; ALTER TABLE b ADD COLUMN id BIGINT"));
    let (failed, _) = resume(database, broken.clone()).await;
    assert_eq!(failure::step(failed.expect_err("b has an id")).statement, Some(4));
    let journal: String =
        database.value("SELECT journal FROM _migrate_history WHERE revision = '2'").await;
    let three: Vec<&str> = journal.split(' ').take(3).collect();
    let sql = format!(
        "UPDATE _migrate_history SET state = 'started', statements_done = 2, journal = '{}' WHERE revision = '2'",
        three.join(" ")
    );
    database.query(&sql).await;
    let (went, told) = resume(database, four(GOOD)).await;
    assert_eq!(done(&went.expect("up")), ["2", "3"]);
    assert_eq!(told, [("2".to_owned(), 4, Some(4))]);
    assert_like_a_clean_run(database, four(GOOD)).await;
}

pub async fn a_statement_in_flight_that_did_not_take_effect_is_run(database: &Database) {
    let (failed, _) = resume(database, four("ALTER TABLE b ADD COLUMN id BIGINT")).await;
    failed.expect_err("b has an id");
    as_if_killed(database, 2).await;
    let marked: String =
        database.value("SELECT journal FROM _migrate_history WHERE revision = '2'").await;
    // A mark of an earlier version does not record that the column existed before.
    let unnoted = "UPDATE _migrate_history SET journal = regexp_replace(journal, '~[^ ]*', '') WHERE revision = '2'";
    database.query(unnoted).await;
    // The statement in flight must not be edited while it is not known to have failed, unless it had no effect.
    let (went, told) = resume(database, four(GOOD)).await;
    let error = went.expect_err("b has an id, so it looks as if the statement took effect");
    let PlanError::Diverged { statement: 3, then: Some(then), .. } = failure::plan(error) else {
        panic!("another error")
    };
    assert_eq!(then, "ALTER TABLE b ADD COLUMN id BIGINT");
    assert!(told.is_empty());
    let noted = format!("UPDATE _migrate_history SET journal = '{marked}' WHERE revision = '2'");
    database.query(&noted).await;
    let (went, told) = resume(database, four(GOOD)).await;
    assert_eq!(done(&went.expect("up")), ["2", "3"]);
    assert_eq!(told, [("2".to_owned(), 3, Some(4))]);
}

pub async fn what_is_done_may_not_be_edited(database: &Database) {
    let (failed, _) = resume(database, four("ALTER TABLE b ADD COLUMN id BIGINT")).await;
    failed.expect_err("b has an id");
    let edited = vec![
        table("1"),
        Migration::new("2").up("CREATE TABLE a (id INT); CREATE TABLE b (id BIGINT); SELECT 1"),
    ];
    let (went, _) = resume(database, edited).await;
    let refused = failure::plan(went.expect_err("edited"));
    let PlanError::Diverged { statement: 1, then: Some(then), now: Some(now), .. } = &refused
    else {
        panic!("{refused:?}")
    };
    assert_eq!(then, "CREATE TABLE a (id BIGINT PRIMARY KEY)");
    assert_eq!(now, "CREATE TABLE a (id INT)");
    // White space and comments may change.
    let spaced = four(&format!("/* at last */  {GOOD}"));
    resume(database, spaced).await.0.expect("up");
}

pub async fn undoing_goes_on_where_it_failed(database: &Database) {
    let set = |second: &'static str| {
        vec![
            table("1"),
            Migration::new("2")
                .up("CREATE TABLE a (id BIGINT); CREATE TABLE b (id BIGINT)")
                .down(second),
        ]
    };
    let mut migrator = database.connect(set("DROP TABLE a; DROP TABLE nowhere")).await;
    migrator.up(Target::Head).await.expect("up");
    let failed = migrator.down(Target::Relative(-1)).await.expect_err("no such table");
    assert_eq!(failure::step(failed).statement, Some(2));
    let refused = failure::plan(migrator.up(Target::Head).await.expect_err("half undone"));
    let PlanError::Unfinished { state: State::Reverting, done: 1, .. } = refused else {
        panic!("{refused:?}")
    };
    let mut corrected = database.connect(set("DROP TABLE a; DROP TABLE b")).await;
    let report = corrected.down(Target::Relative(-1)).await.expect("down");
    assert_eq!(done(&report), ["2"]);
    assert_eq!(applied(database).await, ["1"]);
    corrected.up(Target::Head).await.expect("up");
}

async fn code(db: &mut Db) -> Result<()> {
    let bad: bool = *db.state()?;
    db.execute("CREATE TABLE a (id BIGINT)").await?;
    let rows = db.execute("INSERT INTO a VALUES (1), (2)").await?;
    assert_eq!(rows, 2);
    let again = if bad { "CREATE TABLE t1 (id BIGINT)" } else { "CREATE TABLE b (id BIGINT)" };
    db.execute(again).await?;
    db.execute("INSERT INTO a VALUES (3)").await?;
    Ok(())
}

async fn other_order(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO a VALUES (1), (2)").await?;
    Ok(())
}

pub async fn code_goes_on_behind_its_last_statement(database: &Database) {
    let set = |body: fn() -> Migration| vec![table("1"), body()];
    let good = || mixed("2").up(code);
    let migrator = Migrator::new(set(good)).with(true);
    let failed = database.attach(migrator).await.up(Target::Head).await.expect_err("t1 is there");
    assert_eq!(failure::step(failed).statement, Some(3));

    let migrator = Migrator::new(set(|| mixed("2").up(other_order)));
    let refused = database.attach(migrator).await.up(Target::Head).await.expect_err("other order");
    let refused = failure::step(refused);
    let StepCause::Call(call) = &refused.cause else { panic!("{refused:?}") };
    assert!(matches!(call.cause, DbErrorCause::Diverged { statement: 1, .. }), "{call:?}");

    let migrator = Migrator::new(set(good)).with(false);
    database.attach(migrator).await.up(Target::Head).await.expect("up");
    assert_eq!(database.column::<i64>("SELECT id FROM a ORDER BY id").await, [1, 2, 3]);
    assert_eq!(applied(database).await, ["1", "2"]);
}

pub async fn an_invalid_index_is_removed_and_built_again(database: &Database) {
    let set = vec![
        Migration::new("1").up("CREATE TABLE t (id BIGINT)"),
        Migration::new("2")
            .up("CREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id)")
            .down("DROP INDEX CONCURRENTLY t_id")
            .transaction(false),
    ];
    database.connect(set[..1].to_vec()).await.up(Target::Head).await.expect("up");
    database.query("INSERT INTO t VALUES (1), (1)").await;
    let (failed, _) = resume(database, set.clone()).await;
    failed.expect_err("two alike");
    let invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";
    assert_eq!(database.value::<i64>(invalid).await, 1);
    database.query("DELETE FROM t").await;
    let (went, told) = resume(database, set.clone()).await;
    assert_eq!(done(&went.expect("up")), ["2"]);
    assert_eq!(told, [("2".to_owned(), 1, Some(1))]);
    assert_eq!(database.value::<i64>(invalid).await, 0);
    assert_like_a_clean_run(database, set).await;
}

/// An unfinished revision may be another run's work in progress, which cannot be known without a lock.
pub async fn without_a_lock_nothing_half_done_is_gone_on_with(database: &Database) {
    let (failed, _) = resume(database, four("ALTER TABLE b ADD COLUMN id BIGINT")).await;
    failed.expect_err("b has an id");
    let mut settings = Settings::default();
    settings.lock = LockMode::None;
    let migrator = Migrator::new(four(GOOD)).settings(settings);
    let refused = database.attach(migrator).await.up(Target::Head).await.expect_err("no lock");
    assert!(matches!(failure::lock(refused), LockError::NoLock { .. }));
    resume(database, four(GOOD)).await.0.expect("up");
}
