//! One SQLite file, used by several processes under several names.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::time::Duration;

use migrate_core::prelude::*;
use migrate_core::{
    Answer, Connected, Error, HolderKind, LockError, Migration, Migrator, Repair, Report, Request,
    RevisionKey, Settings, Target,
};
use tokio::task::JoinHandle;

use crate::history::{applied, states};
use crate::migrations::{mixed, table, tables};
use crate::{Database, Gate, failure};

async fn in_two_parts(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO t1 VALUES (1)").await?;
    let gate = db.state::<Gate>()?.clone();
    gate.pass().await;
    db.execute("INSERT INTO t1 VALUES (2)").await?;
    Ok(())
}

fn set() -> Vec<Migration> {
    vec![table("1"), mixed("2").up(in_two_parts).down("").transaction(false)]
}

async fn connect(url: &str, gate: &Gate, wait: Duration) -> Connected {
    let mut settings = Settings::default();
    settings.wait = wait;
    let migrator = Migrator::new(set()).with(gate.clone()).settings(settings);
    migrator.connect(url).await.expect("a connection")
}

/// Starts a run and stops it between two statements that share no transaction.
async fn between(database: &Database, gate: &Gate) -> JoinHandle<Result<Report, Error>> {
    let mut first = connect(database.url(), gate, Duration::from_mins(1)).await;
    let running = tokio::spawn(async move { first.up(Target::Head).await });
    gate.reached().await;
    running
}

async fn assert_kept_out(url: &str, request: Request) {
    let mut other = connect(url, &Gate::default(), Duration::from_millis(200)).await;
    let refused = failure::lock(other.run(&request).await.expect_err("a run is at it"));
    let LockError::Held { holder, .. } = refused else { panic!("{refused:?}") };
    assert_eq!((holder.kind, holder.pid), (HolderKind::File, Some(std::process::id().into())));
    assert!(other.lock_holder().await.expect("an answer").is_some());
}

async fn assert_all_is_done(database: &Database, running: JoinHandle<Result<Report, Error>>) {
    let report = running.await.expect("no panic").expect("up");
    assert_eq!(report.done.len(), 2);
    assert_eq!(applied(database).await, ["1", "2"]);
    assert_eq!(database.column::<i64>("SELECT id FROM t1 ORDER BY id").await, [1, 2]);
}

pub async fn a_stamp_waits_for_a_run_that_is_between_two_statements(database: &Database) {
    let gate = Gate::default();
    let running = between(database, &gate).await;
    for target in ["1", "2", "base"] {
        let target = target.parse().expect("a target");
        assert_kept_out(database.url(), Request::Stamp(target)).await;
    }
    gate.open();
    assert_all_is_done(database, running).await;
    let mut other = connect(database.url(), &gate, Duration::ZERO).await;
    other.stamp("1".parse().expect("a target")).await.expect("a lock that is free");
    assert_eq!(applied(database).await, ["1"]);
}

pub async fn a_repair_waits_for_a_run_that_is_between_two_statements(database: &Database) {
    let gate = Gate::default();
    let running = between(database, &gate).await;
    assert_eq!(states(database).await[1].1, "started");
    let edited = "CREATE TABLE t1 (id BIGINT PRIMARY KEY, extra TEXT)";
    let set = vec![Migration::new("1").up(edited).down("DROP TABLE t1"), set().remove(1)];
    let mut settings = Settings::default();
    settings.wait = Duration::from_millis(200);
    let mut other = database.attach(Migrator::new(set).settings(settings)).await;
    let accept = Repair::new(RevisionKey::new("runtime", "1"), Answer::Accept, "looked at");
    let error = other.repair(accept).await.expect_err("a run is at it");
    assert_eq!(error.code(), "lock", "{error:?}");
    gate.open();
    assert_all_is_done(database, running).await;
}

/// Creates another name of the database's file.
fn alias(database: &Database, name: &str) -> (PathBuf, PathBuf) {
    let file = PathBuf::from(database.url().strip_prefix("sqlite:").expect("a file"));
    let folder = file.with_file_name(format!("{name}.folder"));
    fs::create_dir(&folder).expect("a folder");
    let alias = folder.join(name);
    (file, alias)
}

pub async fn a_file_under_two_names_has_one_lock(database: &Database) {
    database.connect(vec![table("1")]).await.close().await.expect("a goodbye");
    let (file, linked) = alias(database, "linked.db");
    fs::hard_link(&file, &linked).expect("a second name");
    let (file, symbolic) = alias(database, "symbolic.db");
    symlink(&file, &symbolic).expect("a link");
    let gate = Gate::default();
    let running = between(database, &gate).await;
    for name in [linked, symbolic] {
        let url = format!("sqlite:{}", name.display());
        assert_kept_out(&url, Request::Up(Target::Head)).await;
        assert_kept_out(&url, Request::Stamp("1".parse().expect("a target"))).await;
    }
    gate.open();
    assert_all_is_done(database, running).await;
}

pub async fn our_tables_leave_nothing_but_themselves(database: &Database) {
    database.connect(tables(["1"])).await.up(Target::Head).await.expect("up");
    let all: Vec<String> =
        database.column("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").await;
    assert_eq!(all, ["_migrate_history", "_migrate_log", "t1"]);
    let mut migrator = database.connect(tables(["1", "2"])).await;
    migrator.up(Target::Head).await.expect("up");
    migrator.down(Target::Base).await.expect("down");
    // Its ids grow, whatever is undone.
    let ids: Vec<i64> = database.column("SELECT id FROM _migrate_log ORDER BY id").await;
    assert_eq!(ids, [1, 2, 3, 4]);
}
