//! Non-transactional tables: rows written into them stay, so they are reported, and not written twice.

use std::time::Duration;

use migrate_core::prelude::*;
use migrate_core::private::still_running;
use migrate_core::{
    Aftermath, Answer, Error, Graph, Migration, Migrator, Offline, PlanError, Repair, Request,
    RevisionKey, RunError, Settings, StepError, Target,
};

use crate::history::{applied, states};
use crate::migrations::{data, done, mixed, table};
pub use crate::suite::lent::a_statement_of_the_lent_connection_that_commits_by_itself_is_noticed;
use crate::suite::probing::run;
use crate::{Database, failure, run_script};

const MAKE: &str =
    "CREATE TABLE t (id BIGINT PRIMARY KEY AUTO_INCREMENT, v VARCHAR(100)) ENGINE = MyISAM";

/// Returns the table, and a data revision over it.
fn set(sql: &'static str) -> Vec<Migration> {
    vec![Migration::new("1").up(MAKE).down("DROP TABLE t"), data("2", sql), table("3")]
}

async fn production(database: &Database, set: Vec<Migration>) -> Result<Vec<String>, Error> {
    let report = database.connect(set).await.production(Target::Head).await?;
    Ok(done(&report).into_iter().map(str::to_owned).collect())
}

async fn fail(database: &Database, set: Vec<Migration>) -> StepError {
    failure::step(production(database, set).await.expect_err("a failure"))
}

async fn rows(database: &Database) -> Vec<String> {
    database.column("SELECT concat(id, ' ', v) FROM t ORDER BY id").await
}

async fn say(database: &Database, set: Vec<Migration>, answer: Answer) {
    let key = RevisionKey::new("runtime", "2".to_owned());
    let repair = Repair::new(key, answer, "it was looked at");
    database.connect(set).await.repair(repair).await.expect("a word that is taken");
}

const TWICE: &str = "INSERT INTO t (v) VALUES ('a'); UPDATE t SET v = concat(v, '!'); \
    INSERT INTO t (id, v) VALUES (1, 'dup')";
const ONCE: &str = "INSERT INTO t (v) VALUES ('a'); UPDATE t SET v = concat(v, '!'); \
    INSERT INTO t (id, v) VALUES (2, 'b')";

/// Also if the table is created by an earlier revision of the same run, or with the server's default engine.
pub async fn rows_that_stay_are_not_written_twice(database: &Database) {
    for _ in 0..2 {
        let failed = fail(database, set(TWICE)).await;
        assert_eq!(failed.statement, Some(3));
        assert_eq!(failed.aftermath, Aftermath::Half { done: 2 }, "{failed:?}");
        assert_eq!(rows(database).await, ["1 a!"]);
    }
    assert_eq!(production(database, set(ONCE)).await.expect("production"), ["2", "3"]);
    assert_eq!(rows(database).await, ["1 a!", "2 b"]);
}

const HALF_WAY: &str = "INSERT INTO t (id, v) VALUES (1, 'a'); INSERT INTO t (id, v) VALUES (2, 'b'), (3, 'c'), (1, 'd')";

pub async fn a_statement_that_failed_half_way_asks_for_a_word(database: &Database) {
    let failed = fail(database, set(HALF_WAY)).await;
    assert_eq!(failed.aftermath, Aftermath::Torn { done: Some(1) }, "{failed:?}");
    assert!(failed.state().contains("1 of 2 statements"), "{}", failed.state());
    assert!(failed.hint().contains("migrate repair 2"), "{}", failed.hint());
    for _ in 0..2 {
        let refused = production(database, set(HALF_WAY)).await.expect_err("nobody knows");
        let Error::Run(RunError::Undecided(undecided)) = refused else { panic!("{refused:?}") };
        assert_eq!((undecided.statement, undecided.total), (2, 2));
        assert!(undecided.seen[0].contains("no transactions"), "{undecided:?}");
        assert_eq!(rows(database).await, ["1 a", "2 b", "3 c"]);
    }
    // Undone by hand, and corrected.
    database.query("DELETE FROM t WHERE id > 1").await;
    say(database, set(HALF_WAY), Answer::NotDone).await;
    let mended =
        "INSERT INTO t (id, v) VALUES (1, 'a'); INSERT INTO t (id, v) VALUES (2, 'b'), (3, 'c')";
    assert_eq!(production(database, set(mended)).await.expect("production"), ["2", "3"]);
    assert_eq!(rows(database).await, ["1 a", "2 b", "3 c"]);
}

