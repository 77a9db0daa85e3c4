//! An undo that another run has done in the meantime, without a lock that keeps it out.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use migrate_core::prelude::*;
use migrate_core::{
    Dialect, Event, LockMode, Migration, Migrator, Offline, Report, Request, Settings, Target,
};

use crate::history::{applied, log};
use crate::migrations::{done, mixed, table};
use crate::{Database, run_script};

fn unlocked() -> Settings {
    let mut settings = Settings::default();
    settings.lock = LockMode::None;
    settings
}

/// Returns a table that counts how often each revision was undone.
fn counting() -> Migration {
    mixed("1").up("CREATE TABLE undone (n BIGINT NOT NULL)").down("DROP TABLE undone")
}

async fn note(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO undone VALUES (4)").await?;
    Ok(())
}

/// Returns how often the revision was undone.
async fn undone(database: &Database, rev: i64) -> i64 {
    database.value(&format!("SELECT count(*) FROM undone WHERE n = {rev}")).await
}

/// Runs these requests after another run has made its plan and before it sends anything.
fn run_elsewhere(url: &str, set: Vec<Migration>, requests: Vec<Request>) {
    let url = url.to_owned();
    let other = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async move {
            let migrator = Migrator::new(set).settings(unlocked());
            let mut migrator = migrator.connect(&url).await.expect("a connection");
            for request in requests {
                migrator.run(&request).await.expect("the other run");
            }
        });
    });
    other.join().expect("the other run");
}

/// Runs without a lock and with an outdated plan: another run does `meanwhile`.
async fn overtaken(
    database: &Database,
    set: &[Migration],
    request: Request,
    meanwhile: Vec<Request>,
) -> (Report, usize) {
    let plans = Arc::new(AtomicUsize::new(0));
    let (url, counted, others) = (database.url().to_owned(), Arc::clone(&plans), set.to_vec());
    let observer = move |event: Event<'_>| {
        if let Event::Planned(_) = event
            && counted.fetch_add(1, Ordering::SeqCst) == 0
        {
            run_elsewhere(&url, others.clone(), meanwhile.clone());
        }
    };
    let migrator = Migrator::new(set.to_vec()).settings(unlocked()).observer(observer);
    let mut migrator = database.attach(migrator).await;
    let report = migrator.run(&request).await.expect("a run that ends well");
    (report, plans.load(Ordering::SeqCst))
}

pub async fn an_undo_that_another_run_has_done_is_not_done_again(database: &Database) {
    // MySQL cannot roll this back.
    let second = mixed("2")
        .up("CREATE TABLE t2 (id BIGINT)")
        .down("INSERT INTO undone VALUES (2); DROP TABLE t2");
    let set = vec![counting(), second];
    database.connect(set.clone()).await.up(Target::Head).await.expect("up");
    let down = Request::Down("1".parse().expect("a target"));
    let (report, _) = overtaken(database, &set, down.clone(), vec![down]).await;
    assert_eq!(done(&report), [""; 0]);
    assert_eq!(undone(database, 2).await, 1);
    assert_eq!(applied(database).await, ["1"]);
}

pub async fn rows_that_were_undone_by_another_run_are_not_undone_again(database: &Database) {
    // Two revisions without parents, so that the table of the counts stays.
    let mut own = database.open().await;
    own.query("CREATE TABLE undone (n BIGINT NOT NULL)").await.expect("a table");
    for (rev, down_by_code) in [("2", false), ("4", true)] {
        let migration = mixed(rev).after([]).up("INSERT INTO undone VALUES (0)");
        let by_code = vec![migration.clone().down(note)];
        let by_sql = vec![migration.down("INSERT INTO undone VALUES (2)")];
        let set = if down_by_code { by_code } else { by_sql };
        database.connect(set.clone()).await.up(Target::Head).await.expect("up");
        let down = Request::Down(Target::Base);
        let (report, plans) = overtaken(database, &set, down.clone(), vec![down]).await;
        assert_eq!((done(&report), plans), (vec![], 2), "{rev}");
        assert_eq!(undone(database, rev.parse().expect("a number")).await, 1, "{rev}");
        let downs = log(database).await.into_iter().filter(|line| *line == format!("down {rev}"));
        assert_eq!(downs.count(), 1, "{rev}");
    }
}

