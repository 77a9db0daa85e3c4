//! Runs that are told to stop: by their handle, and by signals.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use migrate_core::prelude::*;
use migrate_core::{
    Error, Event, Migration, Migrator, Report, RunError, Settings, StepError, StopHandle, Target,
};

use tokio::sync::Notify;

use crate::history::{applied, log};
use crate::migrations::{data, done, table};
use crate::suite::lock;
use crate::{Database, Gate};

/// SQL that ends only if it is made to.
fn endless_sql(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "INSERT INTO t1 VALUES (1); SELECT pg_sleep(6000)",
        Dialect::Mysql => "INSERT INTO t1 VALUES (1); SELECT sleep(6000)",
        Dialect::Sqlite => {
            "INSERT INTO t1 VALUES (1); \
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        }
    }
}

/// Revisions, the second of which runs until it is stopped.
pub fn endless() -> Vec<Migration> {
    vec![table("1"), data("2", "").up(endless_sql), table("3").depends_on("2")]
}

async fn endless_call(db: &mut Db) -> Result<()> {
    let sql = endless_sql(db.dialect());
    // Its refusal is swallowed: the code would go on.
    drop(db.execute(sql).await);
    std::future::pending().await
}

/// The same, where cancelling it does not help.
pub fn deaf() -> Vec<Migration> {
    vec![table("1"), data("2", "").up(DEAF)]
}

const DEAF: &str = "DO $$ BEGIN LOOP BEGIN PERFORM pg_sleep(6000); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$";

async fn block(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO t1 VALUES (1)").await?;
    writeln!(io::stderr(), "blocked")?;
    loop {
        std::thread::sleep(Duration::from_secs(1));
    }
}

/// The same, where the code never gives its thread back.
pub fn blocked() -> Vec<Migration> {
    vec![table("1"), data("2", "").up(block), table("3").depends_on("2")]
}

async fn flood(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO t1 VALUES (1)").await?;
    writeln!(io::stderr(), "blocked")?;
    let mut stdout = io::stdout().lock();
    loop {
        stdout.write_all(&[b'x'; 1_000])?;
    }
}

/// The same, where the code holds stdout, which nobody reads.
pub fn flooding() -> Vec<Migration> {
    vec![table("1"), data("2", "").up(flood), table("3").depends_on("2")]
}

async fn panic(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO t1 VALUES (1)").await?;
    panic!("as the case wants it")
}

/// The same, where the code panics.
pub fn panicking() -> Vec<Migration> {
    vec![table("1"), data("2", "").up(panic), table("3").depends_on("2")]
}

