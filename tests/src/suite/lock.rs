//! One runner at a time.

use std::sync::Arc;
use std::time::Duration;

use migrate_core::prelude::*;
use migrate_core::{Event, LockError, Migration, Migrator, Report, Settings, Target};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::history::{applied, log};
use crate::migrations::{data, done, mixed, table, tables};
use crate::{Database, Gate, failure};

/// What the runners of `race` have done, all of which must end well.
/// Starts sixteen runners at once, with these settings in turn.
async fn race(database: &Database, set: &[Migration], settings: &[Settings]) -> Vec<Report> {
    let runners: Vec<JoinHandle<Report>> = settings
        .iter()
        .cycle()
        .take(16)
        .map(|settings| {
            let (url, settings) = (database.url().to_owned(), settings.clone());
            let migrator = Migrator::new(set.to_vec()).settings(settings);
            tokio::spawn(async move {
                let mut migrator = migrator.connect(&url).await.expect("a connection");
                migrator.production(Target::Heads).await.expect("production")
            })
        })
        .collect();
    let mut reports = Vec::new();
    for runner in runners {
        reports.push(runner.await.expect("a runner that ends well"));
    }
    reports
}

/// Asserts that sixteen runners together apply each revision once.
pub(super) async fn assert_each_is_applied_once(database: &Database, set: Vec<Migration>) {
    assert_each_is_applied_once_by(database, set, &[Settings::default()]).await;
}

/// The same with the case's settings, in turn.
pub(super) async fn assert_each_is_applied_once_by(
    database: &Database,
    set: Vec<Migration>,
    settings: &[Settings],
) {
    let reports = race(database, &set, settings).await;
    let mut ids: Vec<&str> = set.iter().map(|migration| migration.id().as_str()).collect();
    let mut reported: Vec<&str> = reports.iter().flat_map(done).collect();
    ids.sort_unstable();
    reported.sort_unstable();
    assert_eq!(reported, ids);
    let mut recorded = applied(database).await;
    recorded.sort_unstable();
    assert_eq!(recorded, ids);
    let ups = log(database).await.into_iter().filter(|line| line.starts_with("up ")).count();
    assert_eq!(ups, ids.len());
}

async fn insert(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO t01 VALUES (1)").await?;
    Ok(())
}

pub async fn sixteen_runners_apply_each_revision_once(database: &Database) {
    let mut set: Vec<Migration> = (1..=60).map(|number| table(&format!("{number:02}"))).collect();
    set[20] = mixed("21").up(insert);
    set.push(data("61", "INSERT INTO t01 VALUES (2)"));
    set.push(data("62", "INSERT INTO t01 VALUES (3)"));
    assert_each_is_applied_once(database, set).await;
    assert_eq!(database.column::<i64>("SELECT id FROM t01 ORDER BY id").await, [1, 2, 3]);
}

pub async fn sixteen_runners_undo_each_revision_once(database: &Database) {
    database.connect(tables(["1", "2", "3", "4"])).await.up(Target::Head).await.expect("up");
    let runners: Vec<_> = (0..16)
        .map(|_| {
            let url = database.url().to_owned();
            tokio::spawn(async move {
                let migrator = Migrator::new(tables(["1", "2", "3", "4"]));
                let mut migrator = migrator.connect(&url).await.expect("a connection");
                migrator.down(Target::Base).await.expect("down").done.len()
            })
        })
        .collect();
    let mut undone = 0;
    for runner in runners {
        undone += runner.await.expect("a runner that ends well");
    }
    assert_eq!(undone, 4);
    assert!(database.tables().await.is_empty() && applied(database).await.is_empty());
}

pub(super) async fn pass_gate(db: &mut Db) -> Result<()> {
    let gate = db.state::<Gate>()?.clone();
    gate.pass().await;
    db.execute("INSERT INTO t1 VALUES (1)").await?;
    Ok(())
}

async fn break_off(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO t1 VALUES (2)").await?;
    panic!("as the case wants it")
}

pub(super) fn gated() -> Vec<Migration> {
    vec![
        table("1"),
        Migration::new("2").kind(migrate_core::Kind::Data).up(pass_gate),
        table("3").depends_on("2"),
    ]
}

/// Starts a run that holds the lock until the gate is opened.
pub(super) async fn hold(
    database: &Database,
    gate: &Gate,
) -> JoinHandle<Result<Report, migrate_core::Error>> {
    let mut migrator = database.attach(Migrator::new(gated()).with(gate.clone())).await;
    let running = tokio::spawn(async move { migrator.production(Target::Head).await });
    gate.reached().await;
    running
}

fn patience(wait: Duration) -> Settings {
    let mut settings = Settings::default();
    settings.wait = wait;
    settings
}

