//! Recording a human's decision in history.

use migrate_core::prelude::*;
use migrate_core::{
    Answer, Checksum, Connected, Error, Migration, Migrator, PlanError, Repair, RepairFault,
    Report, Request, RevisionKey, State, Target,
};

use crate::failure;
use crate::history::{applied, log, states};
use crate::migrations::{done, table, tables};
use crate::{Database, Gate};

fn key(rev: &str) -> RevisionKey {
    RevisionKey::new("runtime", rev.to_owned())
}

async fn say(migrator: &mut Connected, rev: &str, answer: Answer) -> Result<Report, Error> {
    migrator.repair(Repair::new(key(rev), answer, "it was looked at")).await
}

fn fault(outcome: Result<Report, Error>) -> RepairFault {
    let refused = failure::plan(outcome.expect_err("a refusal"));
    let PlanError::Repair { fault, .. } = refused else { panic!("{refused:?}") };
    fault
}

const EDITED: &str = "CREATE TABLE t2 (id BIGINT NOT NULL, PRIMARY KEY (id))";

fn edited() -> Vec<Migration> {
    let two = table("2").description("a better one").up(EDITED).down("DROP TABLE IF EXISTS t2");
    vec![table("1"), two.waive("missing-primary-key", "it has one"), table("3")]
}

async fn stop_within(db: &mut Db) -> Result<()> {
    db.execute("CREATE TABLE t2 (id BIGINT)").await?;
    let gate = db.state::<Gate>()?.clone();
    gate.pass().await;
    db.execute("CREATE TABLE t3 (id BIGINT)").await?;
    Ok(())
}

/// A statement that another run is executing looks like one without effect.
pub async fn what_another_run_is_at_is_not_judged(database: &Database) {
    let set = || vec![table("1"), Migration::new("2").up(stop_within).down("").transaction(false)];
    let gate = Gate::default();
    let mut first = database.attach(Migrator::new(set()).with(gate.clone())).await;
    let running = tokio::spawn(async move { first.up(Target::Head).await.map(|_| ()) });
    gate.reached().await;
    let mut second = database.connect(set()).await;
    let unfinished = second.unfinished().await.expect("what is unfinished");
    assert_eq!(unfinished.len(), 1);
    assert!(unfinished[0].run.is_some(), "{unfinished:?}");
    gate.open();
    running.await.expect("no panic").expect("up");
    assert!(second.unfinished().await.expect("what is unfinished").is_empty());
}

pub async fn an_edited_revision_that_is_accepted_is_no_longer_refused(database: &Database) {
    database.connect(tables(["1", "2"])).await.up(Target::Head).await.expect("up");
    let mut migrator = database.connect(edited()).await;
    migrator.up(Target::Head).await.expect_err("2 was edited");
    assert_eq!(migrator.edited().await.expect("edited").len(), 1);
    let report = say(&mut migrator, "2", Answer::Accept).await.expect("accepted");
    assert_eq!(done(&report), ["2"]);
    assert!(migrator.edited().await.expect("edited").is_empty());
    assert_eq!(done(&migrator.up(Target::Head).await.expect("up")), ["3"]);

    let history = migrator.read_history().await.expect("history");
    let row = history.get(&key("2")).expect("a row");
    let now = Checksum::of_sql(EDITED, database.dialect()).to_string();
    assert_eq!(row.checksum.as_deref(), Some(now.as_str()));
    assert_eq!(
        (row.description.as_str(), row.sequence, row.state),
        ("a better one", 2, State::Applied)
    );
    assert_eq!(row.waivers.len(), 1);
    let (up, down) = migrator.applied_sql(&key("2")).await.expect("SQL");
    assert_eq!((up.as_deref(), down.as_deref()), (Some(EDITED), Some("DROP TABLE IF EXISTS t2")));
}

pub async fn what_is_accepted_is_logged_with_its_reason_and_both_checksums(database: &Database) {
    database.connect(tables(["1", "2"])).await.up(Target::Head).await.expect("up");
    let mut migrator = database.connect(edited()).await;
    let reason = "quoted: ' \\ \" and\nin two lines";
    migrator.repair(Repair::new(key("2"), Answer::Accept, reason)).await.expect("accepted");
    assert_eq!(log(database).await.last().map(String::as_str), Some("repair 2"));
    let detail: String =
        database.value("SELECT detail FROM _migrate_log WHERE event = 'repair'").await;
    let then = Checksum::of_sql("CREATE TABLE t2 (id BIGINT PRIMARY KEY)", database.dialect());
    let now = Checksum::of_sql(EDITED, database.dialect());
    assert!(detail.contains(reason), "{detail}");
    assert!(detail.contains(&format!("{then} -> {now}")), "{detail}");
}

