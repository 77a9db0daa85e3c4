//! Locks that other sessions hold, and servers that are not ready yet.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use migrate_core::prelude::*;
use migrate_core::{
    Aftermath, Connection, Error, ErrorKind, Event, Migration, Migrator, Observer, Report,
    Settings, Target,
};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::history::{applied, log};
use crate::migrations::{data, done, table};
use crate::{Database, Gate, failure};

/// The events of a run about other sessions, with a notification for each kind.
#[derive(Clone, Default)]
struct News(Arc<Told>);

#[derive(Default)]
struct Told {
    lines: Mutex<Vec<String>>,
    blocked: Notify,
    retrying: Notify,
    connecting: Notify,
}

impl News {
    fn observer(&self) -> impl Observer + use<> {
        let told = Arc::clone(&self.0);
        move |event: Event<'_>| {
            let (line, bell) = match event {
                Event::Blocked { blockers } => {
                    (format!("blocked by {}", blockers[0]), &told.blocked)
                }
                Event::Retrying { key, .. } => (format!("retrying {}", key.id), &told.retrying),
                Event::Connecting { reason, .. } => {
                    (format!("connecting: {reason}"), &told.connecting)
                }
                _ => return,
            };
            told.lines.lock().expect("no panic").push(line);
            bell.notify_one();
        }
    }

    fn lines(&self) -> Vec<String> {
        self.0.lines.lock().expect("no panic").clone()
    }
}

fn patience(wait: u64, lock: u64) -> Settings {
    let mut settings = Settings::default();
    settings.wait = Duration::from_secs(wait);
    settings.timeouts.lock = Duration::from_secs(lock);
    settings
}

fn set() -> Vec<Migration> {
    vec![
        table("1"),
        data("2", "INSERT INTO t1 VALUES (5)"),
        data("3", "UPDATE t1 SET id = 2 WHERE id = 1"),
        table("4").depends_on("3"),
    ]
}

/// Creates the table with a row; the returned connection holds it locked.
async fn lock_row(database: &Database) -> Connection {
    database.connect(vec![table("1")]).await.up(Target::Head).await.expect("up");
    database.query("INSERT INTO t1 VALUES (1)").await;
    let mut holder = database.open().await;
    holder.query("BEGIN").await.expect("a transaction");
    holder.query("UPDATE t1 SET id = 1 WHERE id = 1").await.expect("a lock");
    holder
}

pub(super) async fn session_of(connection: &mut Connection) -> i64 {
    let query = match connection.dialect() {
        Dialect::Mysql => "SELECT CAST(connection_id() AS SIGNED)",
        _ => "SELECT CAST(pg_backend_pid() AS bigint)",
    };
    connection.query(query).await.expect("an answer")[0].at(0).expect("a number")
}

async fn start(
    database: &Database,
    news: &News,
    settings: Settings,
) -> JoinHandle<Result<Report, Error>> {
    let migrator = Migrator::new(set()).observer(news.observer()).settings(settings);
    let mut migrator = database.attach(migrator).await;
    tokio::spawn(async move { migrator.production(Target::Head).await })
}

pub async fn a_step_that_others_block_names_them_and_is_tried_again(database: &Database) {
    let mut holder = lock_row(database).await;
    let pid = session_of(&mut holder).await;
    let news = News::default();
    let running = start(database, &news, patience(120, 2)).await;
    news.0.blocked.notified().await;
    news.0.retrying.notified().await;
    holder.query("COMMIT").await.expect("a commit");
    let report = running.await.expect("no panic").expect("production");
    // Earlier steps are neither lost nor done twice.
    assert_eq!(done(&report), ["2", "3", "4"]);
    assert_eq!(database.column::<i64>("SELECT id FROM t1 ORDER BY id").await, [2, 5]);
    assert_eq!(applied(database).await, ["1", "2", "3", "4"]);
    assert!(log(database).await.contains(&"failure 3".to_owned()));
    let lines = news.lines();
    let blocked: Vec<&String> = lines.iter().filter(|line| line.starts_with("blocked")).collect();
    assert!(blocked[0].starts_with(&format!("blocked by pid {pid} (")), "{lines:?}");
    assert!(blocked[0].contains("idle in transaction for "), "{lines:?}");
    assert!(lines.contains(&"retrying 3".to_owned()), "{lines:?}");
}

