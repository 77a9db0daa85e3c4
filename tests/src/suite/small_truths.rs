//! Foreign changes to our tables are reported, and repaired where possible.

use migrate_core::prelude::*;
use migrate_core::{Answer, PlanError, Repair, RevisionKey, Target};

use crate::history::{applied, log};
use crate::migrations::{data, mixed, table, tables};
use crate::{Database, failure};

pub async fn a_checksum_of_an_unknown_algorithm_is_refused_by_name(database: &Database) {
    database.connect(tables(["1", "2"])).await.up(Target::Head).await.expect("up");
    for algorithm in ["'md5'", "''", "NULL", "'sha256-rust-tokens-1'"] {
        database
            .query(&format!(
                "UPDATE _migrate_history SET checksum_algorithm = {algorithm} WHERE revision = '1'"
            ))
            .await;
        let mut migrator = database.connect(tables(["1", "2", "3"])).await;
        let error = migrator.up(Target::Head).await.expect_err("nobody can check it");
        let hints = error.hints().join("\n");
        assert!(hints.contains("repair --accept 1"), "{hints}");
        if algorithm == "'md5'" {
            assert!(hints.contains("`md5`"), "{hints}");
        }
        let PlanError::Changed { revisions } = failure::plan(error) else {
            panic!("another error")
        };
        assert_eq!(revisions.len(), 1);
    }
    let mut migrator = database.connect(tables(["1", "2", "3"])).await;
    let key = RevisionKey::new("runtime", "1");
    migrator.repair(Repair::new(key, Answer::Accept, "looked at")).await.expect("accepted");
    migrator.up(Target::Head).await.expect("up");
    assert_eq!(applied(database).await, ["1", "2", "3"]);
}

async fn insert(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO t1 VALUES (1)").await?;
    db.execute("INSERT INTO t1 VALUES (2)").await?;
    Ok(())
}

pub async fn a_log_that_was_dropped_is_made_again_by_the_next_write(database: &Database) {
    let set = || {
        vec![
            table("1"),
            table("2"),
            data("3", "INSERT INTO t2 VALUES (1); INSERT INTO t2 VALUES (2)"),
            mixed("4").up(insert).down("DELETE FROM t1").depends_on("3"),
        ]
    };
    database.connect(vec![table("1")]).await.up(Target::Head).await.expect("up");
    database.query("DROP TABLE _migrate_log").await;
    let mut migrator = database.connect(set()).await;
    // Reading works without the table, and creates nothing.
    assert_eq!(migrator.current().await.expect("an answer").pending, 2);
    assert_eq!(migrator.history().await.expect("an answer").len(), 4);
    assert!(!database.all_tables().await.contains(&"_migrate_log".to_owned()));
    migrator.production(Target::Heads).await.expect("production");
    assert_eq!(applied(database).await, ["1", "2", "3", "4"]);
    assert_eq!(database.column::<i64>("SELECT id FROM t1 ORDER BY id").await, [1, 2]);
    assert_eq!(database.column::<i64>("SELECT id FROM t2 ORDER BY id").await, [1, 2]);
    let told = log(database).await;
    assert_eq!(told.iter().filter(|line| line.starts_with("up ")).count(), 3, "{told:?}");
    database.query("DROP TABLE _migrate_log").await;
    migrator.down(Target::Base).await.expect("down");
    assert!(applied(database).await.is_empty());
    assert_eq!(log(database).await.iter().filter(|line| line.starts_with("down ")).count(), 3);
    database.query("DROP TABLE _migrate_log").await;
    let mut migrator = database.connect(tables(["1"])).await;
    migrator.stamp(Target::Head).await.expect("stamp");
    assert!(log(database).await.contains(&"stamp 1".to_owned()));
}
