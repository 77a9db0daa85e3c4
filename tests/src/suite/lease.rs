//! One runner at a time by a lease, where a session lock does not protect.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use migrate_core::prelude::*;
use migrate_core::{
    Aftermath, Event, HolderKind, LockError, LockMode, Migration, Migrator, Settings, StepCause,
    Target,
};
use tokio::runtime;

use crate::history::applied;
use crate::migrations::{data, mixed, table, tables};
use crate::suite::lock::{assert_each_is_applied_once_by, assert_free, gated, pass_gate};
use crate::{Database, Gate, failure};

/// Returns settings with a lease that expires soon.
fn by_lease() -> Settings {
    let mut settings = Settings::default();
    settings.lock = LockMode::Lease;
    settings.lease = Duration::from_secs(2);
    settings
}

fn patience(wait: Duration) -> Settings {
    let mut settings = by_lease();
    settings.wait = wait;
    settings
}

/// Returns the number of lease owners.
async fn owners(database: &Database) -> i64 {
    database.value("SELECT count(*) FROM _migrate_lock WHERE owner IS NOT NULL").await
}

async fn insert(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO t01 VALUES (1)").await?;
    Ok(())
}

pub async fn sixteen_runners_apply_each_revision_once(database: &Database) {
    let mut set: Vec<Migration> = (1..=20).map(|number| table(&format!("{number:02}"))).collect();
    set[9] = mixed("10").up(insert);
    set.push(data("21", "INSERT INTO t01 VALUES (2)"));
    let mut settings = by_lease();
    // A slow machine must not make a renewal late.
    settings.lease = Duration::from_secs(15);
    settings.wait = Duration::from_secs(150);
    assert_each_is_applied_once_by(database, set, &[settings]).await;
    assert_eq!(database.column::<i64>("SELECT id FROM t01 ORDER BY id").await, [1, 2]);
    assert_eq!(owners(database).await, 0);
}

pub async fn the_owner_is_named(database: &Database) {
    let gate = Gate::default();
    let first = Migrator::new(gated()).with(gate.clone()).settings(by_lease());
    let mut first = database.attach(first).await;
    let running = tokio::spawn(async move { first.production(Target::Head).await.map(|_| ()) });
    gate.reached().await;
    let second = Migrator::new(gated()).settings(patience(Duration::from_millis(100)));
    let mut second = database.attach(second).await;
    let told = second.lock_holder().await.expect("the lease").expect("an owner");
    assert_eq!((told.kind, told.pid), (HolderKind::Lease, Some(std::process::id().into())));
    let error = second.production(Target::Head).await.expect_err("a lease that is held");
    assert!(error.hints().iter().any(|hint| hint.contains("lock --release")), "{error:?}");
    let LockError::Held { holder, .. } = failure::lock(error) else { panic!("another error") };
    assert!(holder.to_string().contains(&format!("pid {}", std::process::id())), "{holder}");
    gate.open();
    running.await.expect("no panic").expect("production");
    assert!(second.lock_holder().await.expect("the lease").is_none());
    assert!(second.production(Target::Head).await.expect("production").done.is_empty());
}

async fn see(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO seen VALUES (1)").await?;
    Ok(())
}

