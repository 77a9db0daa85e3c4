//! The revisions of a target, a branch, a crate.

use migrate_core::{Kind, Migration, Migrator, PlanError, Policy, Settings, Target};

use crate::Database;
use crate::failure;
use crate::history::applied;
use crate::migrations::{data, done, table};

fn to(target: &str) -> Target {
    target.parse().expect("a target")
}

fn strict() -> Settings {
    let mut settings = Settings::default();
    settings.policies.out_of_order = Policy::Error;
    settings
}

pub async fn production_to_a_revision_runs_nothing_after_it(database: &Database) {
    let all = vec![
        table("1"),
        data("2", "INSERT INTO t1 VALUES (1)"),
        table("3"),
        data("4", "INSERT INTO t3 VALUES (1)"),
        data("5", "INSERT INTO t1 VALUES (2)").after(["1"]),
    ];
    let mut migrator = database.attach(Migrator::new(all).settings(strict())).await;
    assert_eq!(done(&migrator.production(to("1")).await.expect("production")), ["1"]);
    assert_eq!(
        done(&migrator.production(Target::Head).await.expect("production")),
        ["2", "3", "4", "5"]
    );
}

pub async fn down_within_a_branch_leaves_the_others(database: &Database) {
    let all = vec![
        table("1").after([]),
        table("a1").after(["1"]),
        table("a2").after(["a1"]),
        table("b1").after(["a1"]).branch("billing"),
        table("b2").after(["b1"]),
    ];
    let mut migrator = database.connect(all).await;
    migrator.up(Target::Heads).await.expect("up");
    assert_eq!(done(&migrator.down(to("billing@head-1")).await.expect("down")), ["b2"]);
    assert_eq!(done(&migrator.down(to("billing@a1")).await.expect("down")), ["b1"]);
    migrator.up(Target::Heads).await.expect("up");
    assert_eq!(done(&migrator.stamp(to("billing@a1")).await.expect("stamp")).len(), 2);
    assert_eq!(applied(database).await, ["1", "a1", "a2"]);
}

pub async fn down_keeps_what_only_depends_on_the_target(database: &Database) {
    let all = || {
        vec![
            table("1").in_crate("billing"),
            table("2").in_crate("billing"),
            table("3").in_crate("shop").depends_on("billing@1"),
        ]
    };
    for target in ["billing@1", "billing@-1"] {
        let mut migrator = database.connect(all()).await;
        migrator.up(Target::Head).await.expect("up");
        assert_eq!(done(&migrator.down(to(target)).await.expect("down")), ["2"], "{target}");
    }
}

pub async fn two_crates_with_the_same_numbers_share_a_database(database: &Database) {
    let of = |krate: &'static str, prefix: &str| -> Vec<Migration> {
        ["1", "2", "3"]
            .map(|rev| {
                Migration::new(rev)
                    .in_crate(krate)
                    .up(format!("CREATE TABLE {prefix}{rev} (id BIGINT PRIMARY KEY)"))
                    .down(format!("DROP TABLE {prefix}{rev}"))
            })
            .to_vec()
    };
    database.connect(of("shop", "s")).await.up(Target::Head).await.expect("up");
    let mut billing = database.connect(of("billing", "b")).await;
    assert_eq!(billing.current().await.expect("current").pending, 3);
    assert_eq!(done(&billing.up(Target::Head).await.expect("up")), ["1", "2", "3"]);
    assert_eq!(done(&billing.down(Target::Base).await.expect("down")), ["3", "2", "1"]);
    let error =
        database.connect(of("store", "s")).await.up(Target::Head).await.expect_err("renamed");
    assert!(matches!(failure::plan(error), PlanError::CrateRenamed { was, .. } if was == "shop"));
}

pub async fn a_revision_moved_between_kinds_is_named(database: &Database) {
    let moved = |kind: Kind| {
        vec![table("1"), Migration::new("2").kind(kind).up("INSERT INTO t1 VALUES (1)"), table("3")]
    };
    let schema = || {
        let mut all = moved(Kind::Schema);
        all[1] = all[1].clone().waive("mixed", "it is moved later").down("DELETE FROM t1");
        all
    };
    let mut first = schema();
    first.truncate(2);
    database.connect(first).await.up(Target::Head).await.expect("up");
    let mut migrator = database.connect(moved(Kind::Data)).await;
    let refused = failure::plan(migrator.up(Target::Head).await.expect_err("2 was schema"));
    let PlanError::Changed { revisions } = &refused else { panic!("{refused:?}") };
    assert_eq!((revisions[0].key.id.as_str(), revisions[0].was), ("2", Some(Kind::Schema)));
    assert_eq!(migrator.edited().await.expect("edited").len(), 1);
    let mut lenient = Settings::default();
    lenient.policies.checksum = Policy::Warn;
    let mut said = database.attach(Migrator::new(moved(Kind::Data)).settings(lenient)).await;
    assert_eq!(
        said.plan(&migrate_core::Request::Up(Target::Head)).await.expect("plan").notices.len(),
        1
    );
    let accept = migrate_core::Repair::new(
        revisions[0].key.clone(),
        migrate_core::Answer::Accept,
        "it changes rows",
    );
    migrator.repair(accept).await.expect("repair");
    assert!(migrator.edited().await.expect("edited").is_empty());
    assert_eq!(done(&migrator.up(Target::Head).await.expect("up")), ["3"]);
}