pub async fn sixteen_runners_without_a_lock_undo_each_revision_once(database: &Database) {
    let mut own = database.open().await;
    own.query("CREATE TABLE undone (n BIGINT NOT NULL)").await.expect("a table");
    let set = || -> Vec<Migration> {
        let one = |n: usize| {
            mixed(&n.to_string())
                .up("INSERT INTO undone VALUES (0)")
                .down(format!("INSERT INTO undone VALUES ({n})"))
        };
        (1..=6).map(one).collect()
    };
    database.connect(set()).await.up(Target::Head).await.expect("up");
    let runners: Vec<_> = (0..16)
        .map(|_| {
            let url = database.url().to_owned();
            tokio::spawn(async move {
                let migrator = Migrator::new(set()).settings(unlocked());
                let mut migrator = migrator.connect(&url).await.expect("a connection");
                migrator.down(Target::Base).await.expect("down").done.len()
            })
        })
        .collect();
    let mut reported = 0;
    for runner in runners {
        reported += runner.await.expect("a runner that ends well");
    }
    let counts = "SELECT n FROM undone WHERE n > 0 ORDER BY n";
    assert_eq!(database.column::<i64>(counts).await, [1, 2, 3, 4, 5, 6]);
    assert_eq!((reported, applied(database).await.len()), (6, 0));
}

pub async fn a_script_down_that_is_run_twice_undoes_nothing_twice(database: &Database) {
    let set = vec![
        counting(),
        table("2"),
        mixed("3").up("CREATE TABLE t3 (id BIGINT)").down("INSERT INTO undone VALUES (3)"),
    ];
    database.connect(set.clone()).await.up(Target::Head).await.expect("up");
    let graph = Migrator::new(set).graph().expect("a graph");
    let schema = (database.dialect() == Dialect::Mysql).then(|| database.name().to_owned());
    let settings = Settings::default();
    let offline = Offline::new(&graph, &settings, database.dialect(), schema);
    let down = Request::Down("1".parse().expect("a target"));
    let script = offline.script(&down, Some(&Target::Head)).await.expect("a script");
    let first = run_script(database, &script);
    assert!(first.success, "{first:?}");
    let second = run_script(database, &script);
    assert!(!second.success, "{second:?}");
    assert_eq!(undone(database, 3).await, 1);
    assert_eq!(applied(database).await, ["1"]);
}

pub async fn a_revision_whose_row_is_taken_away_while_it_runs_fails(database: &Database) {
    let set = vec![table("1"), mixed("2").up("DELETE FROM _migrate_history WHERE revision = '2'")];
    let mut migrator = database.connect(set).await;
    let error = migrator.up(Target::Head).await.expect_err("its row is gone");
    let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
    assert!(cause.contains("its row in history was removed"), "{error}: {cause}");
    assert_eq!(applied(database).await, ["1"]);
}

pub async fn history_that_was_changed_and_changed_back_is_read_again_with_the_file_locked(
    database: &Database,
) {
    let set = vec![table("1"), table("2")];
    database.connect(set.clone()).await.up(Target::Head).await.expect("up");
    let down = Request::Down("1".parse().expect("a target"));
    let meanwhile = vec![down.clone(), Request::Up(Target::Head)];
    let (report, plans) = overtaken(database, &set, down, meanwhile).await;
    // On servers only the row is compared, and it is the same again.
    let expected = if database.dialect() == Dialect::Sqlite { 2 } else { 1 };
    assert_eq!((done(&report), plans), (vec!["2"], expected));
    assert_eq!(applied(database).await, ["1"]);
}