/// Waits until the endless statement runs.
pub(super) async fn until_in_flight(database: &Database) {
    let query = match database.dialect() {
        Dialect::Postgres => {
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
        }
        Dialect::Mysql => {
            "SELECT CAST(count(*) AS SIGNED) FROM information_schema.processlist \
             WHERE info LIKE '%sleep(6%' AND db = database() AND id <> connection_id()"
        }
        // It does not say. A run that is not so far yet must stop as well.
        Dialect::Sqlite => return tokio::time::sleep(Duration::from_millis(500)).await,
    };
    while database.value::<i64>(query).await == 0 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn stopped(outcome: Result<Report, Error>) -> (Report, Option<StepError>) {
    let error = outcome.expect_err("a run that was stopped");
    assert_eq!(error.code(), "stopped");
    match error {
        Error::Run(RunError::Stopped { report, step }) => (report, step.map(|step| *step)),
        other => panic!("expected a stop, not {other:?}"),
    }
}

/// The database is as it was before the second revision, and nobody holds the lock.
async fn assert_undone(database: &Database) {
    assert_eq!(database.tables().await, ["t1"]);
    assert!(database.column::<i64>("SELECT id FROM t1").await.is_empty());
    assert_eq!(applied(database).await, ["1"]);
    let mut settings = Settings::default();
    settings.wait = Duration::ZERO;
    let set = vec![table("1"), table("9")];
    let mut next = database.attach(Migrator::new(set).settings(settings)).await;
    next.up(Target::Head).await.expect("a lock that is free");
    next.down(Target::Relative(-1)).await.expect("down");
}

async fn stop_in_flight(database: &Database, set: Vec<Migration>) -> (Report, Option<StepError>) {
    let stop = StopHandle::new();
    let mut migrator = database.attach(Migrator::new(set).stop_with(stop.clone())).await;
    let running = tokio::spawn(async move {
        let outcome = migrator.production(Target::Head).await;
        (outcome, migrator)
    });
    until_in_flight(database).await;
    stop.stop();
    let (outcome, migrator) = running.await.expect("no panic");
    let stopped = stopped(outcome);
    // Kept until here: it is the run that gives the lock back, and not the connection's end.
    assert_undone(database).await;
    migrator.close().await.expect("a goodbye");
    stopped
}

pub async fn a_stop_cancels_the_statement_in_flight_and_undoes_its_step(database: &Database) {
    let (report, step) = stop_in_flight(database, endless()).await;
    assert_eq!(done(&report), ["1"]);
    assert_eq!(step.expect("a step in flight").key.id.as_str(), "2");
    assert!(log(database).await.contains(&"failure 2".to_owned()));
}

pub async fn a_stop_ends_code_that_would_go_on(database: &Database) {
    let set = vec![table("1"), data("2", "").up(endless_call), table("3").depends_on("2")];
    let (report, step) = stop_in_flight(database, set).await;
    assert_eq!(done(&report), ["1"]);
    assert_eq!(step.expect("a step in flight").key.id.as_str(), "2");
}

async fn pass(db: &mut Db) -> Result<()> {
    let gate = db.state::<Gate>()?.clone();
    gate.pass().await;
    Ok(())
}

/// What was done all the same is done: the run ends before what comes next.
pub async fn a_stop_between_steps_ends_before_the_next(database: &Database) {
    let (gate, stop) = (Gate::default(), StopHandle::new());
    let set = vec![table("1"), data("2", "").up(pass), table("3").depends_on("2")];
    let migrator = Migrator::new(set).with(gate.clone()).stop_with(stop.clone());
    let mut migrator = database.attach(migrator).await;
    let running = tokio::spawn(async move { migrator.production(Target::Head).await });
    gate.reached().await;
    stop.stop();
    gate.open();
    let (report, in_flight) = stopped(running.await.expect("no panic"));
    assert_eq!(done(&report), ["1", "2"]);
    assert!(in_flight.is_none(), "{in_flight:?}");
    assert_eq!(applied(database).await, ["1", "2"]);
}

pub async fn a_run_that_waits_for_another_can_be_stopped(database: &Database) {
    let (gate, stop) = (Gate::default(), StopHandle::new());
    let holder = lock::hold(database, &gate).await;
    let told = Arc::new(Notify::new());
    let ring = Arc::clone(&told);
    let observer = move |event: Event<'_>| {
        if matches!(event, Event::Waiting { .. }) {
            ring.notify_one();
        }
    };
    let migrator = Migrator::new(lock::gated()).observer(observer).stop_with(stop.clone());
    let mut second = database.attach(migrator).await;
    let second = tokio::spawn(async move { second.production(Target::Head).await });
    told.notified().await;
    stop.stop();
    let (report, in_flight) = stopped(second.await.expect("no panic"));
    assert!(report.done.is_empty() && in_flight.is_none());
    gate.open();
    holder.await.expect("no panic").expect("production");
}

pub async fn a_handle_used_before_lets_nothing_begin(database: &Database) {
    let stop = StopHandle::new();
    let mut migrator =
        database.attach(Migrator::new(vec![table("1")]).stop_with(stop.clone())).await;
    stop.stop();
    let (report, _) = stopped(migrator.up(Target::Head).await);
    assert!(report.done.is_empty() && database.all_tables().await.is_empty());
    let late = Migrator::new(vec![table("1")]).stop_with(stop);
    let error = late.connect(database.url()).await.expect_err("nobody connects any more");
    assert_eq!(error.code(), "stopped");
}

/// The program beside this test, about to be started.
pub(super) fn program(database: &Database, arguments: &[&str]) -> Command {
    program_named("stoppable", database, arguments)
}

/// One of the programs that are built with the tests.
pub(super) fn program_named(name: &str, database: &Database, arguments: &[&str]) -> Command {
    let path = path_of(name);
    let mut command = if ignores_hang_up() {
        // As under `nohup`: what is started would ignore it too.
        let mut command = Command::new("env");
        command.arg("--default-signal=HUP").arg(path);
        command
    } else {
        Command::new(path)
    };
    command.args(arguments).env("DATABASE_URL", database.url()).env_remove("MIGRATE_ENV");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn path_of(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a path");
    test.ancestors().nth(2).expect("the folder of programs").join(name)
}

/// Returns whether these tests were started to ignore SIGHUP, the lowest bit, as far as the system tells.
fn ignores_hang_up() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let bits = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    bits.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok())
        .is_some_and(|bits| bits & 1 == 1)
}

fn spawn(database: &Database, arguments: &[&str]) -> Child {
    let started = program(database, arguments).spawn();
    started.expect("the program `stoppable`, which is built with the tests")
}

pub(super) fn signal(child: &Child, name: &str) {
    let kill = Command::new("kill").args([name, &child.id().to_string()]).status();
    assert!(kill.expect("`kill`").success());
}

/// Reads talk up to the line that begins so, and gives all of it.
pub(super) fn read_to(talk: &mut impl BufRead, beginning: &str) -> String {
    let mut read = String::new();
    loop {
        let mut line = String::new();
        assert!(talk.read_line(&mut line).expect("a line") > 0, "no `{beginning}` in {read}");
        read.push_str(&line);
        if line.starts_with(beginning) {
            return read;
        }
    }
}

