//! Migrations that panic: an error of the revision, like any other.

use migrate_core::prelude::*;
use migrate_core::{
    Aftermath, Answer, Direction, Migration, Migrator, PlanError, Policy, Repair, Request,
    Settings, StepCause, Target,
};

use crate::history::{applied, states};
use crate::migrations::{data, done, table};
use crate::{Database, failure};

async fn index_out_of_bounds(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO t1 VALUES (1)").await?;
    let ids: Vec<i64> = Vec::new();
    let first = ids[0];
    db.execute(&format!("INSERT INTO t1 VALUES ({first})")).await?;
    Ok(())
}

/// Takes a column for what it is not, as sqlx's `get` does in the middle of an answer.
async fn in_the_middle_of_an_answer(db: &mut Db) -> Result<()> {
    use futures_core::Stream;
    use migrate_core::sqlx::{Row as _, raw_sql};
    use std::future::poll_fn;
    use std::pin::pin;
    const ROWS: &str = "SELECT 'a' AS name UNION ALL SELECT 'b' UNION ALL SELECT 'c'";
    macro_rules! first {
        ($connection:expr) => {{
            let mut rows = pin!(raw_sql(ROWS).fetch($connection));
            let row = poll_fn(|context| rows.as_mut().poll_next(context)).await;
            let _: i64 = row.ok_or("no row")??.get("name");
        }};
    }
    match db.dialect() {
        Dialect::Sqlite => first!(db.sqlite()?),
        Dialect::Postgres => first!(db.postgres()?),
        Dialect::Mysql => first!(db.mysql()?),
    }
    Ok(())
}

fn before_it_begins(_: &mut Db) -> std::future::Ready<Result<()>> {
    panic!("not even begun")
}

pub async fn code_that_panics_is_rolled_back_and_named(database: &Database) {
    let codes = [
        (data("2", "").up(index_out_of_bounds), "index out of bounds"),
        (data("2", "").up(in_the_middle_of_an_answer), "mismatched types"),
        (data("2", "").up(before_it_begins), "not even begun"),
    ];
    for (code, said) in codes {
        let mut migrator = database.connect(vec![table("1"), code]).await;
        let failed = failure::step(migrator.production(Target::Head).await.expect_err("a panic"));
        assert_eq!(failed.key.id.as_str(), "2");
        assert_eq!(failed.aftermath, Aftermath::RolledBack);
        let StepCause::Code(cause) = &failed.cause else { panic!("{failed:?}") };
        let cause = cause.to_string();
        assert!(cause.starts_with("the migration panicked: ") && cause.contains(said), "{cause}");
        assert_eq!(applied(database).await, ["1"]);
        assert_eq!(database.column::<i64>("SELECT id FROM t1").await, [0_i64; 0]);
        // The same connection is as good as before.
        assert!(migrator.up(Target::Head).await.expect("up").done.is_empty());
    }
}

async fn up_to(db: &mut Db, last: bool) -> Result<()> {
    db.execute("INSERT INTO t1 VALUES (1)").await?;
    db.execute("INSERT INTO t1 VALUES (2)").await?;
    assert!(last, "too early");
    db.execute("INSERT INTO t1 VALUES (3)").await?;
    Ok(())
}

async fn some(db: &mut Db) -> Result<()> {
    up_to(db, false).await
}

async fn all(db: &mut Db) -> Result<()> {
    up_to(db, true).await
}

pub async fn journaled_code_that_panics_goes_on_after_its_last_call(database: &Database) {
    let set = |code: Migration| vec![table("1"), code.transaction(false)];
    let mut migrator = database.connect(set(data("2", "").up(some))).await;
    let failed = failure::step(migrator.production(Target::Head).await.expect_err("a panic"));
    assert_eq!(failed.aftermath, Aftermath::Half { done: 2 }, "{failed:?}");
    assert_eq!(database.column::<i64>("SELECT id FROM t1 ORDER BY id").await, [1, 2]);
    migrator.close().await.expect("a goodbye");
    let mut migrator = database.connect(set(data("2", "").up(all))).await;
    let report = migrator.production(Target::Head).await.expect("production");
    assert_eq!(done(&report), ["2"]);
    assert_eq!(database.column::<i64>("SELECT id FROM t1 ORDER BY id").await, [1, 2, 3]);
}

fn no_sql() -> &'static str {
    panic!("the list is empty")
}

pub async fn sql_that_panics_is_refused_before_anything_runs(database: &Database) {
    let mut migrator = database.connect(vec![table("1"), Migration::new("2").up(no_sql)]).await;
    let refused = failure::plan(migrator.up(Target::Head).await.expect_err("a panic"));
    assert_eq!(refused.code(), "panicked");
    let PlanError::Panicked { key, direction: Direction::Up, source, .. } = refused else {
        panic!("{refused:?}")
    };
    assert_eq!((key.id.as_str(), source.message.as_str()), ("2", "the list is empty"));
    assert!(database.all_tables().await.is_empty());
    // What it does is not asked for.
    assert_eq!(done(&migrator.up("1".parse().expect("a target")).await.expect("up")), ["1"]);
    assert!(
        migrator.history().await.expect("statuses").iter().any(|one| one.key.id.as_str() == "2")
    );
}

