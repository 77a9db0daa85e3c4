//! Behaviour of PostgreSQL only.

use std::io::BufReader;
use std::sync::Arc;
use std::time::Duration;

use migrate_core::prelude::*;
use migrate_core::{
    Aftermath, Event, Kind, LockError, LockMode, Migration, Migrator, PlanError, Settings, Target,
};
use tokio::sync::Notify;

use crate::Database;
use crate::failure;
use crate::history::{applied, states};
use crate::migrations::{done, mixed, names, table};
pub use crate::suite::lease::no_default_of_the_database_is_in_the_way_of_a_lease;
use crate::suite::lock::assert_each_is_applied_once;
use crate::suite::stopping;

fn concurrently(transaction: bool) -> Migration {
    Migration::new("2")
        .up("CREATE INDEX CONCURRENTLY t1_id ON t1 (id)")
        .down("DROP INDEX CONCURRENTLY t1_id")
        .transaction(transaction)
}

pub async fn what_cannot_run_in_a_transaction_must_say_so(database: &Database) {
    let set = |transaction| vec![table("1"), concurrently(transaction), table("3")];
    let refused = failure::plan(
        database.connect(set(true)).await.up(Target::Head).await.expect_err("concurrently"),
    );
    let PlanError::Script(fault) = &refused else { panic!("{refused:?}") };
    assert_eq!((fault.key.id.as_str(), fault.error.code()), ("2", "needs-no-transaction"));
    assert!(refused.to_string().contains("`CREATE INDEX CONCURRENTLY`"), "{refused}");
    assert!(database.all_tables().await.is_empty());
    let mut migrator = database.connect(set(false)).await;
    assert_eq!(done(&migrator.up(Target::Head).await.expect("up")), ["1", "2", "3"]);
    assert_eq!(migrator.down(Target::Base).await.expect("down").done.len(), 3);
}

pub async fn sixteen_runners_build_an_index_concurrently_once(database: &Database) {
    assert_each_is_applied_once(
        database,
        vec![table("1"), concurrently(false), table("3"), table("4")],
    )
    .await;
}

pub async fn a_failure_outside_a_transaction_leaves_what_was_done(database: &Database) {
    let sql =
        "CREATE INDEX CONCURRENTLY t1_a ON t1 (id); CREATE INDEX CONCURRENTLY t1_b ON t1 (nowhere)";
    let mut migrator =
        database.connect(vec![table("1"), Migration::new("2").up(sql).transaction(false)]).await;
    let failed = failure::step(migrator.up(Target::Head).await.expect_err("no such column"));
    assert_eq!((failed.statement, failed.statements), (Some(2), 2));
    assert_eq!(failed.aftermath, Aftermath::Half { done: 1 });
    assert_eq!(states(database).await[1], ("2".to_owned(), "failed".to_owned()));
    let again = failure::step(migrator.up(Target::Head).await.expect_err("no such column"));
    assert_eq!((again.statement, again.aftermath), (Some(2), Aftermath::Half { done: 1 }));
}

pub async fn a_constraint_that_fails_at_the_commit_undoes_its_revision_alone(database: &Database) {
    let set = vec![
        Migration::new("1").up("CREATE TABLE p (id BIGINT PRIMARY KEY)"),
        Migration::new("2")
            .up("CREATE TABLE c (p BIGINT REFERENCES p DEFERRABLE INITIALLY DEFERRED)"),
        mixed("3").up("INSERT INTO p VALUES (1)"),
        mixed("4").up("INSERT INTO c VALUES (9)"),
        mixed("5").up("INSERT INTO p VALUES (2)"),
    ];
    let mut migrator = database.connect(set).await;
    let failed = failure::step(migrator.up(Target::Head).await.expect_err("no such parent"));
    assert_eq!((failed.key.id.as_str(), failed.aftermath), ("4", Aftermath::RolledBack));
    assert_eq!(done(&failed.report), ["1", "2", "3"]);
    assert_eq!(applied(database).await, ["1", "2", "3"]);
    assert_eq!(database.column::<i64>("SELECT id FROM p").await, [1]);
}

