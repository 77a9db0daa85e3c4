//! Probing on MariaDB: statements that take effect in parts, what the catalog shows, and running statements.

use std::time::Duration;

use migrate_core::private::{Verdict, still_running};

use crate::Database;
use crate::suite::probing::{asked, not_done, run};

pub async fn a_drop_that_got_half_way_is_finished(database: &Database) {
    let mut connection = database.open().await;
    run(
        &mut connection,
        "CREATE TABLE a (b INT); CREATE TABLE `c\\d` (b INT); CREATE TABLE e (b INT)",
    )
    .await;
    let sql = "DROP TABLE e, a, `c\\d`";
    assert_eq!(asked(&mut connection, sql).await, not_done());
    run(&mut connection, "DROP TABLE a").await;
    let Verdict::Begun { rest } = asked(&mut connection, sql).await else { panic!("not begun") };
    assert_eq!(rest, ["DROP TABLE `e`, `c\\d`"]);
    run(&mut connection, &rest[0]).await;
    assert_eq!(asked(&mut connection, sql).await, Verdict::Done);
}

/// The catalog shows a table's columns only to those who may read or write them.
pub async fn columns_that_may_not_be_seen_are_not_gone(database: &Database) {
    let mut root = database.open().await;
    let user = format!("probing_{}", database.name());
    run(&mut root, &format!("CREATE TABLE a (b INT, c INT); CREATE USER {user}")).await;
    run(&mut root, &format!("GRANT ALTER, INSERT, CREATE ON {}.a TO {user}", database.name()))
        .await;
    run(&mut root, &format!("REVOKE INSERT ON {}.a FROM {user}", database.name())).await;
    let address = database.url().rsplit_once('@').expect("a host").1;
    let url = format!("mysql://{user}@{address}").parse().expect("a URL");
    let mut connection =
        migrate_core::open(&url, migrate_core::Missing::Fail).await.expect("a login");
    run(&mut connection, "ALTER TABLE a DROP COLUMN c").await;
    let verdict = asked(&mut connection, "ALTER TABLE a DROP COLUMN b").await;
    assert!(matches!(verdict, Verdict::Unknown { .. }), "{verdict:?}");
    run(&mut root, &format!("DROP USER {user}")).await;
}

/// An accent makes a different name, though the catalog's comparison ignores accents.
pub async fn names_that_differ_by_an_accent_are_two(database: &Database) {
    let mut connection = database.open().await;
    run(&mut connection, "CREATE TABLE a (e INT)").await;
    assert_eq!(asked(&mut connection, "ALTER TABLE a ADD COLUMN é INT").await, not_done());
    assert_eq!(asked(&mut connection, "ALTER TABLE a ADD COLUMN E INT").await, Verdict::Done);
}

/// For a message of several statements, the server shows the one that it runs.
pub async fn a_running_statement_is_told_with_its_session(database: &Database) {
    let mut connection = database.open().await;
    run(&mut connection, "CREATE TABLE a (b INT); INSERT INTO a VALUES (1)").await;
    let statement = "ALTER TABLE a ADD COLUMN c INT".to_owned();
    // Until its transaction ends, nobody may change the table.
    let mut blocker = database.open().await;
    run(&mut blocker, "START TRANSACTION").await;
    run(&mut blocker, "SELECT * FROM a").await;
    assert_eq!(still_running(&mut connection, &statement).await.expect("an answer"), None);
    let mut other = database.open().await;
    let sent = format!("SELECT 1;\n{statement};\nSELECT 2;\n");
    let running = tokio::spawn(async move { other.query(&sent).await.map(|_| ()) });
    let told = loop {
        if let Some(told) = still_running(&mut connection, &statement).await.expect("an answer") {
            break told;
        }
        assert!(!running.is_finished(), "nothing is left to be seen");
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    assert!(told.starts_with("connection ") && told.contains("user root"), "{told}");
    assert_eq!(still_running(&mut connection, "SELECT 2").await.expect("an answer"), None);
    let id = told.trim_start_matches("connection ").split(',').next().expect("a number").to_owned();
    // Seen from another database it is a different statement.
    run(&mut connection, "USE information_schema").await;
    assert_eq!(still_running(&mut connection, &statement).await.expect("an answer"), None);
    run(&mut connection, &format!("USE {}", database.name())).await;
    run(&mut connection, &format!("KILL {id}")).await;
    running.await.expect("an end").expect_err("a session that was ended");
    while still_running(&mut connection, &statement).await.expect("an answer").is_some() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(asked(&mut connection, &statement).await, not_done());
    blocker.close().await.expect("a goodbye");
}
