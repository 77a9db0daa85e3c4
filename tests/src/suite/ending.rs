//! Waiting for an answer always ends, even if the server, or a proxy before it, never answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use migrate_core::prelude::*;
use migrate_core::{Error, Migration, Migrator, RunError, Settings, StopHandle, Target};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::Database;
use crate::history::applied;
use crate::migrations::{data, done, table};

/// The time after which a run hangs.
const HANGS: Duration = Duration::from_secs(50);

/// A proxy that forgets one connection once the client has sent a message on it: the server's answers no longer get through.
/// All other connections work.
struct Forgetful {
    url: String,
    serving: JoinHandle<()>,
}

impl Drop for Forgetful {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Forgetful {
    async fn before(database: &Database, word: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (login, rest) = database.url().split_once('@').expect("a login");
        let (server, name) = rest.split_once('/').expect("a database");
        let plain = match database.dialect() {
            Dialect::Mysql => "ssl-mode=DISABLED",
            Dialect::Postgres | Dialect::Sqlite => "sslmode=disable",
        };
        let url = format!("{login}@127.0.0.1:{port}/{name}?{plain}");
        let serving = tokio::spawn(serve(listener, server.to_owned(), word));
        Self { url, serving }
    }
}

async fn serve(listener: TcpListener, server: String, word: &'static str) {
    let has_forgotten = Arc::new(AtomicBool::new(false));
    while let Ok((client, _)) = listener.accept().await {
        let outward = TcpStream::connect(&server).await.expect("the server");
        tokio::spawn(carry(client, outward, word, Arc::clone(&has_forgotten)));
    }
}

async fn carry(client: TcpStream, server: TcpStream, word: &str, has_forgotten: Arc<AtomicBool>) {
    let ((mut said, mut heard), (mut answers, mut asked)) =
        (client.into_split(), server.into_split());
    let muted = AtomicBool::new(false);
    let there = async {
        let mut bytes = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = said.read(&mut bytes).await {
            let says_it = bytes[..length].windows(word.len()).any(|said| said == word.as_bytes());
            if says_it && !has_forgotten.swap(true, Ordering::SeqCst) {
                muted.store(true, Ordering::SeqCst);
            }
            if asked.write_all(&bytes[..length]).await.is_err() {
                break;
            }
        }
    };
    let back = async {
        let mut bytes = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = answers.read(&mut bytes).await {
            if !muted.load(Ordering::SeqCst) && heard.write_all(&bytes[..length]).await.is_err() {
                break;
            }
        }
        // A forgotten connection is not even closed.
        if muted.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = there => {}
        () = back => {}
    }
}

pub(super) fn ends<T>(running: impl Future<Output = T>) -> impl Future<Output = T> {
    let running = Box::pin(running);
    async move { tokio::time::timeout(HANGS, running).await.expect("a run that ends") }
}

/// Returns the steps that a run reports as done.
fn told(error: &Error) -> Vec<String> {
    let report = match error {
        Error::Run(RunError::Step(step)) => &step.report,
        Error::Run(RunError::Stopped { report, .. } | RunError::Lost { report, .. }) => report,
        other => panic!("expected a run that was cut off, not {other:?}"),
    };
    done(report).into_iter().map(str::to_owned).collect()
}

/// Asserts that the next run succeeds at once, and that the state is as if nothing had happened.
async fn assert_finished_by_the_next(database: &Database, set: Vec<Migration>, rows: &[i64]) {
    let ids: Vec<String> = set.iter().map(|migration| migration.id().to_string()).collect();
    let mut settings = Settings::default();
    settings.wait = Duration::from_secs(5);
    let mut next = database.attach(Migrator::new(set).settings(settings)).await;
    ends(next.production(Target::Heads))
        .await
        .expect("what is left to do, under a lock that is free");
    assert_eq!(applied(database).await, ids);
    assert_eq!(&database.column::<i64>("SELECT id FROM t1 ORDER BY id").await, rows);
}

pub async fn an_answer_that_is_lost_on_its_way_ends_the_run_which_says_what_is_done(
    database: &Database,
) {
    let set = || {
        vec![
            table("1"),
            data("2", "INSERT INTO t1 VALUES (1)"),
            table("3").depends_on("2"),
            data("4", "INSERT INTO t1 VALUES (4)"),
        ]
    };
    let way = Forgetful::before(database, "CREATE TABLE t3").await;
    let mut migrator = Migrator::new(set()).connect(&way.url).await.expect("a connection");
    let error = ends(migrator.production(Target::Heads)).await.expect_err("no answer");
    // The server has done everything that it was sent.
    assert_eq!(told(&error), applied(database).await, "{error:?}");
    assert!(told(&error).contains(&"3".to_owned()), "{error:?}");
    assert_finished_by_the_next(database, set(), &[1, 4]).await;
}

pub async fn a_stop_that_is_answered_no_more_ends_the_run(database: &Database) {
    let sleep = match database.dialect() {
        Dialect::Mysql => "INSERT INTO t1 VALUES (2); SELECT sleep(6000)",
        Dialect::Postgres | Dialect::Sqlite => "INSERT INTO t1 VALUES (2); SELECT pg_sleep(6000)",
    };
    let way = Forgetful::before(database, "sleep(6000)").await;
    let stop = StopHandle::new();
    let set = vec![table("1"), data("2", sleep)];
    let migrator = Migrator::new(set).stop_with(stop.clone());
    let mut migrator = migrator.connect(&way.url).await.expect("a connection");
    let running = tokio::spawn(async move { migrator.production(Target::Heads).await });
    super::stopping::until_in_flight(database).await;
    stop.stop();
    let error = ends(running).await.expect("no panic").expect_err("a run that was stopped");
    assert_eq!(error.code(), "stopped", "{error:?}");
    assert_eq!(told(&error), ["1"]);
    let set = vec![table("1"), data("2", "INSERT INTO t1 VALUES (7)")];
    assert_finished_by_the_next(database, set, &[7]).await;
}

/// Returns many short statements, some in a transaction and some not.
fn chatter() -> Vec<Migration> {
    let rows = |from: i64| -> String {
        let insert = |id| format!("INSERT INTO t1 VALUES ({id})");
        (from..from + 30).map(insert).collect::<Vec<_>>().join(";\n")
    };
    let mut set = vec![table("1")];
    for number in 2..=9 {
        let rev = number.to_string();
        set.push(match number % 3 {
            0 => table(&rev).depends_on((number - 1).to_string()),
            _ => Migration::new(rev)
                .kind(migrate_core::Kind::Data)
                .up(rows(number * 100))
                .depends_on((number - 1).to_string()),
        });
    }
    set
}

fn rows_of_chatter() -> Vec<i64> {
    let numbers = [2, 4, 5, 7, 8];
    numbers.into_iter().flat_map(|number: i64| number * 100..number * 100 + 30).collect()
}

/// Ends or cancels a run after this time, in a database of its own.
async fn disturb(dialect: Dialect, after: Duration, by_stop: bool) {
    let database = Database::fresh(dialect).await;
    let stop = StopHandle::new();
    let migrator = Migrator::new(chatter()).stop_with(stop.clone());
    let mut migrator = database.attach(migrator).await;
    let mut other = database.open().await;
    let running = tokio::spawn(async move { migrator.production(Target::Heads).await });
    tokio::time::sleep(after).await;
    if by_stop {
        stop.stop();
    } else {
        let query = match dialect {
            Dialect::Mysql => {
                "SELECT CAST(id AS SIGNED) FROM information_schema.processlist \
                 WHERE db = database() AND id <> connection_id() ORDER BY id LIMIT 1"
            }
            Dialect::Postgres | Dialect::Sqlite => {
                "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity \
                 WHERE datname = current_database() AND pid <> pg_backend_pid()"
            }
        };
        let found = other.query(query).await.expect("an answer");
        if dialect == Dialect::Mysql
            && let Some(id) = found.first().and_then(|row| row.at::<i64>(0))
        {
            // It may have ended by now.
            drop(other.query(&format!("KILL QUERY {id}")).await);
        }
    }
    match ends(running).await.expect("no panic") {
        Err(
            error
            @ Error::Run(RunError::Step(_) | RunError::Stopped { .. } | RunError::Lost { .. }),
        ) => {
            let recorded = applied(&database).await;
            assert_eq!(told(&error), recorded, "{error:?}");
        }
        // A query may be hit as well, before anything runs.
        Ok(_) | Err(Error::Run(_)) => {}
        Err(error) => panic!("{error:?}"),
    }
    assert_finished_by_the_next(&database, chatter(), &rows_of_chatter()).await;
    other.close().await.expect("a goodbye");
    database.drop().await;
}

async fn disturb_at_many_moments(dialect: Dialect, by_stop: bool) {
    let trials: Vec<JoinHandle<()>> = (1..=8)
        .map(|trial| tokio::spawn(disturb(dialect, Duration::from_millis(trial * 17), by_stop)))
        .collect();
    for trial in trials {
        trial.await.expect("a trial that ends well");
    }
}

pub async fn a_query_that_is_cancelled_by_another_at_any_moment_ends_the_run(database: &Database) {
    disturb_at_many_moments(database.dialect(), false).await;
}

pub async fn a_stop_at_any_moment_ends_the_run(database: &Database) {
    disturb_at_many_moments(database.dialect(), true).await;
}

/// There is no second connection to look from.
pub async fn a_query_that_is_cancelled_on_ones_own_connection_ends_the_run(database: &Database) {
    for trial in 1..=4 {
        let database = Database::fresh(database.dialect()).await;
        let mut own = database.open().await;
        let session = super::waiting::session_of(&mut own).await;
        let running = tokio::spawn(async move {
            let outcome = Migrator::new(chatter()).up_on(&mut own, Target::Heads).await;
            (outcome.map(drop), own)
        });
        tokio::time::sleep(Duration::from_millis(trial * 13)).await;
        let cancel = match database.dialect() {
            Dialect::Mysql => format!("KILL QUERY {session}"),
            _ => format!("SELECT pg_cancel_backend({session})"),
        };
        database.query(&cancel).await;
        let (_, own) = ends(running).await.expect("no panic");
        own.close().await.expect("a goodbye");
        assert_finished_by_the_next(&database, chatter(), &rows_of_chatter()).await;
        database.drop().await;
    }
}