pub async fn an_owner_that_was_silent_is_fenced_off(database: &Database) {
    database.query("CREATE TABLE seen (id BIGINT)").await;
    let (arrive, arrived) = mpsc::channel::<()>();
    let (go, gone) = mpsc::channel::<()>();
    let url = database.url().to_owned();
    // A blocked runtime no longer renews.
    let stalled = thread::spawn(move || {
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async move {
            let observer = move |event: Event<'_>| {
                if let Event::Sending { revisions } = event
                    && revisions.iter().any(|key| key.id.as_str() == "2")
                {
                    arrive.send(()).expect("a case that waits");
                    gone.recv().expect("a case that goes on");
                }
            };
            let set = vec![table("1"), data("2", "").up(see)];
            let migrator = Migrator::new(set).settings(by_lease()).observer(observer);
            let mut migrator = migrator.connect(&url).await.expect("a connection");
            migrator.production(Target::Head).await.expect_err("a lease that is lost")
        })
    });
    tokio::task::spawn_blocking(move || arrived.recv()).await.expect("no panic").expect("a stall");
    let next = Migrator::new(vec![table("1"), data("2", "")]).settings(by_lease());
    let undone = database.attach(next).await.down(Target::Base).await.expect("down");
    assert_eq!(undone.done.len(), 1);
    go.send(()).expect("a runner that waits");
    let error = tokio::task::spawn_blocking(move || stalled.join()).await.expect("no panic");
    let error = error.expect("no panic");
    assert_eq!(error.code(), "lock");
    let failed = failure::step(error);
    assert!(matches!(failed.cause, StepCause::Lock(LockError::Lost { .. })), "{failed:?}");
    assert!(failed.cause.to_string().contains("was taken over"), "{}", failed.cause);
    assert_eq!((failed.key.id.as_str(), failed.aftermath), ("2", Aftermath::RolledBack));
    assert!(applied(database).await.is_empty());
    assert_eq!(database.value::<i64>("SELECT count(*) FROM seen").await, 0);
}

/// The row that it would insert already exists by then, written by the other run or not.
pub async fn what_a_run_meets_that_has_lost_its_lease_is_not_what_is_told(database: &Database) {
    let (arrive, arrived) = mpsc::channel::<()>();
    let (go, gone) = mpsc::channel::<()>();
    let url = database.url().to_owned();
    let stalled = thread::spawn(move || {
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async move {
            let observer = move |event: Event<'_>| {
                if let Event::Sending { revisions } = event
                    && revisions.iter().any(|key| key.id.as_str() == "2")
                {
                    arrive.send(()).expect("a case that waits");
                    gone.recv().expect("a case that goes on");
                }
            };
            let set = vec![table("1"), data("2", "INSERT INTO t1 VALUES (5)")];
            let migrator = Migrator::new(set).settings(by_lease()).observer(observer);
            let mut migrator = migrator.connect(&url).await.expect("a connection");
            migrator.production(Target::Head).await.expect_err("a lease that is lost")
        })
    });
    tokio::task::spawn_blocking(move || arrived.recv()).await.expect("no panic").expect("a stall");
    let next = Migrator::new(vec![table("1"), table("3")]).settings(by_lease());
    let mut next = database.attach(next).await;
    next.up(Target::Head).await.expect("up");
    next.down(Target::Relative(-1)).await.expect("down");
    database.query("INSERT INTO t1 VALUES (5)").await;
    go.send(()).expect("a runner that waits");
    let error = tokio::task::spawn_blocking(move || stalled.join()).await.expect("no panic");
    let failed = failure::step(error.expect("no panic"));
    assert!(matches!(failed.cause, StepCause::Lock(LockError::Lost { .. })), "{failed:?}");
    assert_eq!(applied(database).await, ["1"]);
}

async fn take_a_while(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO t01 VALUES (7)").await?;
    // Long enough for some renewals.
    tokio::time::sleep(Duration::from_secs(2)).await;
    db.execute("INSERT INTO t01 VALUES (8)").await?;
    Ok(())
}

pub async fn no_default_of_the_database_is_in_the_way_of_a_lease(database: &Database) {
    for (name, value) in [
        ("default_transaction_isolation", "serializable"),
        ("statement_timeout", "300ms"),
        ("lock_timeout", "5ms"),
        ("idle_in_transaction_session_timeout", "300ms"),
        ("idle_session_timeout", "1s"),
    ] {
        let database_name = database.name();
        database.query(&format!("ALTER DATABASE {database_name} SET {name} = '{value}'")).await;
    }
    let mut set: Vec<Migration> = (1..=8).map(|number| table(&format!("{number:02}"))).collect();
    set[4] = mixed("05").up(take_a_while);
    let mut settings = by_lease();
    settings.wait = Duration::from_secs(100);
    assert_each_is_applied_once_by(database, set, &[settings]).await;
    assert_eq!(database.column::<i64>("SELECT id FROM t01 ORDER BY id").await, [7, 8]);
}

