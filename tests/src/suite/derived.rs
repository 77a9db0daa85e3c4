//! Undoing revisions with a derived `down`.

use migrate_core::{Migrator, Target};

use crate::Database;
use crate::history::applied;
use crate::migrations::done;
use crate::schema::schema_of;

/// Each step down restores the schema from before the step.
pub async fn a_derived_down_undoes_its_revision_and_nothing_else(database: &Database) {
    let mut migrator = database.attach(Migrator::new(crate::Migrations)).await;
    let mut schemas = Vec::new();
    for _ in 0..4 {
        schemas.push(schema_of(database).await);
        migrator.up(Target::Relative(1)).await.expect("up");
    }
    let head = schema_of(database).await;
    for (before, rev) in schemas.iter().zip(["1", "2", "3", "4"]).rev() {
        let report = migrator.down(Target::Relative(-1)).await.expect("down");
        assert_eq!(done(&report), [rev]);
        assert_eq!(schema_of(database).await, *before, "before {rev}");
    }
    migrator.up(Target::Head).await.expect("up again");
    assert_eq!(schema_of(database).await, head);
    assert_eq!(applied(database).await, ["1", "2", "3", "4"]);
}
