//! Applying revisions.

use migrate_core::{Migration, Target};

use crate::Database;

/// Two tables, one resting on the other.
fn shop() -> Vec<Migration> {
    vec![
        Migration::new("001").up("CREATE TABLE users (id BIGINT PRIMARY KEY)").down("DROP TABLE users"),
        Migration::new("002")
            .up("CREATE TABLE orders (id BIGINT PRIMARY KEY); -- a note\nCREATE INDEX orders_id ON orders (id) -- end")
            .down("DROP TABLE orders"),
    ]
}

/// `up` applies all that is pending, and says so.
pub async fn applies_everything_in_order_and_records_it(database: &Database) {
    let mut migrator = database.connect(shop()).await;
    let report = migrator.up(Target::Head).await.expect("up");
    let done: Vec<_> = report.done.iter().map(|done| (done.key.id.as_str(), done.statements)).collect();
    assert_eq!(done, [("001", 1), ("002", 2)]);
    let again = migrator.up(Target::Head).await.expect("up");
    assert!(again.done.is_empty());
    let current = migrator.current().await.expect("current");
    assert_eq!(current.pending, 0);
    let report = migrator.down(Target::Base).await.expect("down");
    assert_eq!(report.done.len(), 2);
    let report = migrator.up(Target::Head).await.expect("up");
    assert_eq!(report.done.len(), 2);
}
