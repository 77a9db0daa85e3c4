//! The library inside an application.

use std::sync::{Arc, Mutex};

use migrate_core::{BoxError, Error, Event, Migrator, Missing, Plan, Request, Target};

use crate::history::applied;
use crate::migrations::{data, done, mixed, table, tables};
use crate::{Database, failure};

/// The events of an observer, one line each.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    fn observer(&self) -> impl FnMut(Event<'_>) + Send + 'static {
        let told = self.clone();
        move |event| {
            let line = match event {
                Event::Planned(plan) => format!("planned {}", plan.steps.len()),
                Event::Sending { revisions } => {
                    format!(
                        "sending {}",
                        revisions.iter().map(|key| key.id.as_str()).collect::<Vec<_>>().join(" ")
                    )
                }
                Event::Done(done) => format!("done {}", done.key.id),
                other => format!("{other:?}"),
            };
            told.0.lock().expect("no panic").push(line);
        }
    }

    fn lines(&self) -> Vec<String> {
        self.0.lock().expect("no panic").clone()
    }
}

pub async fn an_observer_is_told_in_order(database: &Database) {
    let told = Told::default();
    let set = || {
        vec![table("1"), table("2"), data("3", "INSERT INTO nowhere VALUES (1)").depends_on("2")]
    };
    let mut migrator = database.attach(Migrator::new(set()).observer(told.observer())).await;
    failure::step(migrator.production(Target::Head).await.expect_err("no such table"));
    let mut lines = told.lines();
    lines.retain(|line| !line.starts_with("sending"));
    assert_eq!(lines, ["planned 3", "done 1", "done 2"]);
    assert!(told.lines()[1].starts_with("sending 1 2"), "{:?}", told.lines());
}

pub async fn nothing_is_told_when_there_is_nothing_to_do(database: &Database) {
    database.connect(tables(["1"])).await.up(Target::Head).await.expect("up");
    let told = Told::default();
    let mut migrator =
        database.attach(Migrator::new(tables(["1"])).observer(told.observer())).await;
    migrator.up(Target::Head).await.expect("up");
    assert_eq!(told.lines(), [""; 0]);
}

pub async fn the_start_up_guard_counts_what_is_pending(database: &Database) {
    let mut migrator = database.connect(tables(["1", "2", "3"])).await;
    let behind = migrator.ensure_current().await.expect_err("three are pending");
    assert!(matches!(behind, Error::Behind { pending: 3 }), "{behind:?}");
    migrator.up("2".parse().expect("a target")).await.expect("up");
    let behind = migrator.ensure_current().await.expect_err("one is pending");
    assert_eq!(
        (behind.to_string().as_str(), behind.code()),
        ("the schema is behind: 1 revision is pending", "behind")
    );
    migrator.up(Target::Head).await.expect("up");
    migrator.ensure_current().await.expect("nothing is pending");
}

pub async fn the_start_up_guard_is_not_content_with_a_failed_revision(database: &Database) {
    let set = vec![
        table("1"),
        mixed("2").up("CREATE TABLE t2 (id BIGINT); INSERT INTO nowhere VALUES (1)"),
    ];
    let mut migrator = database.connect(set).await;
    migrator.up(Target::Head).await.expect_err("no such table");
    let behind = migrator.ensure_current().await.expect_err("2 is not there");
    assert!(matches!(behind, Error::Behind { pending: 1 }), "{behind:?}");
}

pub async fn a_database_that_cannot_be_reached_is_told_without_its_password(database: &Database) {
    let wrong = match database.url().split_once("://") {
        Some((scheme, _)) => format!("{scheme}://somebody:hunter2@127.0.0.1:1/{}", database.name()),
        None => "sqlite:/nowhere/at/all/hunter2.db".to_owned(),
    };
    let error =
        Migrator::new(tables(["1"])).connect(&wrong).await.expect_err("nobody listens there");
    assert!(matches!(error, Error::Connect { .. }), "{error:?}");
    if wrong.contains('@') {
        assert_no_password(&error, "hunter2");
    }
}

pub async fn a_wrong_password_or_database_is_told_without_the_password(database: &Database) {
    let Some((scheme, rest)) = database.url().split_once("://") else {
        return assert_no_file_is_made(database).await;
    };
    let (login, place) = rest.split_once('@').expect("a user");
    let (user, password) = login.split_once(':').expect("a password");
    let (server, name) = place.rsplit_once('/').expect("a database");
    for (url, secret) in [
        (format!("{scheme}://{user}:hunter2@{server}/{name}"), "hunter2"),
        (format!("{scheme}://{user}:{password}@{server}/no_such_database"), password),
    ] {
        let error = Migrator::new(tables(["1"])).connect(&url).await.expect_err("refused");
        assert!(matches!(error, Error::Connect { .. }), "{error:?}");
        assert_no_password(&error, secret);
    }
}

/// Asserts that neither the error nor any of its causes shows `password`.
fn assert_no_password(error: &Error, password: &str) {
    let mut words = format!("{error} {error:?} {:?}", error.hints());
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        words.push_str(&error.to_string());
        cause = error.source();
    }
    assert!(!words.contains(password), "{words}");
}

async fn assert_no_file_is_made(database: &Database) {
    let file = database.url().strip_prefix("sqlite:").expect("a file").to_owned();
    let migrator = Migrator::new(tables(["1"])).missing(Missing::Fail);
    let error = migrator.connect(database.url()).await.expect_err("there is no file");
    assert!(matches!(error, Error::Connect { .. }), "{error:?}");
    assert!(!std::path::Path::new(&file).exists());
}

pub async fn runs_on_a_connection_of_ones_own(database: &Database) {
    let mut connection = database.open().await;
    let report =
        Migrator::new(tables(["1", "2"])).up_on(&mut connection, Target::Head).await.expect("up");
    assert_eq!(done(&report), ["1", "2"]);
    let request = Request::Down(Target::Relative(-1));
    let report =
        Migrator::new(tables(["1", "2"])).run_on(&mut connection, &request).await.expect("down");
    assert_eq!(done(&report), ["2"]);
    assert_eq!(connection.query("SELECT 1").await.expect("a live connection").len(), 1);
    connection.close().await.expect("a goodbye");
    assert_eq!(applied(database).await, ["1"]);
}

/// The plan is reviewed before it runs: a refused plan runs nothing and acquires no lock.
pub async fn a_plan_can_be_refused_before_it_is_run(database: &Database) {
    let told = Told::default();
    let no_third = |plan: &Plan| -> Result<(), BoxError> {
        match plan.steps.iter().find(|step| step.key().id.as_str() == "3") {
            Some(step) => Err(format!("`{}` is not for today", step.key().id).into()),
            None => Ok(()),
        }
    };
    let migrator = Migrator::new(tables(["1", "2", "3"])).observer(told.observer());
    let mut migrator = database.attach(migrator.review(no_third)).await;
    let refused = migrator.up(Target::Head).await.expect_err("a review");
    assert_eq!(
        (refused.code(), refused.to_string()),
        ("review", "`3` is not for today".to_owned())
    );
    assert_eq!(told.lines(), [""; 0]);
    assert!(database.all_tables().await.is_empty());
    let report = migrator.up("2".parse().expect("a target")).await.expect("up");
    assert_eq!(done(&report), ["1", "2"]);
}