/// The server may have stopped within the statement, and a part of its rows stays.
pub async fn a_statement_that_a_kill_has_stopped_asks_for_a_word(database: &Database) {
    database.query("CREATE TABLE slow (id BIGINT) ENGINE = Aria TRANSACTIONAL = 0").await;
    let sql = "INSERT INTO t (v) VALUES ('a'); INSERT INTO slow VALUES (1)";
    let mut blocker = database.open().await;
    run(&mut blocker, "LOCK TABLES slow WRITE").await;
    let mut migrator = database.connect(set(sql)).await;
    let running = tokio::spawn(async move { migrator.production(Target::Head).await.map(|_| ()) });
    let statement = "INSERT INTO slow VALUES (1)";
    let mut watcher = database.open().await;
    while still_running(&mut watcher, statement).await.expect("an answer").is_none() {
        assert!(!running.is_finished(), "{:?}", running.await);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    running.abort();
    running.await.expect_err("a run that was given up");
    let sessions = "SELECT id FROM information_schema.processlist WHERE db = database() AND info LIKE 'INSERT INTO slow%' \
        AND id <> connection_id()";
    for id in database.column::<i64>(sessions).await {
        run(&mut blocker, &format!("KILL {id}")).await;
    }
    run(&mut blocker, "UNLOCK TABLES").await;
    while still_running(&mut watcher, statement).await.expect("an answer").is_some() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let refused = production(database, set(sql)).await.expect_err("nobody knows");
    let Error::Run(RunError::Undecided(undecided)) = refused else { panic!("{refused:?}") };
    assert_eq!(undecided.statement, 2);
    say(database, set(sql), Answer::NotDone).await;
    assert_eq!(production(database, set(sql)).await.expect("production"), ["2", "3"]);
    assert_eq!(rows(database).await, ["1 a"]);
    assert_eq!(database.value::<i64>("SELECT count(*) FROM slow").await, 1);
}

/// The statement names no such table, so nothing is known before the server reports it.
pub async fn what_a_trigger_wrote_is_told_and_not_done_again(database: &Database) {
    let given = "CREATE TABLE orders (id BIGINT PRIMARY KEY); CREATE TABLE seen (id BIGINT) ENGINE = MyISAM; \
        CREATE TRIGGER see AFTER INSERT ON orders FOR EACH ROW INSERT INTO seen VALUES (NEW.id)";
    database.query(given).await;
    let sql = "INSERT INTO orders VALUES (1); INSERT INTO orders VALUES (1)";
    let failed = fail(database, set(sql)).await;
    assert_eq!(failed.aftermath, Aftermath::Torn { done: None }, "{failed:?}");
    assert!(failed.state().contains("a part of its changes remains"), "{}", failed.state());
    let left = "SELECT (SELECT count(*) FROM orders) * 10 + (SELECT count(*) FROM seen)";
    assert_eq!(database.value::<i64>(left).await, 1);
    let refused = failure::plan(production(database, set(sql)).await.expect_err("it failed"));
    assert!(matches!(refused, PlanError::Unfinished { .. }), "{refused:?}");
    assert_eq!(database.value::<i64>(left).await, 1);
    let rows = states(database).await;
    assert_eq!(rows[1], ("2".to_owned(), "failed".to_owned()));
}

async fn write(db: &mut Db) -> Result<()> {
    let bad: bool = *db.state()?;
    db.execute("INSERT INTO orders VALUES (1)").await?;
    db.execute("INSERT INTO t (v) VALUES ('a')").await?;
    db.execute(if bad {
        "INSERT INTO t VALUES (1, 'dup')"
    } else {
        "INSERT INTO t VALUES (2, 'b')"
    })
    .await?;
    Ok(())
}

pub async fn code_does_not_write_twice_what_stays(database: &Database) {
    database.query("CREATE TABLE orders (id BIGINT PRIMARY KEY)").await;
    let migrator = |bad: bool| {
        let mut set = set("");
        set[1] = data("2", "").up(write).after(["1"]);
        Migrator::new(set).with(bad)
    };
    for _ in 0..2 {
        let mut connected = database.attach(migrator(true)).await;
        let failed = connected.production(Target::Head).await.expect_err("a row of that id");
        assert_eq!(failure::step(failed).aftermath, Aftermath::Half { done: 2 });
        assert_eq!(rows(database).await, ["1 a"]);
    }
    database.attach(migrator(false)).await.production(Target::Head).await.expect("production");
    assert_eq!(rows(database).await, ["1 a", "2 b"]);
    assert_eq!(database.value::<i64>("SELECT count(*) FROM orders").await, 1);
}

async fn empty_and_fill(db: &mut Db) -> Result<()> {
    let bad: bool = *db.state()?;
    db.execute("INSERT INTO t3 VALUES (1)").await?;
    db.execute("TRUNCATE TABLE t3").await?;
    db.execute("INSERT INTO t3 VALUES (2)").await?;
    db.execute(if bad { "INSERT INTO t3 VALUES (2)" } else { "INSERT INTO t3 VALUES (3)" }).await?;
    Ok(())
}

/// MySQL's `TRUNCATE` ends the transaction that it runs in.
pub async fn code_that_commits_by_a_statement_goes_on_behind_it(database: &Database) {
    let migrator = |bad: bool| {
        Migrator::new(vec![
            table("3"),
            mixed("4").kind(migrate_core::Kind::Data).up(empty_and_fill),
        ])
        .with(bad)
    };
    let failed = database.attach(migrator(true)).await.production(Target::Head).await;
    let failed = failure::step(failed.expect_err("two rows alike"));
    assert_eq!(failed.aftermath, Aftermath::Half { done: 3 });
    database.attach(migrator(false)).await.production(Target::Head).await.expect("production");
    assert_eq!(database.column::<i64>("SELECT id FROM t3 ORDER BY id").await, [2, 3]);
    assert_eq!(applied(database).await, ["3", "4"]);
}

pub async fn a_way_down_is_not_gone_twice(database: &Database) {
    let set = |down: &'static str| {
        let mut set = set("INSERT INTO t (v) VALUES ('a')");
        set[1] = data("2", "INSERT INTO t (v) VALUES ('a')").down(down).after(["1"]);
        set.truncate(2);
        set
    };
    let bad = "INSERT INTO t (v) VALUES ('down'); INSERT INTO t (id, v) VALUES (1, 'dup')";
    let good = "INSERT INTO t (v) VALUES ('down'); INSERT INTO t (id, v) VALUES (3, 'c')";
    production(database, set(bad)).await.expect("production");
    for _ in 0..2 {
        let mut migrator = database.connect(set(bad)).await;
        let failed = migrator.down(Target::Base).await.expect_err("two alike");
        assert_eq!(failure::step(failed).aftermath, Aftermath::Half { done: 1 });
        assert_eq!(rows(database).await, ["1 a", "2 down"]);
    }
    let mut migrator = database.connect(set(good)).await;
    assert_eq!(done(&migrator.down(Target::Base).await.expect("down")), ["2", "1"]);
}

pub async fn a_script_stops_before_what_it_could_not_undo(database: &Database) {
    let script = async |set: Vec<Migration>| {
        let graph = Graph::new(set).expect("a graph");
        let settings = Settings::default();
        let schema = Some(database.name().to_owned());
        let offline = Offline::new(&graph, &settings, Dialect::Mysql, schema);
        offline.script(&Request::Production(Target::Head), None).await.expect("a script")
    };
    let stopped = run_script(database, &script(set(ONCE)).await);
    assert!(!stopped.success);
    assert_eq!(rows(database).await, [""; 0]);
    assert_eq!(applied(database).await, ["1"]);
    // An online run can apply it.
    assert_eq!(production(database, set(ONCE)).await.expect("production"), ["2", "3"]);
    assert_eq!(rows(database).await, ["1 a!", "2 b"]);
}
