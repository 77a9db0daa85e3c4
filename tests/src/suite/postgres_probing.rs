//! Probing on PostgreSQL: invalid indexes, and running statements.

use std::time::Duration;

use migrate_core::Connection;
use migrate_core::private::{Verdict, still_running};

use crate::Database;
use crate::suite::probing::{asked, asked_since, not_done, noted, run};

/// Runs the repairs of a verdict.
async fn mend(connection: &mut Connection, verdict: Verdict) {
    let Verdict::NotDone { mend } = verdict else { panic!("{verdict:?}") };
    assert!(!mend.is_empty(), "nothing to mend");
    for sql in mend {
        run(connection, &sql).await;
    }
}

pub async fn an_invalid_index_is_dropped_before_it_is_built_again(database: &Database) {
    let mut connection = database.open().await;
    run(&mut connection, "CREATE SCHEMA \"S\"; CREATE TABLE \"S\".a (b int)").await;
    run(&mut connection, "INSERT INTO \"S\".a VALUES (1), (1)").await;
    let plain = "CREATE UNIQUE INDEX CONCURRENTLY \"I 1\" ON \"S\".a (b)";
    let masking = "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"I 1\" ON \"S\".a (b)";
    for sql in [plain, masking] {
        assert_eq!(asked(&mut connection, sql).await, not_done());
        connection.query(sql).await.expect_err("two rows alike");
        let verdict = asked(&mut connection, sql).await;
        let drop = "DROP INDEX CONCURRENTLY \"S\".\"I 1\"".to_owned();
        assert_eq!(verdict, Verdict::NotDone { mend: vec![drop] });
        mend(&mut connection, verdict).await;
        assert_eq!(asked(&mut connection, sql).await, not_done());
    }
    run(&mut connection, "DELETE FROM \"S\".a").await;
    run(&mut connection, plain).await;
    assert_eq!(asked(&mut connection, masking).await, Verdict::Done);
}

/// The name that PostgreSQL chooses is not in the statement.
pub async fn an_invalid_index_without_a_name_is_shown(database: &Database) {
    let mut connection = database.open().await;
    run(&mut connection, "CREATE TABLE a (b int PRIMARY KEY, c int)").await;
    run(&mut connection, "INSERT INTO a VALUES (1, 1), (2, 1)").await;
    let sql = "CREATE UNIQUE INDEX CONCURRENTLY ON a (c)";
    connection.query(sql).await.expect_err("two rows alike");
    let Verdict::Unknown { seen } = asked(&mut connection, sql).await else { panic!("known") };
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert_eq!(seen[1], "index `public.a_c_idx`: exists, not valid");
    // One that did not exist before belongs to the statement.
    let verdict = asked_since(&mut connection, sql, Some("-")).await;
    mend(&mut connection, verdict).await;
    assert_eq!(asked_since(&mut connection, sql, Some("-")).await, not_done());
}

/// A table that was dropped without naming its schema may have a namesake further along the search path.
pub async fn a_namesake_is_not_taken_for_what_was_dropped(database: &Database) {
    let mut connection = database.open().await;
    let given = "CREATE SCHEMA s; CREATE TABLE s.a (b int); CREATE INDEX i ON s.a (b); \
        CREATE TABLE public.a (b int); CREATE INDEX i ON public.a (b); SET search_path = s, public";
    run(&mut connection, given).await;
    let sql = "DROP INDEX CONCURRENTLY i";
    assert_eq!(asked(&mut connection, sql).await, not_done());
    let before = noted(&mut connection, sql).await;
    run(&mut connection, sql).await;
    let verdict = asked_since(&mut connection, sql, before.as_deref()).await;
    assert!(matches!(verdict, Verdict::Unknown { .. }), "{verdict:?}");
}

