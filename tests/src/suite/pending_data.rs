//! Schema revisions after pending data revisions.

use migrate_core::{BoxError, Db, Kind, Migration, Notice, PlanError, Target};

use crate::Database;
use crate::failure;
use crate::history::applied;
use crate::migrations::{data, done, table};

/// Returns revisions that replace a column: expand, backfill, contract.
fn change() -> Vec<Migration> {
    vec![
        schema("010", "CREATE TABLE users (id BIGINT PRIMARY KEY, email VARCHAR(80))"),
        Migration::new("010.1").kind(Kind::Data).up("INSERT INTO users VALUES (1, 'a@b.example')"),
        schema("011", "ALTER TABLE users ADD COLUMN mail VARCHAR(80)"),
        data("012", "UPDATE users SET mail = email"),
        schema("013", "ALTER TABLE users DROP COLUMN email"),
    ]
}

fn schema(rev: &'static str, sql: &'static str) -> Migration {
    Migration::new(rev).up(sql).irreversible()
}

fn to(target: &str) -> Target {
    target.parse().expect("a target")
}

pub async fn up_refuses_to_destroy_what_a_pending_backfill_needs(database: &Database) {
    let mut migrator = database.connect(change()).await;
    migrator.production(to("011")).await.expect("production");
    let refused = failure::plan(migrator.up(Target::Head).await.expect_err("012 is pending"));
    let PlanError::PendingData { revisions } = &refused else { panic!("{refused:?}") };
    assert_eq!(
        (revisions[0].schema.id.as_str(), revisions[0].data.id.as_str(), revisions.len()),
        ("013", "012", 1)
    );
    assert_eq!(revisions[0].does.as_deref(), Some("drops `users.email`"));
    assert_eq!(applied(database).await, ["010", "010.1", "011"]);
    assert_eq!(done(&migrator.production(Target::Head).await.expect("production")), ["012", "013"]);
    assert_eq!(database.column::<String>("SELECT mail FROM users").await, ["a@b.example"]);
}

pub async fn nothing_runs_where_one_of_many_is_refused(database: &Database) {
    let mut migrator = database.connect(change()).await;
    let refused = failure::plan(migrator.up(Target::Head).await.expect_err("012 is pending"));
    assert_eq!(refused.code(), "pending-data");
    assert!(database.all_tables().await.is_empty());
}

pub async fn who_says_so_runs_before_pending_data(database: &Database) {
    let mut all = change();
    all[4] = all[4].clone().independent();
    let mut migrator = database.connect(all.clone()).await;
    assert_eq!(done(&migrator.up(Target::Head).await.expect("up")), ["010", "011", "013"]);
    all.push(
        schema("014", "ALTER TABLE users DROP COLUMN mail")
            .depends_on("010")
            .waive("pending_data", "nobody reads it"),
    );
    let report = database.connect(all).await.up(Target::Head).await.expect("up");
    assert_eq!(done(&report), ["014"]);
    assert_eq!(report.pending_data.len(), 2);
}

pub async fn code_may_touch_anything_and_is_told_where_it_may_destroy(database: &Database) {
    let code = || async |_: &mut Db| Ok::<(), BoxError>(());
    let mut all = change();
    all[1] = Migration::new("010.1").kind(Kind::Data).up(code());
    all.truncate(3);
    all.push(schema("013", "DROP TABLE users"));
    let refused = failure::plan(
        database.connect(all.clone()).await.up(Target::Head).await.expect_err("code"),
    );
    assert_eq!(refused.code(), "pending-data");
    all[3] = Migration::new("013").up(code()).irreversible();
    let report = database.connect(all).await.up(Target::Head).await.expect("up");
    assert_eq!(done(&report), ["010", "011", "013"]);
    assert!(
        matches!(&report.notices[..], [Notice::UnseenChange { key, .. }] if key.id.as_str() == "013"),
        "{report:?}"
    );
}

pub async fn a_report_names_the_data_revisions_that_wait(database: &Database) {
    let all = vec![
        table("1"),
        data("2", "INSERT INTO t1 VALUES (7)"),
        table("3"),
        data("4", "DELETE FROM t1"),
    ];
    let mut migrator = database.connect(all).await;
    let waiting = |report: &migrate_core::Report| -> Vec<String> {
        report.pending_data.iter().map(|key| key.id.to_string()).collect()
    };
    assert_eq!(waiting(&migrator.up(Target::Head).await.expect("up")), ["2", "4"]);
    assert_eq!(waiting(&migrator.up(Target::Head).await.expect("up")), ["2", "4"]);
    assert_eq!(waiting(&migrator.production(to("3")).await.expect("production")), ["4"]);
    assert!(waiting(&migrator.production(Target::Head).await.expect("production")).is_empty());
}