pub async fn the_lease_is_free_at_once_after_a_failure(database: &Database) {
    let mut failing = gated();
    failing[1] = data("2", "INSERT INTO nowhere VALUES (1)");
    let mut migrator = database.attach(Migrator::new(failing).settings(by_lease())).await;
    failure::step(migrator.production(Target::Head).await.expect_err("no such table"));
    assert_eq!(owners(database).await, 0);
    assert_free(database, by_lease()).await;
}

async fn break_off(_: &mut Db) -> Result<()> {
    panic!("as the case wants it")
}

pub async fn the_lease_is_free_at_once_after_a_panic(database: &Database) {
    let mut failing = gated();
    failing[1] = data("2", "").up(break_off);
    let mut migrator = database.attach(Migrator::new(failing).settings(by_lease())).await;
    failure::step(migrator.production(Target::Head).await.expect_err("a panic"));
    assert_eq!(owners(database).await, 0);
    assert_free(database, by_lease()).await;
}

pub async fn the_lease_of_a_run_that_was_given_up_can_be_freed(database: &Database) {
    let gate = Gate::default();
    let first = Migrator::new(gated()).with(gate.clone()).settings(by_lease());
    let mut first = database.attach(first).await;
    let running = tokio::spawn(async move { first.production(Target::Head).await.map(|_| ()) });
    gate.reached().await;
    let mut second = database.attach(Migrator::new(gated()).settings(by_lease())).await;
    let LockError::Alive { .. } = failure::lock(second.release_lock().await.expect_err("alive"))
    else {
        panic!("another error")
    };
    running.abort();
    assert!(running.await.expect_err("an aborted run").is_cancelled());
    let freed = second.release_lock().await.expect("a lease that stands still");
    assert_eq!(freed.expect("an owner").pid, Some(std::process::id().into()));
    assert_eq!(owners(database).await, 0);
    assert_free(database, by_lease()).await;
}

pub async fn asking_who_holds_the_lock_makes_nothing(database: &Database) {
    let mut migrator = database.attach(Migrator::new(tables(["1"]))).await;
    assert!(migrator.lock_holder().await.expect("an answer").is_none());
    assert!(migrator.release_lock().await.expect("an answer").is_none());
    assert!(database.all_tables().await.is_empty());
    // If a session lock protects, there is no lease.
    migrator.up(Target::Head).await.expect("up");
    assert!(!database.all_tables().await.contains(&"_migrate_lock".to_owned()));
}

pub async fn a_session_that_holds_the_lock_is_not_freed(database: &Database) {
    let gate = Gate::default();
    let mut first = database.attach(Migrator::new(gated()).with(gate.clone())).await;
    let running = tokio::spawn(async move { first.production(Target::Head).await.map(|_| ()) });
    gate.reached().await;
    let mut second = database.attach(Migrator::new(gated())).await;
    let error = second.release_lock().await.expect_err("a session");
    let word = match database.dialect() {
        Dialect::Mysql => "KILL ",
        Dialect::Postgres | Dialect::Sqlite => "pg_terminate_backend(",
    };
    assert!(error.hints().iter().any(|hint| hint.contains(word)), "{:?}", error.hints());
    gate.open();
    running.await.expect("no panic").expect("production");
}