pub async fn keeps_history_in_the_schema_that_settings_name(database: &Database) {
    database.query("CREATE SCHEMA ops").await;
    let mut settings = Settings::default();
    settings.history_schema = Some("ops".to_owned());
    let mut migrator = database.attach(Migrator::new(vec![table("1")]).settings(settings)).await;
    migrator.up(Target::Head).await.expect("up");
    assert_eq!(database.all_tables().await, ["t1"]);
    assert_eq!(database.value::<i64>("SELECT count(*) FROM ops._migrate_history").await, 1);
}

pub async fn takes_the_role_that_settings_name(database: &Database) {
    let role = format!("owner_of_{}", database.name());
    database.query(&format!("CREATE ROLE {role}; GRANT ALL ON SCHEMA public TO {role}")).await;
    let mut settings = Settings::default();
    settings.role = Some(role.clone());
    let reset = Migration::new("1").up("RESET ROLE; SELECT 1");
    let mut migrator =
        database.attach(Migrator::new(vec![reset, table("2")]).settings(settings)).await;
    migrator.up(Target::Head).await.expect("up");
    let owners = "SELECT tableowner::text FROM pg_tables WHERE schemaname = 'public' AND tablename IN ('t2', '_migrate_history')";
    assert_eq!(database.column::<String>(owners).await, [role.clone(), role.clone()]);
    database.query(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
}

async fn sees_the_usual(db: &mut Db) -> Result<()> {
    let now: String = db.fetch_value(USUAL).await?;
    let usual = db.state::<String>()?.clone();
    db.execute("SET work_mem = '6MB'").await?;
    if now == usual { Ok(()) } else { Err(format!("`{now}` instead of `{usual}`").into()) }
}

const USUAL: &str = "SELECT concat_ws(' ', current_setting('search_path'), current_setting('work_mem'), current_user)";

/// Behind a pooler the session belongs to another client in the next transaction: no timeouts, role or settings of a
/// migration may stay.
pub async fn a_borrowed_session_is_left_as_it_was(database: &Database) {
    let role = format!("owner_of_{}", database.name());
    database.query(&format!("CREATE ROLE {role}; GRANT ALL ON SCHEMA public TO {role}")).await;
    let work_mem: String = database.value("SHOW work_mem").await;
    let usual = format!("\"$user\", public {work_mem} {role}");
    let mut settings = Settings::default();
    settings.lock = LockMode::Lease;
    settings.role = Some(role.clone());
    let litter =
        "SET work_mem = '5MB'; SELECT pg_catalog.set_config('search_path', '', false); RESET ROLE";
    let mut set = vec![
        table("1"),
        mixed("2").up(sees_the_usual),
        mixed("3").up(litter),
        mixed("4").up(sees_the_usual),
        table("5"),
    ];
    let migrator = Migrator::new(set.clone()).with(usual).settings(settings.clone());
    database.attach(migrator).await.up(Target::Head).await.expect("up");
    let owners = "SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(database.column::<String>(owners).await, std::slice::from_ref(&role));
    assert_eq!(database.all_tables().await.len(), 5);
    // Outside a transaction no role can be set.
    set.push(Migration::new("6").up("VACUUM t1").transaction(false).irreversible());
    let mut migrator = database.attach(Migrator::new(set).settings(settings)).await;
    let refused = migrator.up(Target::Head).await.expect_err("a role");
    let LockError::NoSession { key, .. } = failure::lock(refused) else { panic!("another error") };
    assert_eq!(key.id.as_str(), "6");
    database.query(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
}

/// The server ends the connection in the middle, and the next run reads the actual state.
pub async fn a_run_whose_connection_the_server_ends_is_finished_by_the_next(database: &Database) {
    let set = |second: &'static str| {
        vec![table("1"), Migration::new("2").up(second), table("3"), table("4")]
    };
    let mut migrator = database.connect(set("SELECT pg_terminate_backend(pg_backend_pid())")).await;
    let failed =
        failure::step(migrator.up(Target::Head).await.expect_err("a connection that is lost"));
    assert_eq!(failed.aftermath, Aftermath::Unknown, "{failed:?}");
    migrator.up(Target::Head).await.expect_err("the connection is gone");
    let mut next = database.connect(set("SELECT 1")).await;
    next.up(Target::Head).await.expect("up");
    assert_eq!(applied(database).await, ["1", "2", "3", "4"]);
    assert_eq!(database.tables().await, names(["1", "3", "4"]));
}

/// A server finishes a statement whose client is gone, and keeps the lock until then, unless it checks the client.
pub async fn the_lock_is_free_soon_after_a_run_was_given_up_in_a_long_statement(
    database: &Database,
) {
    let sent = Arc::new(Notify::new());
    let bell = Arc::clone(&sent);
    let observer = move |event: Event<'_>| {
        if matches!(event, Event::Sending { .. }) {
            bell.notify_one();
        }
    };
    let migrations =
        |second: &'static str| vec![table("1"), Migration::new("2").up(second).after(["1"])];
    let migrator = Migrator::new(migrations("SELECT pg_sleep(600)")).observer(observer);
    let mut migrator = database.attach(migrator).await;
    let run = tokio::spawn(async move { migrator.up(Target::Head).await.map(|_| ()) });
    sent.notified().await;
    let asleep = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
    while database.value::<i64>(asleep).await == 0 {
        tokio::task::yield_now().await;
    }
    run.abort();
    assert!(run.await.expect_err("an aborted run").is_cancelled());
    database
        .connect(migrations("SELECT 1"))
        .await
        .up(Target::Head)
        .await
        .expect("a lock that comes free");
    assert_eq!(applied(database).await, ["1", "2"]);
}