/// Ends a statement of the connection once this query, on another connection, shows that it has reached this point.
async fn stop_when(database: &Database, sql: &'static str, reached: &str) {
    let mut victim = database.open().await;
    let running = tokio::spawn(async move { victim.query(sql).await.map(|_| ()) });
    while !database.value::<bool>(reached).await {
        tokio::task::yield_now().await;
    }
    let stop = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
        AND query LIKE '%CONCURRENTLY%' AND state = 'active' AND pid <> pg_backend_pid()";
    database.query(stop).await;
    running.await.expect("an end").expect_err("a session that was ended");
}

/// A reader whose snapshot concurrent work waits for.
async fn reader(database: &Database) -> Connection {
    let mut reader = database.open().await;
    run(&mut reader, "BEGIN ISOLATION LEVEL REPEATABLE READ").await;
    run(&mut reader, "SELECT count(*) FROM a").await;
    reader
}

pub async fn what_a_stopped_rebuild_leaves_is_dropped(database: &Database) {
    let mut connection = database.open().await;
    run(
        &mut connection,
        "CREATE TABLE a (b int, c text); CREATE INDEX i ON a (b); CREATE INDEX k ON a (c)",
    )
    .await;
    let reader = reader(database).await;
    let reached = "SELECT count(*) > 0 FROM pg_class WHERE relname ~ '_ccnew'";
    stop_when(database, "REINDEX TABLE CONCURRENTLY a", reached).await;
    reader.close().await.expect("a goodbye");
    let left = "SELECT count(*) FROM pg_class WHERE relname ~ '_cc(new|old)'";
    assert!(database.value::<i64>(left).await > 1);
    let of_one = asked(&mut connection, "REINDEX INDEX CONCURRENTLY i").await;
    let drop = "DROP INDEX CONCURRENTLY \"public\".\"i_ccnew\"".to_owned();
    assert_eq!(of_one, Verdict::NotDone { mend: vec![drop] });
    let of_schema = asked(&mut connection, "REINDEX SCHEMA CONCURRENTLY public").await;
    let of_table = asked(&mut connection, "REINDEX (CONCURRENTLY) TABLE a").await;
    assert_eq!(of_schema, of_table);
    mend(&mut connection, of_table).await;
    assert_eq!(database.value::<i64>(left).await, 0);
    assert_eq!(asked(&mut connection, "REINDEX TABLE CONCURRENTLY a").await, not_done());
}

pub async fn a_stopped_build_is_mended(database: &Database) {
    let mut connection = database.open().await;
    run(&mut connection, "CREATE TABLE a (b int)").await;
    let reader = reader(database).await;
    let sql = "CREATE INDEX CONCURRENTLY i ON a (b)";
    stop_when(database, sql, "SELECT count(*) > 0 FROM pg_class WHERE relname = 'i'").await;
    reader.close().await.expect("a goodbye");
    let verdict = asked(&mut connection, sql).await;
    mend(&mut connection, verdict).await;
    run(&mut connection, sql).await;
    assert_eq!(asked(&mut connection, sql).await, Verdict::Done);
}

pub async fn a_stopped_drop_of_an_index_is_done_again(database: &Database) {
    let mut connection = database.open().await;
    run(&mut connection, "CREATE TABLE a (b int); CREATE INDEX i ON a (b)").await;
    let reader = reader(database).await;
    let sql = "DROP INDEX CONCURRENTLY i";
    let reached =
        "SELECT count(*) > 0 FROM pg_index WHERE indrelid = 'a'::regclass AND NOT indisvalid";
    stop_when(database, sql, reached).await;
    reader.close().await.expect("a goodbye");
    assert_eq!(asked(&mut connection, sql).await, not_done());
    run(&mut connection, sql).await;
    assert_eq!(asked(&mut connection, sql).await, Verdict::Done);
}