pub async fn a_held_lock_is_an_error_that_names_the_holder(database: &Database) {
    let gate = Gate::default();
    let holder = hold(database, &gate).await;
    let second =
        Migrator::new(gated()).with(gate.clone()).settings(patience(Duration::from_millis(300)));
    let mut second = database.attach(second).await;
    let error = second.production(Target::Head).await.expect_err("a lock that is held");
    assert_eq!(error.code(), "lock");
    assert!(error.hints().iter().any(|hint| hint.contains("--wait")), "{:?}", error.hints());
    let LockError::Held { holder: name, waited } = failure::lock(error) else {
        panic!("another lock error")
    };
    let name = name.to_string();
    assert!(
        name.contains(match database.dialect() {
            Dialect::Postgres => "application migrate",
            Dialect::Mysql => "root",
            Dialect::Sqlite => "another connection",
        }),
        "{name}"
    );
    assert!(waited >= Duration::from_millis(300), "{waited:?}");
    gate.open();
    holder.await.expect("no panic").expect("production");
    assert!(second.production(Target::Head).await.expect("production").done.is_empty());
    assert_eq!(database.column::<i64>("SELECT id FROM t1").await, [1]);
}

pub async fn a_waiting_runner_is_told_and_goes_on_when_the_lock_is_free(database: &Database) {
    let gate = Gate::default();
    let holder = hold(database, &gate).await;
    let told = Arc::new(Notify::new());
    let bell = Arc::clone(&told);
    let observer = move |event: Event<'_>| {
        if let Event::Waiting { holder, .. } = event {
            assert!(!holder.to_string().is_empty());
            bell.notify_one();
        }
    };
    let mut second =
        database.attach(Migrator::new(gated()).with(gate.clone()).observer(observer)).await;
    let second = tokio::spawn(async move { second.production(Target::Head).await });
    told.notified().await;
    gate.open();
    let first = holder.await.expect("no panic").expect("production");
    let second = second.await.expect("no panic").expect("production");
    assert_eq!(first.done.len() + second.done.len(), 3);
    assert_eq!(applied(database).await, ["1", "2", "3"]);
}

/// Asserts that the lock is free: another run would wait for it and give up soon.
pub(super) async fn assert_free(database: &Database, settings: Settings) {
    let gate = Gate::default();
    gate.open();
    let migrator = Migrator::new(gated()).with(gate).settings(settings);
    database.attach(migrator).await.production(Target::Head).await.expect("a lock that is free");
    assert_eq!(applied(database).await, ["1", "2", "3"]);
    assert_eq!(database.column::<i64>("SELECT id FROM t1").await, [1]);
}

pub async fn the_lock_is_free_after_a_failure(database: &Database) {
    let mut failing = gated();
    failing[1] = data("2", "INSERT INTO nowhere VALUES (1)");
    let mut migrator = database.connect(failing).await;
    failure::step(migrator.production(Target::Head).await.expect_err("no such table"));
    assert_free(database, patience(Duration::from_secs(5))).await;
    // Kept until here: the end of the run releases the lock, not the end of the connection.
    migrator.close().await.expect("a goodbye");
}

pub async fn the_lock_is_free_after_a_panic(database: &Database) {
    let mut failing = gated();
    failing[1] = data("2", "").up(break_off);
    let mut migrator = database.connect(failing).await;
    failure::step(migrator.production(Target::Head).await.expect_err("a panic"));
    assert_free(database, patience(Duration::from_secs(5))).await;
    migrator.close().await.expect("a goodbye");
}

pub async fn the_lock_is_free_after_a_run_was_aborted(database: &Database) {
    let gate = Gate::default();
    let holder = hold(database, &gate).await;
    holder.abort();
    assert!(holder.await.expect_err("an aborted run").is_cancelled());
    assert_free(database, patience(Duration::from_secs(5))).await;
}

/// A dropped run must not continue, or keep its lock, on the connection that it left behind.
pub async fn a_run_given_up_frees_the_lock_though_its_migrator_lives_on(database: &Database) {
    let gate = Gate::default();
    let mut migrator = database.attach(Migrator::new(gated()).with(gate.clone())).await;
    tokio::select! {
        outcome = migrator.production(Target::Head) => panic!("{outcome:?}"),
        () = gate.reached() => {}
    }
    assert_free(database, patience(Duration::from_secs(5))).await;
    migrator.up(Target::Head).await.expect_err("its connection went with the run");
}

async fn never(_: &mut Db) -> Result<()> {
    std::future::pending().await
}

/// The same for a run that is dropped between two messages rather than inside a code migration.
pub async fn a_run_given_up_while_it_waits_for_the_lock_leaves_nothing_behind(database: &Database) {
    let gate = Gate::default();
    let holder = hold(database, &gate).await;
    let told = Arc::new(Notify::new());
    let bell = Arc::clone(&told);
    let observer = move |event: Event<'_>| {
        if matches!(event, Event::Waiting { .. }) {
            bell.notify_one();
        }
    };
    let set = vec![table("1"), data("2", "").up(never), table("3").depends_on("2")];
    let mut second = database.attach(Migrator::new(set).observer(observer)).await;
    tokio::select! {
        outcome = second.production(Target::Head) => panic!("{outcome:?}"),
        () = told.notified() => {}
    }
    gate.open();
    holder.await.expect("no panic").expect("production");
    assert_free(database, patience(Duration::from_secs(5))).await;
}
