//! Undoing revisions.

use migrate_core::__private::{self, Declaration};
use migrate_core::prelude::*;
use migrate_core::{Action, Migration, PlanError, Target};

use crate::Database;
use crate::failure;
use crate::history::{applied, log};
use crate::migrations::{DECLARATION, data, done, names, table, tables};
use crate::schema::schema_of;

pub async fn undoes_as_many_as_asked_for(database: &Database) {
    let mut migrator = database.connect(tables(["1", "2", "3", "4", "5"])).await;
    migrator.up(Target::Head).await.expect("up");
    let report = migrator.down(Target::Relative(-1)).await.expect("down");
    assert_eq!(done(&report), ["5"]);
    assert!(report.done.iter().all(|done| done.action == Action::Revert && done.statements == 1));
    assert_eq!(done(&migrator.down(Target::Relative(-2)).await.expect("down")), ["4", "3"]);
    assert_eq!(database.tables().await, names(["1", "2"]));
    assert_eq!(applied(database).await, ["1", "2"]);
    assert_eq!(log(database).await[5..], ["down 5", "down 4", "down 3"]);
}

pub async fn leaves_the_target_applied(database: &Database) {
    let mut migrator = database.connect(tables(["1", "2", "3"])).await;
    migrator.up(Target::Head).await.expect("up");
    assert_eq!(done(&migrator.down("2".parse().expect("a target")).await.expect("down")), ["3"]);
    assert_eq!(done(&migrator.down("2".parse().expect("a target")).await.expect("down")), [""; 0]);
    assert_eq!(done(&migrator.down(Target::Base).await.expect("down")), ["2", "1"]);
    assert!(database.tables().await.is_empty());
}

pub async fn the_last_applied_goes_first_whatever_its_number(database: &Database) {
    let base = || vec![table("1").after([]), table("9").after(["1"])];
    database.connect(base()).await.up(Target::Head).await.expect("up");
    let mut both = base();
    both.push(table("5").after(["1"]));
    let mut migrator = database.connect(both).await;
    migrator.up(Target::Heads).await.expect("up");
    assert_eq!(done(&migrator.down(Target::Relative(-1)).await.expect("down")), ["5"]);
}

async fn drop_by_code(db: &mut Db) -> Result<()> {
    db.execute("DROP TABLE t3").await?;
    Ok(())
}

fn drop_per_dialect(dialect: Dialect) -> String {
    format!("DROP TABLE t2 /* on {dialect} */")
}

pub async fn every_form_of_down_undoes(database: &Database) {
    let mut migrator = database
        .connect(vec![
            table("1"),
            table("2").down(drop_per_dialect),
            table("3").down(drop_by_code),
            table("4").down(|| "DROP TABLE t4"),
        ])
        .await;
    migrator.up(Target::Head).await.expect("up");
    let report = migrator.down(Target::Base).await.expect("down");
    let counts: Vec<_> =
        report.done.iter().map(|done| (done.key.id.as_str(), done.statements)).collect();
    assert_eq!(counts, [("4", 1), ("3", 1), ("2", 1), ("1", 1)]);
    assert!(database.tables().await.is_empty() && applied(database).await.is_empty());
}

pub async fn what_cannot_be_undone_is_refused_before_anything_is(database: &Database) {
    let mut migrator = database
        .connect(vec![
            table("1"),
            table("2").irreversible(),
            table("3"),
            Migration::new("4").up("SELECT 1"),
        ])
        .await;
    migrator.up(Target::Head).await.expect("up");
    let refused =
        failure::plan(migrator.down(Target::Base).await.expect_err("two cannot be undone"));
    let PlanError::Irreversible { revisions } = refused else { panic!("{refused:?}") };
    let mut ids: Vec<&str> = revisions.iter().map(|key| key.id.as_str()).collect();
    ids.sort_unstable();
    assert_eq!(ids, ["2", "4"]);
    assert_eq!(applied(database).await, ["1", "2", "3", "4"]);
    assert_eq!(database.tables().await, names(["1", "2", "3"]));
}

pub async fn up_down_up_ends_where_one_up_does(database: &Database) {
    let set = || {
        vec![
            Migration::new("1")
                .up("CREATE TABLE users (id BIGINT PRIMARY KEY, name VARCHAR(20) NOT NULL DEFAULT 'x')")
                .down("DROP TABLE users"),
            Migration::new("2")
                .up("CREATE TABLE orders (id BIGINT PRIMARY KEY, buyer BIGINT REFERENCES users (id))")
                .down("DROP TABLE orders"),
            Migration::new("3")
                .up("CREATE UNIQUE INDEX users_name ON users (name)")
                .down(|dialect: Dialect| match dialect {
                    Dialect::Mysql => "DROP INDEX users_name ON users",
                    Dialect::Postgres | Dialect::Sqlite => "DROP INDEX users_name",
                }),
            Migration::new("4")
                .up("ALTER TABLE users ADD COLUMN email VARCHAR(40)")
                .down("ALTER TABLE users DROP COLUMN email"),
        ]
    };
    let mut migrator = database.connect(set()).await;
    migrator.up(Target::Head).await.expect("up");
    let once = schema_of(database).await;
    assert!(once.len() >= 3, "{once:?}");
    for target in [Target::Relative(-1), Target::Relative(-3), Target::Base] {
        migrator.down(target).await.expect("down");
        assert_ne!(schema_of(database).await, once);
        migrator.up(Target::Head).await.expect("up");
        assert_eq!(schema_of(database).await, once);
        assert_eq!(applied(database).await, ["1", "2", "3", "4"]);
    }
}