pub(super) fn rest(mut from: impl Read) -> String {
    let mut text = String::new();
    from.read_to_string(&mut text).expect("text");
    text
}

pub async fn a_signal_ends_the_process_in_order(database: &Database) {
    for (name, code) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
        let mut child = spawn(database, &["production"]);
        until_in_flight(database).await;
        signal(&child, name);
        let said = rest(child.stderr.take().expect("a pipe"));
        assert_eq!(child.wait().expect("an end").code(), Some(code), "{name}: {said}");
        for part in [
            "stopping: ",
            "error: stopped while `2` was running",
            "as it was before",
            "hint: run the same",
        ] {
            assert!(said.contains(part), "{name}: {said}");
        }
        assert_undone(database).await;
    }
}

pub async fn a_stop_is_one_document_too(database: &Database) {
    let mut child = spawn(database, &["production", "--format", "json"]);
    until_in_flight(database).await;
    signal(&child, "-TERM");
    let document = rest(child.stdout.take().expect("a pipe"));
    assert_eq!(child.wait().expect("an end").code(), Some(143));
    assert_eq!(document.matches("\"error\": {").count(), 1, "{document}");
    assert!(document.contains("\"code\": \"stopped\""), "{document}");
}

/// Nobody hears what the run says, and it goes on all the same.
pub async fn a_run_whose_listener_is_gone_stops_in_order(database: &Database) {
    let mut child = spawn(database, &["production"]);
    drop((child.stdout.take(), child.stderr.take()));
    until_in_flight(database).await;
    signal(&child, "-HUP");
    assert_eq!(child.wait().expect("an end").code(), Some(129));
    assert_undone(database).await;
}

pub async fn code_that_blocks_its_thread_is_left_at_the_second_signal(database: &Database) {
    for (name, code) in [("-INT", 130), ("-TERM", 143)] {
        let mut command = program(database, &["production", "--format", "json"]);
        let mut child = command.env("WAY", "blocked").spawn().expect("the program");
        let mut talk = BufReader::new(child.stderr.take().expect("a pipe"));
        read_to(&mut talk, "blocked");
        signal(&child, name);
        read_to(&mut talk, "stopping: ");
        signal(&child, name);
        let document = rest(child.stdout.take().expect("a pipe"));
        assert_eq!(child.wait().expect("an end").code(), Some(code), "{document}");
        assert_eq!(document.matches("\"code\": \"stopped\"").count(), 1, "{document}");
        assert_undone(database).await;
    }
}

pub async fn a_panic_is_one_document_and_an_exit_code_of_ours(database: &Database) {
    let mut command = program(database, &["production", "--format", "json"]);
    let child = command.env("WAY", "panicking").spawn().expect("the program");
    let output = child.wait_with_output().expect("an end");
    let document = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(output.status.code(), Some(1), "{document}");
    for part in ["\"revision\": ", "the migration panicked: as the case wants it"] {
        assert_eq!(document.matches(part).count(), 1, "{document}");
    }
    assert_undone(database).await;
}

pub async fn code_that_holds_a_full_pipe_is_left_at_the_second_signal(database: &Database) {
    let mut command = program(database, &["production"]);
    let mut child = command.env("WAY", "flooding").spawn().expect("the program");
    let mut talk = BufReader::new(child.stderr.take().expect("a pipe"));
    read_to(&mut talk, "blocked");
    signal(&child, "-INT");
    read_to(&mut talk, "stopping: ");
    signal(&child, "-INT");
    assert_eq!(child.wait().expect("an end").code(), Some(130));
    assert_undone(database).await;
}

/// As `nohup` starts it.
pub async fn a_signal_that_was_ignored_from_the_start_stays_ignored(database: &Database) {
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' HUP; exec \"$0\" production"]).arg(path_of("stoppable"));
    command.env("DATABASE_URL", database.url()).env_remove("MIGRATE_ENV");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program");
    until_in_flight(database).await;
    signal(&child, "-HUP");
    tokio::time::sleep(Duration::from_millis(300)).await;
    signal(&child, "-TERM");
    let said = rest(child.stderr.take().expect("a pipe"));
    assert_eq!(child.wait().expect("an end").code(), Some(143), "{said}");
    assert_eq!(said.matches("stopping: ").count(), 1, "{said}");
    assert_undone(database).await;
}

pub async fn a_signal_while_it_waits_for_the_lock_has_its_own_exit_code(database: &Database) {
    let gate = Gate::default();
    let holder = lock::hold(database, &gate).await;
    for (name, code) in [("-TERM", 143), ("-HUP", 129), ("-TERM", 143), ("-HUP", 129)] {
        let mut child = spawn(database, &["production"]);
        let mut talk = BufReader::new(child.stderr.take().expect("a pipe"));
        read_to(&mut talk, "waiting up to");
        signal(&child, name);
        assert_eq!(child.wait().expect("an end").code(), Some(code), "{name}");
    }
    gate.open();
    holder.await.expect("no panic").expect("production");
}
