//! Marking revisions as applied without running them.

use migrate_core::{Action, Connected, PlanError, Target};

use crate::Database;
use crate::failure;
use crate::history::{applied, log};
use crate::migrations::{data, done, names, table, tables};

async fn stamp(migrator: &mut Connected, target: &str) -> Vec<(String, Action)> {
    let report = migrator.stamp(target.parse().expect("a target")).await.expect("stamp");
    report.done.iter().map(|done| (done.key.id.to_string(), done.action)).collect()
}

pub async fn writes_history_and_runs_nothing(database: &Database) {
    let mut migrator = database.connect(tables(["1", "2", "3"])).await;
    let stamped = stamp(&mut migrator, "2").await;
    assert_eq!(stamped, [("1".to_owned(), Action::Stamp), ("2".to_owned(), Action::Stamp)]);
    assert_eq!(applied(database).await, ["1", "2"]);
    assert_eq!(log(database).await, ["stamp 1", "stamp 2"]);
    assert!(database.tables().await.is_empty());
    assert_eq!(done(&migrator.up(Target::Head).await.expect("up")), ["3"]);
    assert_eq!(database.tables().await, names(["3"]));
}

pub async fn goes_both_ways(database: &Database) {
    let mut migrator = database.connect(tables(["1", "2", "3"])).await;
    assert_eq!(stamp(&mut migrator, "head").await.len(), 3);
    assert!(stamp(&mut migrator, "head").await.is_empty());
    let removed = stamp(&mut migrator, "1").await;
    assert_eq!(removed, [("3".to_owned(), Action::Unstamp), ("2".to_owned(), Action::Unstamp)]);
    assert_eq!(applied(database).await, ["1"]);
    assert_eq!(stamp(&mut migrator, "base").await.len(), 1);
    assert!(applied(database).await.is_empty() && database.tables().await.is_empty());
    assert_eq!(migrator.up(Target::Head).await.expect("up").done.len(), 3);
}

pub async fn a_stamped_revision_can_be_undone(database: &Database) {
    database.query("CREATE TABLE t1 (id BIGINT)").await;
    let mut migrator = database.connect(tables(["1", "2"])).await;
    stamp(&mut migrator, "1").await;
    migrator.up(Target::Head).await.expect("up");
    assert_eq!(done(&migrator.down(Target::Base).await.expect("down")), ["2", "1"]);
    assert!(database.tables().await.is_empty());
}

pub async fn a_stamp_is_checked_like_what_was_applied(database: &Database) {
    stamp(&mut database.connect(tables(["1", "2"])).await, "head").await;
    let edited = vec![table("1"), table("2").up("CREATE TABLE other (id BIGINT)"), table("3")];
    let refused = failure::plan(
        database.connect(edited).await.up(Target::Head).await.expect_err("2 was edited"),
    );
    assert!(
        matches!(refused, PlanError::Changed { ref revisions } if revisions[0].key.id.as_str() == "2"),
        "{refused:?}"
    );
}

pub async fn data_beside_the_target_is_left_pending(database: &Database) {
    let set = vec![
        table("1"),
        data("2", "INSERT INTO t1 VALUES (1)"),
        table("3"),
        data("4", "").after(["1"]),
        table("5").depends_on("4"),
    ];
    let mut migrator = database.connect(set).await;
    stamp(&mut migrator, "head").await;
    // The stamped revisions depend on 4, but not on 2.
    let mut there = applied(database).await;
    there.sort_unstable();
    assert_eq!(there, ["1", "3", "4", "5"]);
    assert_eq!(migrator.current().await.expect("current").pending_data, 1);
}
