//! Behaviour of MySQL and MariaDB only: DDL that commits, and names that belong to the server.

use migrate_core::prelude::*;
use migrate_core::{Aftermath, Migration, PlanError, State, Target, WayOn};

use crate::Database;
use crate::failure;
use crate::history::{applied, states};
use crate::migrations::{mixed, names, table};

fn half() -> Vec<Migration> {
    vec![
        table("1"),
        Migration::new("2")
            .up("CREATE TABLE t2 (id BIGINT); CREATE TABLE t2b (id BIGINT); CREATE TABLE t2 (id BIGINT)")
            .down("DROP TABLE t2"),
        table("3"),
    ]
}

pub async fn a_half_done_revision_fails_again_until_it_is_corrected(database: &Database) {
    let mut migrator = database.connect(half()).await;
    for _ in 0..2 {
        let failed = failure::step(migrator.up(Target::Head).await.expect_err("t2 is there"));
        assert_eq!((failed.statement, failed.aftermath), (Some(3), Aftermath::Half { done: 2 }));
        assert!(failed.state().contains("2 of 3 statements"), "{}", failed.state());
        assert!(failed.hint().contains("it resumes at that statement"));
        assert_eq!(states(database).await[1], ("2".to_owned(), "failed".to_owned()));
    }
    let refused = failure::plan(migrator.down(Target::Base).await.expect_err("2 is unfinished"));
    let PlanError::Unfinished { key, state, done, total, way_on } = &refused else {
        panic!("{refused:?}")
    };
    assert_eq!((key.id.as_str(), *state, *done, *total), ("2", State::Failed, 2, 3));
    assert_eq!(*way_on, WayOn::Up);
    assert!(refused.hint().expect("a hint").contains("`migrate up -r 2`"));
}

pub async fn a_stamp_says_that_a_half_done_revision_is_done(database: &Database) {
    let mut migrator = database.connect(half()).await;
    migrator.up(Target::Head).await.expect_err("t2 is there");
    migrator.stamp("2".parse().expect("a target")).await.expect("stamp");
    migrator.up(Target::Head).await.expect("up");
    assert_eq!(applied(database).await, ["1", "2", "3"]);
}

pub async fn a_stamp_says_that_a_half_done_revision_is_undone(database: &Database) {
    let mut migrator = database.connect(half()).await;
    migrator.up(Target::Head).await.expect_err("t2 is there");
    database.query("DROP TABLE t2, t2b").await;
    migrator.stamp("2-1".parse().expect("a target")).await.expect("stamp");
    assert_eq!(applied(database).await, ["1"]);
    let mut corrected = half();
    corrected[1] = table("2");
    database.connect(corrected).await.up(Target::Head).await.expect("up");
    assert_eq!(database.tables().await, names(["1", "2", "3"]));
}

async fn servers_own_mode(db: &mut Db) -> Result<()> {
    let ours: String = db.fetch_value("SELECT @@SESSION.sql_mode").await?;
    let servers: String = db.fetch_value("SELECT @@GLOBAL.sql_mode").await?;
    if ours == servers { Ok(()) } else { Err(format!("`{ours}` instead of `{servers}`").into()) }
}

pub async fn the_sql_mode_is_the_servers_own(database: &Database) {
    let mut migrator = database.connect(vec![Migration::new("1").up(servers_own_mode)]).await;
    migrator.up(Target::Head).await.expect("up");
}

pub async fn a_procedure_that_answers_is_called(database: &Database) {
    let set = vec![
        table("1"),
        Migration::new("2").up(
            "CREATE PROCEDURE fill() BEGIN SELECT 1; INSERT INTO t1 VALUES (5); SELECT 2, 3; END",
        ),
        mixed("3").up("CALL fill(); INSERT INTO t1 VALUES (6)"),
    ];
    let mut migrator = database.connect(set).await;
    let report = migrator.up(Target::Head).await.expect("up");
    assert_eq!(report.done[2].statements, 2);
    assert_eq!(database.column::<i64>("SELECT id FROM t1 ORDER BY id").await, [5, 6]);
    assert_eq!(applied(database).await, ["1", "2", "3"]);
}

pub async fn history_does_not_follow_a_use(database: &Database) {
    let mut migrator =
        database.connect(vec![Migration::new("1").up("USE information_schema"), table("2")]).await;
    migrator.up(Target::Head).await.expect("up");
    assert_eq!(applied(database).await, ["1", "2"]);
    assert_eq!(database.tables().await, names(["2"]));
}

/// The server ends the connection in the middle, and the next run reads the actual state.
pub async fn a_run_whose_connection_the_server_ends_is_finished_by_the_next(database: &Database) {
    let set = |second: &'static str| {
        vec![table("1"), Migration::new("2").up(second), table("3"), table("4")]
    };
    let mut migrator = database.connect(set("KILL CONNECTION_ID()")).await;
    let failed =
        failure::step(migrator.up(Target::Head).await.expect_err("a connection that is lost"));
    assert_eq!(failed.aftermath, Aftermath::Unknown, "{failed:?}");
    migrator.up(Target::Head).await.expect_err("the connection is gone");
    let mut next = database.connect(set("SELECT 1")).await;
    next.up(Target::Head).await.expect("up");
    assert_eq!(applied(database).await, ["1", "2", "3", "4"]);
    assert_eq!(database.tables().await, names(["1", "3", "4"]));
}

/// `SHOW SESSION VARIABLES` lists the server's own too, which no session can restore.
pub async fn a_global_variable_that_changes_is_left_alone(database: &Database) {
    let set = |value: u8| format!("SET GLOBAL flush_time = {value}; CREATE TABLE t2 (id INT)");
    let set = vec![table("1"), Migration::new("2").up(set(1)), table("3")];
    let mut migrator = database.connect(set).await;
    migrator.up(Target::Head).await.expect("up");
    assert_eq!(applied(database).await, ["1", "2", "3"]);
    database.query("SET GLOBAL flush_time = 0").await;
}
