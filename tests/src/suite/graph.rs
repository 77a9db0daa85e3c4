//! Branches, merges, and refused plans.

use migrate_core::{
    Error, Migration, Migrator, Notice, PlanError, Policy, RunError, Settings, Target, TargetError,
};

use crate::Database;
use crate::failure;
use crate::history::applied;
use crate::migrations::{data, done, names, table, tables};

/// Returns two branches from one base, merged or not.
fn fork(merged: bool) -> Vec<Migration> {
    let mut set = vec![
        table("1"),
        table("a1").after(["1"]).branch("shop"),
        table("a2").after(["a1"]),
        table("b1").after(["1"]).branch("billing"),
    ];
    if merged {
        set.push(table("m").after(["a2", "b1"]));
    }
    set
}

fn lenient(change: impl FnOnce(&mut Settings)) -> Settings {
    let mut settings = Settings::default();
    change(&mut settings);
    settings
}

pub async fn branches_and_their_merge_are_applied_in_order(database: &Database) {
    let mut migrator = database.connect(fork(true)).await;
    let report = migrator.up(Target::Head).await.expect("up");
    let order = done(&report);
    let place = |rev: &str| order.iter().position(|id| *id == rev).expect("applied");
    assert!(place("1") < place("a1") && place("a1") < place("a2") && place("1") < place("b1"));
    assert_eq!(place("m"), 4);
    let undone = migrator.down(Target::Base).await.expect("down");
    assert_eq!(done(&undone).into_iter().rev().collect::<Vec<_>>(), order);
}

pub async fn several_heads_are_named_where_one_is_meant(database: &Database) {
    let mut migrator = database.connect(fork(false)).await;
    let error = migrator.up(Target::Head).await.expect_err("two heads");
    assert!(error.to_string().contains("a2") && error.to_string().contains("b1"), "{error}");
    let hints = error.hints().join("\n");
    assert!(hints.contains("migrate merge") && hints.contains("heads"), "{hints}");
    let refused = failure::plan(error);
    assert!(matches!(refused, PlanError::Target(TargetError::MultipleHeads { .. })), "{refused:?}");
    assert!(database.all_tables().await.is_empty());
    assert_eq!(migrator.up(Target::Heads).await.expect("up").done.len(), 4);
    assert_eq!(migrator.current().await.expect("current").at_head.len(), 2);
}

pub async fn one_branch_can_go_ahead_of_the_other(database: &Database) {
    let mut migrator = database.connect(fork(false)).await;
    let report = migrator.up("shop@head".parse().expect("a target")).await.expect("up");
    assert_eq!(done(&report), ["1", "a1", "a2"]);
    assert_eq!(
        done(&migrator.up("billing@head".parse().expect("a target")).await.expect("up")),
        ["b1"]
    );
}

pub async fn a_late_revision_beside_applied_ones_runs_and_is_noticed(database: &Database) {
    let base = || vec![table("1").after([]), table("3").after(["1"])];
    database.connect(base()).await.up(Target::Head).await.expect("up");
    let late = || [base(), vec![table("2").after(["1"]), table("4").after(["2", "3"])]].concat();
    let strict = lenient(|settings| settings.policies.out_of_order = Policy::Error);
    let mut strict = database.attach(Migrator::new(late()).settings(strict)).await;
    let refused = failure::plan(strict.up(Target::Head).await.expect_err("2 is late"));
    assert!(
        matches!(refused, PlanError::OutOfOrder { ref key, .. } if key.id.as_str() == "2"),
        "{refused:?}"
    );
    let report = database.connect(late()).await.up(Target::Head).await.expect("up");
    assert_eq!(done(&report), ["2", "4"]);
    assert!(
        matches!(&report.notices[..], [Notice::OutOfOrder { key, .. }] if key.id.as_str() == "2"),
        "{report:?}"
    );
}

pub async fn a_revision_put_below_an_applied_one_is_refused(database: &Database) {
    database.connect(tables(["1", "3"])).await.up(Target::Head).await.expect("up");
    let mut migrator = database.connect(tables(["1", "2", "3"])).await;
    let refused = failure::plan(migrator.up(Target::Head).await.expect_err("3 rests on 2"));
    let PlanError::Below { key, applied } = &refused else { panic!("{refused:?}") };
    assert_eq!((key.id.as_str(), applied.id.as_str()), ("2", "3"));
    assert_eq!(database.tables().await, names(["1", "3"]));
}