pub async fn data_revisions_above_are_undone_or_forgotten_first(database: &Database) {
    let mut migrator = database
        .connect(vec![
            table("1"),
            table("2"),
            data("3", "INSERT INTO t2 VALUES (3)"),
            data("4", "INSERT INTO t1 VALUES (4)").after(["2"]).down("DELETE FROM t1 WHERE id = 4"),
            data("5", "INSERT INTO t1 VALUES (5)").after(["1"]),
        ])
        .await;
    migrator.production(Target::Head).await.expect("production");
    let report = migrator.down("1".parse().expect("a target")).await.expect("down");
    let events: Vec<_> =
        report.done.iter().map(|done| (done.key.id.as_str(), done.action)).collect();
    let (last, rest) = events.split_last().expect("steps");
    assert_eq!(*last, ("2", Action::Revert));
    assert!(
        rest.contains(&("3", Action::Forget)) && rest.contains(&("4", Action::Revert)),
        "{rest:?}"
    );
    assert_eq!(database.column::<i64>("SELECT id FROM t1").await, [5]);
    assert!(applied(database).await.iter().all(|rev| ["1", "5"].contains(&rev.as_str())));
    migrator.production(Target::Head).await.expect("production");
    assert_eq!(database.column::<i64>("SELECT id FROM t1 ORDER BY id").await, [4, 5]);
    assert_eq!(database.column::<i64>("SELECT id FROM t2").await, [3]);
}

pub async fn a_target_that_is_not_applied_is_refused(database: &Database) {
    let mut migrator = database.connect(tables(["1", "2", "3"])).await;
    migrator.up("1".parse().expect("a target")).await.expect("up");
    let refused = failure::plan(
        migrator.down("2".parse().expect("a target")).await.expect_err("not applied"),
    );
    assert!(
        matches!(refused, PlanError::NotApplied { ref key } if key.id.as_str() == "2"),
        "{refused:?}"
    );
}

pub async fn more_steps_than_there_are_is_refused(database: &Database) {
    let mut migrator = database.connect(tables(["1", "2", "3"])).await;
    migrator.up("2".parse().expect("a target")).await.expect("up");
    let refused =
        failure::plan(migrator.down(Target::Relative(-3)).await.expect_err("there are two"));
    assert!(matches!(refused, PlanError::TooFar { asked: 3, possible: 2 }), "{refused:?}");
    let refused = failure::plan(migrator.up(Target::Relative(2)).await.expect_err("there is one"));
    assert!(matches!(refused, PlanError::TooFar { asked: 2, possible: 1 }), "{refused:?}");
    let refused = failure::plan(migrator.down(Target::Relative(1)).await.expect_err("that is up"));
    assert!(matches!(refused, PlanError::WrongWay { .. }), "{refused:?}");
    assert_eq!(applied(database).await, ["1", "2"]);
}

/// Returns the migration that the attribute makes of a function without `down`.
fn derived() -> Migration {
    const DOWN: &str = "DROP TABLE parcels;\nDROP TABLE orders";
    static DERIVED: Declaration = Declaration {
        up: || __private::body("CREATE TABLE orders (id BIGINT); CREATE TABLE parcels (id BIGINT)"),
        down: || {
            __private::derived(&[
                (Dialect::Postgres, DOWN),
                (Dialect::Mysql, DOWN),
                (Dialect::Sqlite, DOWN),
            ])
        },
        ..DECLARATION
    };
    Migration::from(&DERIVED)
}

pub async fn a_derived_down_undoes(database: &Database) {
    let mut migrator = database.connect(vec![table("1"), derived()]).await;
    migrator.up(Target::Head).await.expect("up");
    let (_, down) = migrator.applied_sql(derived().key()).await.expect("SQL");
    assert_eq!(down.as_deref(), Some("DROP TABLE parcels;\nDROP TABLE orders"));
    let report = migrator.down(Target::Relative(-1)).await.expect("down");
    assert_eq!((done(&report), report.done[0].statements), (vec!["2"], 2));
    assert_eq!(database.tables().await, names(["1"]));
}