pub async fn a_down_that_panics_is_refused(database: &Database) {
    let with_down = |down: fn() -> &'static str| {
        let up = "CREATE TABLE t2 (id INT PRIMARY KEY)";
        vec![table("1"), Migration::new("2").up(up).down(down)]
    };
    let mut migrator = database.connect(with_down(|| "DROP TABLE t2")).await;
    migrator.up(Target::Head).await.expect("up");
    let mut migrator = database.connect(with_down(no_sql)).await;
    let refused = failure::plan(migrator.down(Target::Base).await.expect_err("a panic"));
    assert!(
        matches!(refused, PlanError::Panicked { direction: Direction::Down, .. }),
        "{refused:?}"
    );
    assert_eq!(applied(database).await, ["1", "2"]);
}

async fn code_down(_: &mut Db) -> Result<()> {
    panic!("as the case wants it")
}

pub async fn code_that_panics_while_it_undoes_is_named(database: &Database) {
    let code = Migration::new("2").up("CREATE TABLE t2 (id INT PRIMARY KEY)").down(code_down);
    let mut migrator = database.connect(vec![table("1"), code]).await;
    migrator.up(Target::Head).await.expect("up");
    let failed = failure::step(migrator.down(Target::Base).await.expect_err("a panic"));
    assert_eq!(failed.key.id.as_str(), "2");
    let state = states(database).await.into_iter().find(|(key, _)| key == "2");
    assert!(state.is_some(), "{:?}", states(database).await);
}

/// What was applied cannot be compared with what cannot be had.
pub async fn an_applied_revision_whose_sql_panics_is_not_taken_for_unedited(database: &Database) {
    let mut migrator = database.connect(vec![table("1"), table("2")]).await;
    migrator.up(Target::Head).await.expect("up");
    let now = || vec![table("1"), Migration::new("2").up(no_sql)];
    let mut migrator = database.connect(now()).await;
    let refused = failure::plan(migrator.up(Target::Head).await.expect_err("a panic"));
    assert_eq!(refused.code(), "panicked");
    let mut settings = Settings::default();
    settings.policies.checksum = Policy::Off;
    settings.policies.checksum_code = Policy::Off;
    let mut migrator = database.attach(Migrator::new(now()).settings(settings)).await;
    assert!(migrator.up(Target::Head).await.expect("nobody compares").done.is_empty());
}

/// An error whose words panic.
#[derive(Debug)]
struct Untellable;

impl std::fmt::Display for Untellable {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        panic!("no words")
    }
}

impl std::error::Error for Untellable {}

/// A payload that panics when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("a second time")
    }
}

async fn ends_untellably(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO t1 VALUES (1)").await?;
    Err(Untellable.into())
}

async fn throws_a_bomb(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO t1 VALUES (1)").await?;
    std::panic::panic_any(Bomb)
}

pub async fn an_error_that_cannot_be_told_is_a_panic_too(database: &Database) {
    let codes = [
        (data("2", "").up(ends_untellably), "the migration panicked: no words"),
        (data("2", "").up(throws_a_bomb), "the migration panicked: without a message"),
    ];
    for (code, said) in codes {
        let mut migrator = database.connect(vec![table("1"), code]).await;
        let failed = failure::step(migrator.production(Target::Head).await.expect_err("a panic"));
        let StepCause::Code(cause) = &failed.cause else { panic!("another cause") };
        assert_eq!(cause.to_string(), said);
        assert_eq!(database.column::<i64>("SELECT id FROM t1").await, [0_i64; 0]);
    }
}

pub async fn an_unfinished_revision_whose_sql_panics_can_be_answered_for(database: &Database) {
    let set = |up: fn() -> &'static str| {
        let two =
            Migration::new("2").up(up).transaction(false).waive("mixed", "as the case wants it");
        vec![table("1"), two.irreversible()]
    };
    let failing = || "INSERT INTO t1 VALUES (1); INSERT INTO nowhere VALUES (1)";
    let mut migrator = database.connect(set(failing)).await;
    failure::step(migrator.up(Target::Head).await.expect_err("no such table"));
    let mut migrator = database.connect(set(no_sql)).await;
    let key = Migration::new("2").key().clone();
    let done = Repair::new(key, Answer::Done, "made whole by hand").whole();
    migrator.run(&Request::Repair(done)).await.expect("a way out");
    assert_eq!(applied(database).await, ["1", "2"]);
}