pub async fn a_database_ahead_of_the_program_is_refused_unless_policy_lets_it_pass(
    database: &Database,
) {
    database.connect(tables(["1", "2", "3"])).await.up(Target::Head).await.expect("up");
    let older = || vec![table("1"), table("1b").after(["1"])];
    let mut migrator = database.connect(older()).await;
    for request in ["up", "down"] {
        let outcome = if request == "up" {
            migrator.up(Target::Head).await
        } else {
            migrator.down(Target::Base).await
        };
        let refused = failure::plan(outcome.expect_err("2 and 3 are unknown"));
        let PlanError::Unknown { revisions } = &refused else { panic!("{refused:?}") };
        assert_eq!(revisions.iter().map(|key| key.id.as_str()).collect::<Vec<_>>(), ["2", "3"]);
    }
    let settings = lenient(|settings| settings.policies.ahead = Policy::Warn);
    let mut migrator = database.attach(Migrator::new(older()).settings(settings)).await;
    let report = migrator.up(Target::Head).await.expect("up");
    assert_eq!((done(&report), report.notices.len()), (vec!["1b"], 2));
}

pub async fn an_edited_revision_is_refused_by_name(database: &Database) {
    database.connect(tables(["1", "2"])).await.up(Target::Head).await.expect("up");
    let edited = |sql: &'static str| vec![table("1"), table("2").up(sql), table("3")];
    let mut migrator = database.connect(edited("CREATE TABLE t2 (id INT PRIMARY KEY)")).await;
    let error = migrator.up(Target::Head).await.expect_err("2 was edited");
    assert_eq!((error.code(), error.revision().map(|key| key.id.as_str())), ("changed", Some("2")));
    assert_eq!(applied(database).await, ["1", "2"]);
    let settings = lenient(|settings| settings.policies.checksum = Policy::Warn);
    let migrator = Migrator::new(edited("CREATE TABLE t2 (id INT PRIMARY KEY)")).settings(settings);
    let report = database.attach(migrator).await.up(Target::Head).await.expect("up");
    assert!(matches!(&report.notices[..], [Notice::Changed { code: false, .. }]), "{report:?}");
}

pub async fn comments_and_white_space_may_be_edited(database: &Database) {
    database.connect(tables(["1"])).await.up(Target::Head).await.expect("up");
    let edited = table("1")
        .up("-- the first\r\nCREATE TABLE t1 (\r\n\tid BIGINT /* sic */ PRIMARY KEY\r\n) ;");
    let report =
        database.connect(vec![edited, table("2")]).await.up(Target::Head).await.expect("up");
    assert_eq!((done(&report), report.notices.len()), (vec!["2"], 0));
}

pub async fn a_renamed_crate_is_noticed(database: &Database) {
    let in_crate = |name: &'static str| {
        tables(["1", "2", "3"])
            .into_iter()
            .map(move |migration| migration.in_crate(name))
            .collect::<Vec<_>>()
    };
    database.connect(in_crate("shop")).await.up(Target::Head).await.expect("up");
    let error =
        database.connect(in_crate("store")).await.up(Target::Head).await.expect_err("a new name");
    assert!(error.hints().join("").contains("name = \"shop\""), "{:?}", error.hints());
    assert!(
        matches!(failure::plan(error), PlanError::CrateRenamed { was, now } if was == "shop" && now == "store")
    );
}

pub async fn faults_of_the_graph_are_found_without_a_database(_: &Database) {
    let set = vec![table("1"), table("1"), table("3").after(["2"])];
    let error = Migrator::new(set)
        .connect("postgres://nobody@127.0.0.1:1/none")
        .await
        .expect_err("a graph with faults");
    assert!(matches!(error, Error::Graph(_)), "{error:?}");
}

pub async fn a_target_that_is_not_there_is_told_with_what_is_like_it(database: &Database) {
    let mut migrator = database
        .connect(vec![table("add_email").after([]), data("other", "").after(["add_email"])])
        .await;
    let error =
        migrator.up("add_emial".parse().expect("a target")).await.expect_err("no such revision");
    assert!(
        matches!(error, Error::Run(RunError::Plan(PlanError::Target(TargetError::Unknown { .. })))),
        "{error:?}"
    );
    assert!(error.hints().join("").contains("add_email"), "{:?}", error.hints());
}
