//! The plan that was shown is the plan that runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use migrate_core::{
    Answer, Connected, Error, Migration, Migrator, Plan, Repair, Report, Request, RunError, Target,
};

use crate::Database;
use crate::history::{applied, log};
use crate::migrations::{done, names, table, tables};

async fn shown(migrator: &mut Connected, request: Request) -> Plan {
    migrator.plan(&request).await.expect("a plan")
}

fn assert_outdated(outcome: Result<Report, Error>) {
    let error = outcome.expect_err("history has changed");
    assert_eq!(error.code(), "outdated", "{error}");
    assert_eq!(error.to_string(), "history has changed since the plan was made: nothing was done");
    assert!(error.hints().join(" ").contains("again"), "{:?}", error.hints());
    let Error::Run(RunError::Outdated { report }) = error else { panic!("{error:?}") };
    assert!(report.done.is_empty());
}

pub async fn a_plan_that_is_still_true_is_run(database: &Database) {
    let set = || tables(["1", "2", "3"]);
    let mut migrator = database.connect(set()).await;
    let plan = shown(&mut migrator, Request::Up(Target::Head)).await;
    assert_eq!(done(&migrator.run_plan(&plan).await.expect("up")), ["1", "2", "3"]);
    let plan = shown(&mut migrator, Request::Down(Target::Relative(-2))).await;
    assert_eq!(done(&migrator.run_plan(&plan).await.expect("down")), ["3", "2"]);
    assert_eq!(database.tables().await, names(["1"]));
}

pub async fn what_another_run_has_undone_is_not_replaced_by_the_next(database: &Database) {
    let set = || tables(["1", "2", "3"]);
    let mut first = database.connect(set()).await;
    first.up(Target::Head).await.expect("up");
    let plan = shown(&mut first, Request::Down(Target::Relative(-1))).await;
    let mut second = database.connect(set()).await;
    assert_eq!(done(&second.down(Target::Relative(-1)).await.expect("down")), ["3"]);
    assert_outdated(first.run_plan(&plan).await);
    assert_eq!(applied(database).await, ["1", "2"]);
    assert_eq!(database.tables().await, names(["1", "2"]));
}

pub async fn what_another_run_has_applied_is_not_undone_unseen(database: &Database) {
    let set = || tables(["1", "2", "3"]);
    let mut first = database.connect(set()).await;
    first.up("2".parse().expect("a target")).await.expect("up");
    let plan = shown(&mut first, Request::Down(Target::Relative(-1))).await;
    let to_base = shown(&mut first, Request::Down(Target::Base)).await;
    database.connect(set()).await.up(Target::Head).await.expect("up");
    assert_outdated(first.run_plan(&plan).await);
    assert_outdated(first.run_plan(&to_base).await);
    assert_eq!(applied(database).await, ["1", "2", "3"]);
}

pub async fn an_up_that_was_shown_is_not_another_one(database: &Database) {
    let set = || tables(["1", "2", "3"]);
    let mut first = database.connect(set()).await;
    let plan = shown(&mut first, Request::Up(Target::Head)).await;
    let release = shown(&mut first, Request::Production(Target::Head)).await;
    database.connect(set()).await.up("1".parse().expect("a target")).await.expect("up");
    assert_outdated(first.run_plan(&plan).await);
    assert_outdated(first.run_plan(&release).await);
    assert_eq!(applied(database).await, ["1"]);
}

pub async fn what_does_not_touch_the_plan_does_not_stop_it(database: &Database) {
    let of = |krate: &'static str| -> Vec<Migration> {
        tables(["1", "2"]).into_iter().map(|one| one.in_crate(krate)).collect()
    };
    let other = vec![Migration::new("7").in_crate("billing").up("CREATE TABLE b7 (id BIGINT)")];
    let mut first = database.connect(of("shop")).await;
    first.up(Target::Head).await.expect("up");
    let plan = shown(&mut first, Request::Down(Target::Relative(-1))).await;
    database.connect(other).await.up(Target::Head).await.expect("another crate");
    assert_eq!(done(&first.run_plan(&plan).await.expect("down")), ["2"]);
}

pub async fn undoing_from_history_undoes_what_was_shown(database: &Database) {
    database.connect(tables(["1", "2", "3"])).await.up(Target::Head).await.expect("up");
    let mut first = database.connect(tables(["1"])).await;
    let plan = shown(&mut first, Request::DownFromHistory(Some(1))).await;
    let mut second = database.connect(tables(["1"])).await;
    second.run(&Request::DownFromHistory(Some(1))).await.expect("down");
    assert_outdated(first.run_plan(&plan).await);
    assert_eq!(applied(database).await, ["1", "2"]);
}

pub async fn a_stamp_that_was_shown_is_not_another_one(database: &Database) {
    let mut first = database.connect(tables(["1", "2", "3"])).await;
    let plan = shown(&mut first, Request::Stamp("2".parse().expect("a target"))).await;
    database.connect(tables(["1", "2", "3"])).await.up(Target::Head).await.expect("up");
    assert_outdated(first.run_plan(&plan).await);
    assert_eq!(applied(database).await, ["1", "2", "3"]);
}

pub async fn an_acceptance_that_was_shown_is_not_another_one(database: &Database) {
    database.connect(tables(["1"])).await.up(Target::Head).await.expect("up");
    let edited = |note: &str| {
        let sql = format!("CREATE TABLE t1 (id BIGINT PRIMARY KEY, {note} BIGINT)");
        vec![Migration::new("1").up(sql).down("DROP TABLE t1")]
    };
    let key = table("1").key().clone();
    let mut first = database.connect(edited("a")).await;
    let repair = Request::Repair(Repair::new(key.clone(), Answer::Accept, "why"));
    let plan = shown(&mut first, repair.clone()).await;
    database.connect(edited("b")).await.run(&repair).await.expect("another's word");
    assert_outdated(first.run_plan(&plan).await);
    assert_eq!(log(database).await.iter().filter(|line| line.starts_with("repair")).count(), 1);
}

pub async fn sixteen_runs_that_were_shown_nothing_all_end_well(database: &Database) {
    database.connect(tables(["1", "2", "3", "4"])).await.up(Target::Head).await.expect("up");
    let runners: Vec<_> = (0..16)
        .map(|_| {
            let url = database.url().to_owned();
            tokio::spawn(async move {
                let migrator = Migrator::new(tables(["1", "2", "3", "4"]));
                let mut migrator = migrator.connect(&url).await.expect("a connection");
                migrator.down("1".parse().expect("a target")).await.expect("down").done.len()
            })
        })
        .collect();
    let mut undone = 0;
    for runner in runners {
        undone += runner.await.expect("a runner that ends well");
    }
    assert_eq!((undone, applied(database).await), (3, vec!["1".to_owned()]));
}

pub async fn a_plan_is_reviewed_once_unless_it_becomes_another(database: &Database) {
    let reviews = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&reviews);
    let migrator = Migrator::new(tables(["1", "2"])).review(move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
        Ok(())
    });
    let mut migrator = database.attach(migrator).await;
    migrator.up(Target::Head).await.expect("up");
    assert_eq!(reviews.load(Ordering::SeqCst), 1);
}