pub async fn a_step_gives_up_when_the_time_is_up_and_names_the_blocker(database: &Database) {
    let mut holder = lock_row(database).await;
    let pid = session_of(&mut holder).await;
    let news = News::default();
    let running = start(database, &news, patience(3, 2)).await;
    let error = running.await.expect("no panic").expect_err("a lock that is held");
    let hints = error.hints().join("\n");
    let step = failure::step(error);
    assert_eq!(step.key.id.as_str(), "3");
    assert_eq!(step.database().map(|error| error.kind), Some(ErrorKind::LockTimeout));
    assert_eq!(step.aftermath, Aftermath::RolledBack);
    assert_eq!(step.blockers.iter().map(|blocker| blocker.pid).collect::<Vec<_>>(), [pid]);
    let end = match database.dialect() {
        Dialect::Mysql => format!("`KILL {pid}`"),
        _ => format!("`SELECT pg_terminate_backend({pid})`"),
    };
    assert!(hints.contains(&end) && hints.contains("--wait"), "{hints}");
    assert_eq!(done(&step.report), ["2"]);
    assert_eq!(applied(database).await, ["1", "2"]);
    holder.query("ROLLBACK").await.expect("an end");
}

pub async fn without_time_to_wait_nothing_is_tried_again(database: &Database) {
    let mut holder = lock_row(database).await;
    let news = News::default();
    let running = start(database, &news, patience(0, 1)).await;
    failure::step(running.await.expect("no panic").expect_err("a lock that is held"));
    assert!(!news.lines().iter().any(|line| line.starts_with("retrying")));
    holder.query("ROLLBACK").await.expect("an end");
}

async fn cross(db: &mut Db) -> Result<()> {
    db.execute("UPDATE t1 SET id = 1 WHERE id = 1").await?;
    let gate = db.state::<Gate>()?.clone();
    gate.pass().await;
    db.execute("UPDATE t1 SET id = 2 WHERE id = 2").await?;
    Ok(())
}

/// Waits until a session waits for a lock.
async fn until_somebody_waits(database: &Database) {
    let query = match database.dialect() {
        Dialect::Mysql => {
            // InnoDB's own tables of waits are not updated while they are queried all the time.
            "SELECT CAST(count(*) AS SIGNED) FROM information_schema.processlist \
             WHERE db = database() AND info LIKE 'UPDATE %' AND time_ms > 300"
        }
        _ => {
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        }
    };
    while database.value::<i64>(query).await == 0 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The other session holds the second row and waits for the first, which the step holds; the step is the victim.
pub async fn a_step_that_a_deadlock_undoes_is_run_again(database: &Database) {
    database.connect(vec![table("1")]).await.up(Target::Head).await.expect("up");
    let rows: Vec<String> = (1..=200).map(|id| format!("({id})")).collect();
    database.query(&format!("INSERT INTO t1 VALUES {}", rows.join(", "))).await;
    let mut other = database.open().await;
    if database.dialect() == Dialect::Postgres {
        other.query("SET deadlock_timeout = '1h'").await.expect("a setting");
    }
    other.query("BEGIN").await.expect("a transaction");
    // InnoDB spares the transaction that has changed more.
    other.query("DELETE FROM t1 WHERE id > 2").await.expect("many rows");
    other.query("UPDATE t1 SET id = 2 WHERE id = 2").await.expect("a lock");

    let (gate, news) = (Gate::default(), News::default());
    let migrator = Migrator::new(vec![table("1"), data("2", "").up(cross)]);
    let settings = patience(120, 60);
    let migrator = migrator.with(gate.clone()).observer(news.observer()).settings(settings);
    let mut migrator = database.attach(migrator).await;
    let running = tokio::spawn(async move { migrator.production(Target::Head).await });
    gate.reached().await;
    let other = tokio::spawn(async move {
        other.query("UPDATE t1 SET id = 1 WHERE id = 1").await.expect("the other goes on");
        other.query("COMMIT").await.expect("a commit");
    });
    until_somebody_waits(database).await;
    gate.open();
    news.0.retrying.notified().await;
    other.await.expect("no panic");
    gate.reached().await;
    gate.open();
    let report = running.await.expect("no panic").expect("production");
    assert_eq!(done(&report), ["2"]);
    assert_eq!(applied(database).await, ["1", "2"]);
}

pub async fn a_statement_that_runs_too_long_is_not_tried_again(database: &Database) {
    let sleep = match database.dialect() {
        Dialect::Mysql => "SELECT sleep(600)",
        _ => "SELECT pg_sleep(600)",
    };
    let mut settings = patience(60, 5);
    settings.timeouts.statement = Duration::from_secs(1);
    let news = News::default();
    let migrator = Migrator::new(vec![table("1"), data("2", sleep)]).settings(settings);
    let mut migrator = database.attach(migrator.observer(news.observer())).await;
    let error = migrator.production(Target::Head).await.expect_err("too long");
    let hints = error.hints().join("\n");
    assert!(
        hints.contains("--statement-timeout") && hints.contains("statement_timeout ="),
        "{hints}"
    );
    let kind = failure::step(error).database().map(|error| error.kind);
    assert_eq!(kind, Some(ErrorKind::StatementTimeout));
    assert_eq!(news.lines(), [""; 0]);
}

/// Returns the address of this URL's server.
fn address(url: &str) -> &str {
    let (_, rest) = url.split_once('@').expect("a user");
    rest.split_once('/').expect("a database").0
}

/// Returns a port on which nothing listens.
async fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("an address").port()
}