pub async fn what_needs_no_acceptance_is_refused(database: &Database) {
    database.connect(tables(["1", "2", "9"])).await.up(Target::Head).await.expect("up");
    let mut migrator = database.connect(edited()).await;
    let before = log(database).await;
    assert_eq!(fault(say(&mut migrator, "1", Answer::Accept).await), RepairFault::Unchanged);
    assert_eq!(fault(say(&mut migrator, "3", Answer::Accept).await), RepairFault::NotApplied);
    assert_eq!(fault(say(&mut migrator, "9", Answer::Accept).await), RepairFault::Unknown);
    let silent = Repair::new(key("2"), Answer::Accept, " \n");
    assert_eq!(fault(migrator.repair(silent).await), RepairFault::NoReason);
    for answer in [Answer::Done, Answer::NotDone] {
        assert_eq!(fault(say(&mut migrator, "1", answer).await), RepairFault::Whole);
        assert_eq!(fault(say(&mut migrator, "3", answer).await), RepairFault::Whole);
    }
    assert_eq!(log(database).await, before);
    assert!(migrator.plan(&Request::Up(Target::Head)).await.is_err());
}

/// Writes the row of a revision of three statements; `in_flight` are started beyond those done.
async fn interrupted(database: &Database, state: &str, done: usize, in_flight: usize) {
    let hashes: Vec<String> =
        STATEMENTS.iter().map(|sql| hash(sql, database)).take(done + in_flight).collect();
    for statement in &STATEMENTS[..done] {
        database.query(statement).await;
    }
    database
        .query(&format!(
            "UPDATE _migrate_history SET state = '{state}', statements_done = {done}, statements_total = 3, \
             journal = '{}' WHERE revision = '2'",
            hashes.join(" ")
        ))
        .await;
}

const STATEMENTS: [&str; 3] =
    ["CREATE TABLE a (id BIGINT)", "CREATE TABLE b (id BIGINT)", "CREATE TABLE c (id BIGINT)"];

fn hash(sql: &str, database: &Database) -> String {
    Checksum::of_sql(sql, database.dialect()).to_string().chars().take(16).collect()
}

fn three() -> Vec<Migration> {
    let down = "DROP TABLE c; DROP TABLE b; DROP TABLE a";
    vec![table("1"), Migration::new("2").up(STATEMENTS.join(";\n")).down(down)]
}

/// Writes history like a run of [`three`] that was killed in its second revision.
async fn make_interrupted(database: &Database, done: usize, in_flight: usize) {
    let mut migrator = database.connect(three()).await;
    migrator.up(Target::Head).await.expect("up");
    for name in ["a", "b", "c"] {
        database.query(&format!("DROP TABLE {name}")).await;
    }
    interrupted(database, "started", done, in_flight).await;
}

async fn row(database: &Database) -> (String, i64, String) {
    let rows = database
        .query("SELECT state, statements_done, journal FROM _migrate_history WHERE revision = '2'")
        .await;
    let row = &rows[0];
    (row.at(0).expect("a state"), row.at(1).expect("a number"), row.at(2).expect("a journal"))
}

pub async fn the_statement_in_doubt_is_shown(database: &Database) {
    make_interrupted(database, 1, 1).await;
    let mut migrator = database.connect(three()).await;
    let unfinished = migrator.unfinished().await.expect("unfinished");
    let [one] = &unfinished[..] else { panic!("{unfinished:?}") };
    assert_eq!((one.key.id.as_str(), one.done, one.total), ("2", 1, 3));
    let in_flight = one.in_flight.as_ref().expect("a in_flight");
    assert_eq!((in_flight.statement, in_flight.sql.as_deref()), (2, Some(STATEMENTS[1])));
    // Also to a program that does not know the revision.
    let unfinished = database.connect(tables(["1"])).await.unfinished().await.expect("unfinished");
    let sql = unfinished[0].in_flight.as_ref().and_then(|in_flight| in_flight.sql.as_deref());
    assert_eq!((sql, unfinished[0].known), (Some(STATEMENTS[1]), false));
    // If it was edited in between, it is shown as it ran.
    let mut edited = three();
    edited[1] = Migration::new("2").up("CREATE TABLE a (id BIGINT); SELECT 2").down("SELECT 3");
    let unfinished = database.connect(edited).await.unfinished().await.expect("unfinished");
    let sql = unfinished[0].in_flight.as_ref().and_then(|in_flight| in_flight.sql.as_deref());
    assert_eq!(sql, Some(STATEMENTS[1]));
}