/// As behind a pooler: some runs detect that sessions are shared, and others do not.
pub async fn runs_by_session_and_by_lease_apply_each_revision_once(database: &Database) {
    let mut set: Vec<Migration> = (1..=20).map(|number| table(&format!("{number:02}"))).collect();
    set[9] = mixed("10").up(insert);
    let mut settings = [by_lease(), Settings::default()];
    for settings in &mut settings {
        settings.lease = Duration::from_secs(15);
        settings.wait = Duration::from_secs(150);
    }
    assert_each_is_applied_once_by(database, set, &settings).await;
    assert_eq!(database.column::<i64>("SELECT id FROM t01 ORDER BY id").await, [1]);
    assert_eq!(owners(database).await, 0);
}

async fn refused(database: &Database, mut settings: Settings) -> HolderKind {
    settings.wait = Duration::from_millis(100);
    let mut migrator = database.attach(Migrator::new(gated()).settings(settings)).await;
    let error = migrator.production(Target::Head).await.expect_err("a lock that is held");
    let LockError::Held { holder, .. } = failure::lock(error) else { panic!("another error") };
    holder.kind
}

pub async fn a_session_and_a_lease_keep_each_other_out(database: &Database) {
    let (by_session, kind) = (Settings::default(), HolderKind::Session(database.dialect()));
    for (holding, other, held_by) in
        [(by_session.clone(), by_lease(), kind), (by_lease(), by_session, HolderKind::Lease)]
    {
        let gate = Gate::default();
        let mut first = Migrator::new(gated()).with(gate.clone());
        first = first.settings(holding.clone());
        let mut first = database.attach(first).await;
        let running = tokio::spawn(async move { first.production(Target::Head).await.map(|_| ()) });
        gate.reached().await;
        assert_eq!(refused(database, other).await, held_by);
        gate.open();
        running.await.expect("no panic").expect("production");
        assert_eq!(owners(database).await, 0);
        let undone =
            database.attach(Migrator::new(gated()).with(Gate::default()).settings(holding));
        undone.await.down(Target::Base).await.expect("down");
    }
}

pub async fn a_dead_owner_does_not_keep_a_session_out(database: &Database) {
    let gate = Gate::default();
    let first = Migrator::new(gated()).with(gate.clone()).settings(by_lease());
    let mut first = database.attach(first).await;
    let running = tokio::spawn(async move { first.production(Target::Head).await.map(|_| ()) });
    gate.reached().await;
    running.abort();
    assert!(running.await.expect_err("an aborted run").is_cancelled());
    let mut settings = Settings::default();
    settings.lease = by_lease().lease;
    assert_free(database, settings).await;
    assert_eq!(owners(database).await, 0);
}

pub async fn a_lease_on_a_connection_of_ones_own_is_refused(database: &Database) {
    let mut connection = database.open().await;
    let migrator = Migrator::new(tables(["1"])).settings(by_lease());
    let error = migrator.up_on(&mut connection, Target::Head).await.expect_err("one connection");
    assert!(matches!(failure::lock(error), LockError::NoConnector));
    assert!(database.all_tables().await.is_empty());
}

/// Code whose statements are journaled one by one.
async fn make_two(db: &mut Db) -> Result<()> {
    db.execute("CREATE TABLE t2 (id BIGINT)").await?;
    db.execute("INSERT INTO t2 VALUES (1)").await?;
    db.execute("CREATE TABLE t3 (id BIGINT)").await?;
    Ok(())
}

pub async fn code_outside_a_transaction_is_journaled(database: &Database) {
    let gate = Gate::default();
    gate.open();
    let set = vec![
        table("1"),
        mixed("2").up(make_two).transaction(false),
        data("4", "").after(["1"]).up(pass_gate),
    ];
    let migrator = Migrator::new(set).with(gate).settings(by_lease());
    database.attach(migrator).await.production(Target::Head).await.expect("production");
    assert_eq!(database.tables().await, ["t1", "t2", "t3"]);
    assert_eq!(database.value::<i64>("SELECT count(*) FROM t2").await, 1);
    assert_eq!(owners(database).await, 0);
}