/// Cancelling does not help here, so the process survives the first signal.
pub async fn a_second_signal_ends_the_process_at_once(database: &Database) {
    let mut program = stopping::program(database, &["production"]);
    let mut child = program.env("WAY", "deaf").spawn().expect("the program");
    let mut talk = BufReader::new(child.stderr.take().expect("a pipe"));
    stopping::until_in_flight(database).await;
    stopping::signal(&child, "-INT");
    stopping::read_to(&mut talk, "stopping:");
    stopping::signal(&child, "-TERM");
    let said = stopping::rest(talk);
    assert_eq!(child.wait().expect("an end").code(), Some(143), "{said}");
    assert!(said.contains("run the same command again"), "{said}");
    // Otherwise the server checks its client only every few seconds.
    let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    while database.value::<i64>(end).await > 0 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn note_timeouts(db: &mut Db) -> Result<()> {
    let names = ["statement_timeout", "idle_in_transaction_session_timeout", "transaction_timeout"];
    for name in names {
        // Servers before version 17 do not have the last one.
        let note = format!(
            "INSERT INTO t1 SELECT 1 WHERE coalesce(current_setting('{name}', true), '0') <> '0'"
        );
        db.execute(&note).await?;
    }
    Ok(())
}

/// Timeouts that an administrator sets for everybody must not end a migration.
pub async fn timeouts_of_the_server_are_not_inherited(database: &Database) {
    for name in ["statement_timeout", "idle_in_transaction_session_timeout"] {
        let database_name = database.name();
        database.query(&format!("ALTER DATABASE {database_name} SET {name} = '90s'")).await;
    }
    let set = vec![table("1"), Migration::new("2").kind(Kind::Data).up(note_timeouts)];
    database.connect(set).await.production(Target::Head).await.expect("production");
    assert!(database.column::<i64>("SELECT id FROM t1").await.is_empty());
}
