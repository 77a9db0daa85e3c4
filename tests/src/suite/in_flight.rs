//! A statement that was in flight when its run was killed counts as done only if the catalog has changed since its mark, to
//! what the statement asks for.

use std::time::Duration;

use migrate_core::private::still_running;
use migrate_core::{
    Connection, Dialect, Effect, Error, Graph, Migration, Offline, Request, RunError, Settings,
    Target, Undecided,
};

use crate::history::{self, applied};
use crate::migrations::{done, table};
use crate::suite::probing::run;
use crate::{Database, failure, run_script};

/// Returns the revisions that have a row, each with its state.
async fn states(database: &Database) -> Vec<String> {
    let states = history::states(database).await;
    states.iter().map(|(revision, state)| format!("{revision} {state}")).collect()
}

/// Returns a revision of two statements, the second of which is `second`.
fn two(second: &str) -> Vec<Migration> {
    let sql = format!("CREATE TABLE a (id BIGINT PRIMARY KEY); {second}");
    vec![table("1"), Migration::new("2").up(sql).down("DROP TABLE a"), table("3")]
}

/// Runs `up` until `statement` waits for the blocker's lock, and kills the run there.
async fn killed_within(
    database: &Database,
    set: Vec<Migration>,
    (lock, statement): (&str, &str),
) -> Connection {
    let mut blocker = database.open().await;
    run(&mut blocker, lock).await;
    let mut migrator = database.connect(set).await;
    let running = tokio::spawn(async move { migrator.up(Target::Head).await.map(|_| ()) });
    let mut watcher = database.open().await;
    while still_running(&mut watcher, statement).await.expect("an answer").is_none() {
        assert!(!running.is_finished(), "{:?}", running.await);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    // MariaDB shows the whole message while it still runs an earlier statement.
    let waiting = "SELECT count(*) FROM information_schema.processlist \
        WHERE db = database() AND state LIKE 'Waiting for table%'";
    while database.dialect() == Dialect::Mysql && database.value::<i64>(waiting).await == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    running.abort();
    running.await.expect_err("a run that was given up");
    watcher.close().await.expect("a goodbye");
    blocker
}

/// Lets the server finish `statement`.
async fn let_go(database: &Database, mut blocker: Connection, (unlock, statement): (&str, &str)) {
    run(&mut blocker, unlock).await;
    blocker.close().await.expect("a goodbye");
    let mut watcher = database.open().await;
    while still_running(&mut watcher, statement).await.expect("an answer").is_some() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    watcher.close().await.expect("a goodbye");
}

fn undecided(error: Error) -> Undecided {
    match error {
        Error::Run(RunError::Undecided(undecided)) => *undecided,
        other => panic!("expected a statement of unknown outcome, not {other:?}"),
    }
}

/// The server refuses the statement after its run is gone, because the object exists.
async fn refused_after_the_kill(database: &Database, second: &str, mend: &str) {
    killed_and_refused(database, second).await;
    let mut migrator = database.connect(two(second)).await;
    let unfinished = migrator.unfinished().await.expect("what is unfinished");
    let in_flight = unfinished[0].in_flight.as_ref().expect("a statement in flight");
    assert_eq!(in_flight.effect, Some(Effect::NotDone), "{in_flight:?}");
    // Each further run reports it too, until it is repaired.
    for _ in 0..2 {
        let failed = migrator.up(Target::Head).await.expect_err("it is there already");
        assert_eq!(failure::step(failed).statement, Some(2));
        assert_eq!(applied(database).await, ["1"]);
    }
    database.query(mend).await;
    assert_eq!(done(&migrator.up(Target::Head).await.expect("up")), ["2", "3"]);
}

async fn killed_and_refused(database: &Database, second: &str) {
    let lock = ("LOCK TABLES b WRITE", second);
    let blocker = killed_within(database, two(second), lock).await;
    let_go(database, blocker, ("UNLOCK TABLES", second)).await;
    assert_eq!(states(database).await, ["1 applied", "2 started"]);
}

pub async fn a_table_that_was_there_before_is_not_taken_for_the_one_to_make(database: &Database) {
    database.query("CREATE TABLE b (id BIGINT PRIMARY KEY)").await;
    let make = "CREATE TABLE b (id BIGINT PRIMARY KEY)";
    refused_after_the_kill(database, make, "DROP TABLE b").await;
}

pub async fn a_column_that_was_there_before_is_not_taken_for_the_one_to_add(database: &Database) {
    database.query("CREATE TABLE b (id BIGINT PRIMARY KEY, c BIGINT)").await;
    let add = "ALTER TABLE b ADD COLUMN c BIGINT";
    refused_after_the_kill(database, add, "ALTER TABLE b DROP COLUMN c").await;
}

/// A user has added a different column of the same name by hand.
pub async fn what_came_since_with_another_definition_is_shown(database: &Database) {
    database.query("CREATE TABLE b (id BIGINT PRIMARY KEY)").await;
    let add = "ALTER TABLE b ADD COLUMN c BIGINT NOT NULL";
    let mut blocker = killed_within(database, two(add), ("LOCK TABLES b WRITE", add)).await;
    let sessions = "SELECT id FROM information_schema.processlist WHERE db = database() AND info LIKE '%ADD COLUMN c%' \
        AND id <> connection_id()";
    for id in database.column::<i64>(sessions).await {
        run(&mut blocker, &format!("KILL {id}")).await;
    }
    run(&mut blocker, "UNLOCK TABLES").await;
    let mut watcher = database.open().await;
    while still_running(&mut watcher, add).await.expect("an answer").is_some() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    run(&mut blocker, "ALTER TABLE b ADD COLUMN c INT").await;
    let mut migrator = database.connect(two(add)).await;
    let undecided = undecided(migrator.up(Target::Head).await.expect_err("another column"));
    assert_eq!(undecided.statement, 2);
    assert_eq!(undecided.seen, ["column `c` of `b`: expected `BIGINT`, found `int(11)`"]);
    run(&mut blocker, "ALTER TABLE b MODIFY c BIGINT NOT NULL").await;
    assert_eq!(done(&migrator.up(Target::Head).await.expect("up")), ["2", "3"]);
}

/// A mark of an earlier version does not record what existed before.
pub async fn what_an_earlier_version_marked_is_done_only_with_the_definition_asked_for(
    database: &Database,
) {
    database.query("CREATE TABLE b (id INT PRIMARY KEY)").await;
    let make = "CREATE TABLE b (id BIGINT PRIMARY KEY)";
    killed_and_refused(database, make).await;
    let forget = "UPDATE _migrate_history SET journal = regexp_replace(journal, '~[^ ]*', '') WHERE revision = '2'";
    database.query(forget).await;
    let mut migrator = database.connect(two(make)).await;
    let undecided = undecided(migrator.up(Target::Head).await.expect_err("another table"));
    assert_eq!(undecided.seen, ["column `id` of `b`: expected `BIGINT`, found `int(11) NOT NULL`"]);
    database.query("ALTER TABLE b MODIFY id BIGINT").await;
    assert_eq!(done(&migrator.up(Target::Head).await.expect("up")), ["2", "3"]);
}

pub async fn a_script_that_stopped_at_a_table_that_was_there_is_not_past_it(database: &Database) {
    database.query("CREATE TABLE b (id BIGINT PRIMARY KEY, mine INT)").await;
    let set = two("CREATE TABLE b (id BIGINT PRIMARY KEY)");
    let graph = Graph::new(set.clone()).expect("a graph");
    let settings = Settings::default();
    let schema = Some(database.name().to_owned());
    let offline = Offline::new(&graph, &settings, Dialect::Mysql, schema);
    let script = offline.script(&Request::Up(Target::Head), None).await.expect("a script");
    assert!(!run_script(database, &script).success);
    assert_eq!(states(database).await, ["1 applied", "2 started"]);
    let mut migrator = database.connect(set).await;
    let failed = migrator.up(Target::Head).await.expect_err("it is there already");
    assert_eq!(failure::step(failed).statement, Some(2));
    database.query("DROP TABLE b").await;
    assert_eq!(done(&migrator.up(Target::Head).await.expect("up")), ["2", "3"]);
}

const BUILD: &str = "CREATE INDEX CONCURRENTLY i ON t1 (id)";

fn built() -> Vec<Migration> {
    let two = Migration::new("2").up(BUILD).down("DROP INDEX i").transaction(false);
    vec![table("1"), two]
}

async fn killed_within_the_build(database: &Database) {
    let lock = "BEGIN; LOCK TABLE t1 IN SHARE UPDATE EXCLUSIVE MODE";
    let blocker = killed_within(database, built(), (lock, BUILD)).await;
    let_go(database, blocker, ("COMMIT", BUILD)).await;
    assert_eq!(states(database).await, ["1 applied", "2 started"]);
}

const DEFINITION: &str = "SELECT pg_get_indexdef('i'::regclass)";

pub async fn an_index_that_was_there_before_is_not_taken_for_the_one_to_build(database: &Database) {
    let mut migrator = database.connect(built()).await;
    migrator.up("1".parse().expect("a target")).await.expect("up");
    for index in ["CREATE INDEX i ON t1 (id DESC)", "CREATE INDEX i ON t1 (id)"] {
        database.query(index).await;
        let definition: String = database.value(DEFINITION).await;
        killed_within_the_build(database).await;
        let failed = migrator.up(Target::Head).await.expect_err("an index of the name is there");
        assert_eq!(failure::step(failed).statement, Some(1));
        assert_eq!(database.value::<String>(DEFINITION).await, definition);
        database.query("DROP INDEX i").await;
        assert_eq!(done(&migrator.up(Target::Head).await.expect("up")), ["2"]);
        migrator.down("1".parse().expect("a target")).await.expect("down");
    }
}

/// An index that another run left must not be dropped.
pub async fn an_invalid_index_that_was_there_before_stays(database: &Database) {
    let mut migrator = database.connect(built()).await;
    migrator.up("1".parse().expect("a target")).await.expect("up");
    database.query("CREATE INDEX i ON t1 (id)").await;
    database.query("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'i'::regclass").await;
    let number: i64 = database.value("SELECT 'i'::regclass::oid::bigint").await;
    killed_within_the_build(database).await;
    for _ in 0..3 {
        let failed = migrator.up(Target::Head).await.expect_err("an index of the name is there");
        assert_eq!(failure::step(failed).statement, Some(1));
        assert_eq!(database.value::<i64>("SELECT 'i'::regclass::oid::bigint").await, number);
    }
}
