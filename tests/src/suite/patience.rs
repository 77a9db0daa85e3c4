//! How long statements of PostgreSQL wait for locks outside a transaction.

use std::time::Duration;

use migrate_core::prelude::*;
use migrate_core::{Event, Graph, Migration, Migrator, Offline, Request, Settings, Target};
use tokio::sync::mpsc::unbounded_channel;

use crate::migrations::{mixed, table};
use crate::{Database, run_script};

/// An index whose build fails if its wait is limited.
const BASE: &str = "CREATE TABLE seen (v text); CREATE TABLE t (id int); INSERT INTO t VALUES (1); \
    CREATE FUNCTION patient(id int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN \
    IF current_setting('lock_timeout') <> '0' THEN RAISE EXCEPTION 'in a hurry'; END IF; RETURN id; END $$";

const STATEMENTS: [&str; 5] = [
    "INSERT INTO seen SELECT current_setting('lock_timeout')",
    "CREATE INDEX CONCURRENTLY i ON t (patient(id))",
    "INSERT INTO seen SELECT current_setting('lock_timeout')",
    "REINDEX INDEX CONCURRENTLY i",
    "INSERT INTO seen SELECT current_setting('lock_timeout')",
];

async fn by_code(db: &mut Db) -> Result<()> {
    for statement in STATEMENTS {
        db.execute(statement).await?;
    }
    Ok(())
}

fn set(code: bool) -> Vec<Migration> {
    let waits = mixed("2").transaction(false);
    let waits = if code { waits.up(by_code) } else { waits.up(STATEMENTS.join(";\n")) };
    vec![mixed("1").up(BASE), waits]
}

async fn expect_five_seconds(database: &Database) {
    let seen = database.column::<String>("SELECT v FROM seen").await;
    assert_eq!(seen, ["5s", "5s", "5s"]);
}

pub async fn only_a_concurrent_statement_waits_without_limit(database: &Database) {
    database.connect(set(false)).await.up(Target::Head).await.expect("up");
    expect_five_seconds(database).await;
}

pub async fn only_a_concurrent_statement_of_code_waits_without_limit(database: &Database) {
    database.connect(set(true)).await.up(Target::Head).await.expect("up");
    expect_five_seconds(database).await;
}

pub async fn only_a_concurrent_statement_of_a_script_waits_without_limit(database: &Database) {
    for code in [false, true] {
        let graph = Graph::new(set(code)).expect("a graph");
        let settings = Settings::default();
        let offline = Offline::new(&graph, &settings, Dialect::Postgres, None);
        let script = offline.script(&Request::Up(Target::Head), None).await.expect("a script");
        let client = run_script(database, &script);
        assert!(client.success, "{}\n{script}", client.said);
        expect_five_seconds(database).await;
        let drop = "DROP TABLE seen, t, _migrate_history, _migrate_log; DROP FUNCTION patient";
        database.query(drop).await;
    }
}

pub async fn a_change_of_a_table_outside_a_transaction_gives_up_waiting_and_is_retried(
    database: &Database,
) {
    let sql = "INSERT INTO t1 VALUES (1); ALTER TABLE t1 ADD COLUMN a int; \
               CREATE INDEX CONCURRENTLY i ON t1 (a)";
    database.connect(vec![table("1")]).await.up(Target::Head).await.expect("up");
    let mut holder = database.open().await;
    holder.query("BEGIN").await.expect("a transaction");
    holder.query("SELECT count(*) FROM t1").await.expect("a lock");
    let mut settings = Settings::default();
    settings.timeouts.lock = Duration::from_secs(1);
    let (told, mut retrying) = unbounded_channel();
    let observer = move |event: Event<'_>| {
        if let Event::Retrying { .. } = event {
            told.send(()).expect("a listener");
        }
    };
    let set = vec![table("1"), mixed("2").up(sql).transaction(false)];
    let migrator = Migrator::new(set).settings(settings).observer(observer);
    let mut migrator = database.attach(migrator).await;
    let running = tokio::spawn(async move { migrator.up(Target::Head).await });
    retrying.recv().await.expect("a retry");
    holder.query("COMMIT").await.expect("a commit");
    running.await.expect("no panic").expect("up");
    assert_eq!(database.column::<i64>("SELECT id FROM t1").await, [1]);
    assert!(
        database
            .value::<bool>("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass")
            .await
    );
}
