//! Schema and data revisions together.

use migrate_core::{Kind, PlanError, Target};

use crate::Database;
use crate::failure;
use crate::history::applied;
use crate::migrations::{data, done, table};

/// Returns a table, rows for it, and a second table that needs the rows.
fn release() -> Vec<migrate_core::Migration> {
    vec![table("1"), data("2", "INSERT INTO t1 VALUES (7)"), table("3").depends_on("2"), table("4")]
}

pub async fn up_refuses_what_needs_data_that_is_not_there(database: &Database) {
    let mut migrator = database.connect(release()).await;
    let refused = failure::plan(migrator.up(Target::Head).await.expect_err("3 needs 2"));
    let PlanError::NeedsData { needs } = &refused else { panic!("{refused:?}") };
    assert_eq!((needs[0].schema.id.as_str(), needs[0].data.id.as_str()), ("3", "2"));
    assert!(refused.hint().expect("a hint").contains("migrate production"));
    assert!(database.all_tables().await.is_empty());
    assert_eq!(done(&migrator.up("1".parse().expect("a target")).await.expect("up")), ["1"]);
}

pub async fn production_applies_both_kinds_in_the_order_of_the_graph(database: &Database) {
    let mut migrator = database.connect(release()).await;
    let report = migrator.production(Target::Head).await.expect("production");
    assert_eq!(done(&report), ["1", "2", "3", "4"]);
    let kinds: Vec<Kind> = report.done.iter().map(|done| done.kind).collect();
    assert_eq!(kinds, [Kind::Schema, Kind::Data, Kind::Schema, Kind::Schema]);
    assert_eq!(database.column::<i64>("SELECT id FROM t1").await, [7]);
    assert!(migrator.production(Target::Head).await.expect("production").done.is_empty());
}

pub async fn up_leaves_data_revisions_pending_and_counts_them(database: &Database) {
    let set = vec![
        table("1"),
        data("2", "INSERT INTO t1 VALUES (7)"),
        table("3"),
        data("4", "DELETE FROM t1"),
    ];
    let mut migrator = database.connect(set).await;
    assert_eq!(done(&migrator.up(Target::Head).await.expect("up")), ["1", "3"]);
    let current = migrator.current().await.expect("current");
    assert_eq!((current.pending, current.pending_data), (0, 2));
    migrator.ensure_current().await.expect("pending data is no gap in the schema");
    assert_eq!(migrator.production(Target::Head).await.expect("production").done.len(), 2);
    assert_eq!(migrator.current().await.expect("current").pending_data, 0);
}

pub async fn up_to_a_data_revision_is_refused(database: &Database) {
    let mut migrator = database.connect(release()).await;
    let refused =
        failure::plan(migrator.up("2".parse().expect("a target")).await.expect_err("2 is data"));
    assert!(
        matches!(refused, PlanError::DataTarget { ref key } if key.id.as_str() == "2"),
        "{refused:?}"
    );
    assert!(refused.hint().expect("a hint").contains("migrate production -r 2"));
    assert_eq!(
        done(&migrator.production("2".parse().expect("a target")).await.expect("production")),
        ["1", "2"]
    );
}

pub async fn rows_of_a_data_revision_and_its_record_are_one(database: &Database) {
    let set = vec![
        table("1"),
        data("2", "INSERT INTO t1 VALUES (1)"),
        data("3", "INSERT INTO nowhere VALUES (1)"),
    ];
    let mut migrator = database.connect(set).await;
    failure::step(migrator.production(Target::Head).await.expect_err("a table that is not there"));
    assert_eq!(applied(database).await, ["1", "2"]);
    assert_eq!(database.column::<i64>("SELECT id FROM t1").await, [1]);
}