/// Forwards connections to `port`, until the case ends.
async fn serve(port: u16, server: String) {
    let listener = TcpListener::bind(("127.0.0.1", port)).await.expect("the port");
    loop {
        let (mut inward, _) = listener.accept().await.expect("a client");
        let server = server.clone();
        tokio::spawn(async move {
            let mut outward = TcpStream::connect(server).await.expect("the server");
            drop(tokio::io::copy_bidirectional(&mut inward, &mut outward).await);
        });
    }
}

pub async fn a_server_that_comes_up_later_is_waited_for(database: &Database) {
    let server = address(database.url()).to_owned();
    let port = free_port().await;
    let url = database.url().replace(&server, &format!("127.0.0.1:{port}"));
    let news = News::default();
    let migrator = Migrator::new(vec![table("1")]).observer(news.observer());
    let connecting = migrator.wait_for_database(Duration::from_mins(2));
    let connecting = tokio::spawn(async move { connecting.connect(&url).await });
    news.0.connecting.notified().await;
    let serving = tokio::spawn(serve(port, server));
    let mut migrator = connecting.await.expect("no panic").expect("a server");
    migrator.up(Target::Head).await.expect("up");
    assert_eq!(applied(database).await, ["1"]);
    let lines = news.lines();
    assert!(matches!(lines.as_slice(), [line] if line.contains("refused")), "{lines:?}");
    serving.abort();
}

pub async fn what_keeps_it_from_connecting_is_told_and_waited_for_only_if_it_may_pass(
    database: &Database,
) {
    let (login, place) = database.url().split_once('@').expect("a user");
    let (user, _) = login.rsplit_once(':').expect("a password");
    let (server, _) = place.split_once('/').expect("a database");
    let port = free_port().await;
    for (url, hint, passes) in [
        (format!("{user}:wrong@{place}"), "user name and password", false),
        (format!("{login}@{server}/no_such_database"), "create the database", false),
        (format!("{login}@127.0.0.1:{port}/any"), "--wait-for-db", true),
    ] {
        let news = News::default();
        let migrator = Migrator::new(vec![table("1")]).observer(news.observer());
        let patience = Duration::from_secs(if passes { 1 } else { 600 });
        let error = migrator.wait_for_database(patience).connect(&url).await.expect_err("refused");
        assert!(matches!(error, Error::Connect { .. }), "{error:?}");
        assert!(error.hints().join("\n").contains(hint), "{error:?} {:?}", error.hints());
        assert_eq!(news.lines().len(), usize::from(passes));
    }
}