pub async fn a_stopped_detachment_is_finished(database: &Database) {
    let mut connection = database.open().await;
    run(&mut connection, "CREATE TABLE a (b int) PARTITION BY LIST (b)").await;
    run(&mut connection, "CREATE TABLE p PARTITION OF a FOR VALUES IN (1)").await;
    let reader = reader(database).await;
    let sql = "ALTER TABLE a DETACH PARTITION p CONCURRENTLY";
    let reached = "SELECT count(*) > 0 FROM pg_inherits WHERE inhdetachpending";
    stop_when(database, sql, reached).await;
    reader.close().await.expect("a goodbye");
    connection.query(sql).await.expect_err("a partition that is pending");
    let Verdict::Begun { rest } = asked(&mut connection, sql).await else { panic!("not begun") };
    assert_eq!(rest, ["ALTER TABLE \"a\" DETACH PARTITION \"p\" FINALIZE"]);
    run(&mut connection, &rest[0]).await;
    assert_eq!(asked(&mut connection, sql).await, Verdict::Done);
}

/// A role that cannot see other sessions or system tables still gets an answer about objects that it may change.
pub async fn an_ordinary_role_can_ask(database: &Database) {
    let mut connection = database.open().await;
    let role = format!("probing_{}", database.name());
    run(&mut connection, &format!("CREATE ROLE {role}; CREATE SCHEMA s AUTHORIZATION {role}"))
        .await;
    run(
        &mut connection,
        &format!("SET ROLE {role}; SET search_path = s; CREATE TABLE a (b int, c text)"),
    )
    .await;
    for sql in ["CREATE INDEX CONCURRENTLY i ON a (b)", "ALTER TABLE a ADD COLUMN d int"] {
        let before = noted(&mut connection, sql).await;
        assert_eq!(asked_since(&mut connection, sql, before.as_deref()).await, not_done());
        run(&mut connection, sql).await;
        assert_eq!(asked_since(&mut connection, sql, before.as_deref()).await, Verdict::Done);
    }
    assert_eq!(asked(&mut connection, "REINDEX TABLE CONCURRENTLY a").await, not_done());
    assert_eq!(still_running(&mut connection, "SELECT 1").await.expect("an answer"), None);
    assert_eq!(database.value::<i64>("SELECT 1").await, 1);
    run(&mut connection, &format!("RESET ROLE; DROP OWNED BY {role}; DROP ROLE {role}")).await;
}

/// A session is seen even after the asking one has changed its role.
pub async fn a_running_statement_is_told_with_its_session(database: &Database) {
    let mut connection = database.open().await;
    let role = format!("running_{}", database.name());
    run(&mut connection, &format!("CREATE ROLE {role}; SET ROLE {role}")).await;
    let long = format!("SELECT pg_sleep(600), '{}'", "é".repeat(2_000));
    for sql in ["SELECT pg_sleep(600) -- it's".to_owned(), long] {
        let statement =
            migrate_sql::split(&sql, database.dialect()).expect("SQL")[0].text().to_owned();
        assert_eq!(still_running(&mut connection, &statement).await.expect("an answer"), None);
        let mut other = database.open().await;
        let sent = format!("{statement};\n");
        let running = tokio::spawn(async move { other.query(&sent).await.map(|_| ()) });
        let told = loop {
            if let Some(told) = still_running(&mut connection, &statement).await.expect("an answer")
            {
                break told;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        };
        assert!(told.starts_with("pid ") && told.contains("application migrate"), "{told}");
        assert_eq!(
            still_running(&mut connection, "SELECT pg_sleep(60)").await.expect("an answer"),
            None
        );
        let user: String = connection.query("SELECT current_user::text").await.expect("a row")[0]
            .at(0)
            .expect("a text");
        assert_eq!(user, role);
        database
            .query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                 WHERE wait_event = 'PgSleep' AND datname = current_database()",
            )
            .await;
        running.await.expect("an end").expect_err("a session that was ended");
        // The session disappears a moment after the statement.
        while still_running(&mut connection, &statement).await.expect("an answer").is_some() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    run(&mut connection, &format!("RESET ROLE; DROP ROLE {role}")).await;
}