pub async fn a_word_that_it_is_done_counts_the_statement(database: &Database) {
    make_interrupted(database, 1, 1).await;
    let mut migrator = database.connect(three()).await;
    assert_eq!(done(&say(&mut migrator, "2", Answer::Done).await.expect("settled")), ["2"]);
    // A decision is marked in the journal until a run resumes.
    let hashes = [hash(STATEMENTS[0], database), hash(STATEMENTS[1], database)].join(" ") + "*";
    assert_eq!(row(database).await, ("failed".to_owned(), 2, hashes));
    assert!(migrator.unfinished().await.expect("unfinished")[0].in_flight.is_none());
    assert_eq!(fault(say(&mut migrator, "2", Answer::Done).await), RepairFault::NoDoubt);
    assert_eq!(log(database).await.last().map(String::as_str), Some("repair 2"));
    let detail: String =
        database.value("SELECT detail FROM _migrate_log WHERE event = 'repair'").await;
    assert_eq!(detail, "statement 2 is done: it was looked at");
    // The run accepts the decision, and continues after the statement.
    assert_eq!(done(&migrator.up(Target::Head).await.expect("up")), ["2"]);
    assert_eq!(database.tables().await, ["a", "c", "t1"]);
}

pub async fn a_word_that_it_is_not_done_forgets_the_statement(database: &Database) {
    make_interrupted(database, 1, 1).await;
    let mut migrator = database.connect(three()).await;
    say(&mut migrator, "2", Answer::NotDone).await.expect("settled");
    let left = hash(STATEMENTS[0], database) + "*";
    assert_eq!(row(database).await, ("failed".to_owned(), 1, left));
    assert_eq!(fault(say(&mut migrator, "2", Answer::NotDone).await), RepairFault::NoDoubt);
    assert_eq!(done(&migrator.up(Target::Head).await.expect("up")), ["2"]);
    assert_eq!(database.tables().await, ["a", "b", "c", "t1"]);
    assert_eq!(applied(database).await, ["1", "2"]);
}

pub async fn a_statement_that_failed_can_be_said_to_be_done(database: &Database) {
    make_interrupted(database, 1, 1).await;
    let failed = format!("{} {}!", hash(STATEMENTS[0], database), hash(STATEMENTS[1], database));
    database
        .query(&format!("UPDATE _migrate_history SET journal = '{failed}' WHERE revision = '2'"))
        .await;
    let mut migrator = database.connect(three()).await;
    let unfinished = migrator.unfinished().await.expect("unfinished");
    assert!(unfinished[0].in_flight.as_ref().is_some_and(|in_flight| in_flight.failed));
    say(&mut migrator, "2", Answer::Done).await.expect("settled");
    assert_eq!(row(database).await.2, failed.replace('!', "*"));
    assert_eq!(done(&migrator.up(Target::Head).await.expect("up")), ["2"]);
    assert_eq!(database.tables().await, ["a", "c", "t1"]);
}

pub async fn a_word_leaves_a_way_down_a_way_down(database: &Database) {
    make_interrupted(database, 1, 1).await;
    interrupted(database, "reverting", 0, 1).await;
    let mut unknowing = database.connect(tables(["1"])).await;
    say(&mut unknowing, "2", Answer::Done).await.expect("settled, though it is unknown here");
    assert_eq!((row(database).await.0, row(database).await.1), ("reverting".to_owned(), 1));
}

pub async fn undoing_from_history_goes_on_where_it_stopped(database: &Database) {
    make_interrupted(database, 3, 0).await;
    database.query("DROP TABLE c").await;
    let begun = [hash("DROP TABLE c", database), hash("DROP TABLE b", database)].join(" ");
    database
        .query(&format!(
            "UPDATE _migrate_history SET state = 'reverting', statements_done = 1, journal = '{begun}' \
             WHERE revision = '2'"
        ))
        .await;
    let mut unknowing = database.connect(tables(["1"])).await;
    say(&mut unknowing, "2", Answer::NotDone).await.expect("settled");
    let report = unknowing.run(&Request::DownFromHistory(None)).await.expect("undone");
    assert_eq!(done(&report), ["2"]);
    assert_eq!(database.tables().await, ["t1"]);
    assert_eq!(applied(database).await, ["1"]);
}

/// Nothing is known about its statements: the decision is about the whole revision.
pub async fn what_an_earlier_version_began_is_answered_for_as_a_whole(database: &Database) {
    make_interrupted(database, 1, 1).await;
    database.query("UPDATE _migrate_history SET journal = NULL WHERE revision = '2'").await;
    let mut migrator = database.connect(three()).await;
    assert!(!migrator.unfinished().await.expect("unfinished")[0].journaled);
    assert_eq!(states(database).await[1].1, "started");
    say(&mut migrator, "2", Answer::NotDone).await.expect("forgotten");
    assert_eq!(applied(database).await, ["1"]);
    assert_eq!(database.tables().await, ["a", "t1"]);
    database.query("DROP TABLE a").await;
    migrator.up(Target::Head).await.expect("up");
    database
        .query("UPDATE _migrate_history SET state = 'started', journal = NULL WHERE revision = '2'")
        .await;
    say(&mut migrator, "2", Answer::Done).await.expect("taken as applied");
    assert_eq!(applied(database).await, ["1", "2"]);
    assert_eq!(fault(say(&mut migrator, "2", Answer::Done).await), RepairFault::Whole);
}
