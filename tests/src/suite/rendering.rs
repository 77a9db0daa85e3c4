//! A function that returns different SQL each time: the SQL that runs is the SQL that is kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use migrate_core::{Checksum, Dialect, Migration, Migrator, Offline, Request, Settings, Target};

use crate::migrations::{done, table};
use crate::{Database, run_script};

/// How often a function was called.
#[derive(Clone, Default)]
struct Asked(Arc<AtomicUsize>);

impl Asked {
    fn next(&self) -> usize {
        self.0.fetch_add(1, Ordering::SeqCst)
    }

    fn times(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// Returns a revision whose SQL differs at each call, in both directions.
fn restless(up: &Asked, down: &Asked) -> Migration {
    let (up, down) = (up.clone(), down.clone());
    Migration::new("2")
        .up(move || format!("CREATE TABLE made_{} (id BIGINT)", up.next()))
        .down(move || format!("DROP TABLE made_0; CREATE TABLE undone_{} (id BIGINT)", down.next()))
}

/// Returns the SQL and the checksum of revision 2 in history.
async fn kept(database: &Database) -> (String, String, String) {
    let query = "SELECT sql_up, sql_down, checksum FROM _migrate_history WHERE revision = '2'";
    let rows = database.query(query).await;
    let text = |index| rows[0].at::<String>(index).expect("a text");
    (text(0), text(1), text(2))
}

async fn assert_kept_is_what_ran(database: &Database) {
    let (up, _, checksum) = kept(database).await;
    assert_eq!(up, "CREATE TABLE made_0 (id BIGINT)");
    assert_eq!(checksum, Checksum::of_sql(&up, database.dialect()).to_string());
    assert!(database.tables().await.contains(&"made_0".to_owned()));
}

pub async fn a_body_is_asked_once_for_a_run(database: &Database) {
    let (up, down) = (Asked::default(), Asked::default());
    let set = vec![table("1"), restless(&up, &down)];
    let mut migrator = database.attach(Migrator::new(set).review(|_| Ok(()))).await;
    assert_eq!(done(&migrator.up(Target::Head).await.expect("up")), ["1", "2"]);
    assert_eq!((up.times(), down.times()), (1, 1));
    assert_kept_is_what_ran(database).await;
}

pub async fn a_plan_that_is_carried_runs_as_it_was_shown(database: &Database) {
    let (up, down) = (Asked::default(), Asked::default());
    let mut migrator = database.connect(vec![table("1"), restless(&up, &down)]).await;
    let plan = migrator.plan(&Request::Up(Target::Head)).await.expect("a plan");
    assert_eq!(done(&migrator.run_plan(&plan).await.expect("up")), ["1", "2"]);
    assert_eq!(up.times(), 1);
    assert_kept_is_what_ran(database).await;
}

pub async fn a_way_down_is_asked_once_for_a_run(database: &Database) {
    let (up, down) = (Asked::default(), Asked::default());
    let settings = {
        let mut settings = Settings::default();
        // The function's SQL in the next run counts as an edit.
        settings.policies.checksum = migrate_core::Policy::Off;
        settings
    };
    let set = vec![table("1"), restless(&up, &down)];
    let mut migrator = database.attach(Migrator::new(set).settings(settings)).await;
    migrator.up(Target::Head).await.expect("up");
    let before = down.times();
    assert_eq!(done(&migrator.down(Target::Relative(-1)).await.expect("down")), ["2"]);
    assert_eq!(down.times(), before + 1);
    assert_eq!(database.tables().await, ["t1".to_owned(), format!("undone_{before}")]);
}

pub async fn graphs_that_share_a_body_ask_it_each_for_itself(database: &Database) {
    let (up, down) = (Asked::default(), Asked::default());
    let set = vec![table("1"), restless(&up, &down)];
    let graph = Migrator::new(set.clone()).graph().expect("a graph");
    let settings = Settings::default();
    let offline = Offline::new(&graph, &settings, database.dialect(), None);
    offline.script(&Request::Up(Target::Head), None).await.expect("a script");
    let mut migrator = database.connect(set).await;
    migrator.up(Target::Head).await.expect("up");
    let (kept, ..) = kept(database).await;
    assert_eq!((up.times(), kept.as_str()), (2, "CREATE TABLE made_1 (id BIGINT)"));
    assert!(database.tables().await.contains(&"made_1".to_owned()));
}

pub async fn a_script_keeps_what_it_runs(database: &Database) {
    let (up, down) = (Asked::default(), Asked::default());
    let set = vec![table("1"), restless(&up, &down)];
    let graph = Migrator::new(set).graph().expect("a graph");
    let schema = (database.dialect() == Dialect::Mysql).then(|| database.name().to_owned());
    let settings = Settings::default();
    let offline = Offline::new(&graph, &settings, database.dialect(), schema);
    let script = offline.script(&Request::Up(Target::Head), None).await.expect("a script");
    let ran = run_script(database, &script);
    assert!(ran.success, "{ran:?}");
    assert_eq!(up.times(), 1);
    assert_kept_is_what_ran(database).await;
}

pub async fn a_stamp_keeps_one_text(database: &Database) {
    let (up, down) = (Asked::default(), Asked::default());
    let mut migrator = database.connect(vec![table("1"), restless(&up, &down)]).await;
    migrator.stamp(Target::Head).await.expect("a stamp");
    let (kept, _, checksum) = kept(database).await;
    assert_eq!(checksum, Checksum::of_sql(&kept, database.dialect()).to_string());
    assert_eq!(up.times(), 1);
}
