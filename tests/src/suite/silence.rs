//! Servers and poolers that accept a connection and do not answer.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use migrate_core::prelude::*;
use migrate_core::{Event, Migrator, Settings, Target};
use tokio::net::{TcpListener, TcpStream};

use crate::Database;
use crate::history::applied;
use crate::migrations::tables;
use crate::suite::ending::ends;

fn patience(seconds: u64) -> Settings {
    let mut settings = Settings::default();
    settings.wait = Duration::from_secs(seconds);
    settings
}

/// Returns the database's URL with another port.
fn by_way_of(database: &Database, port: u16) -> String {
    let (login, rest) = database.url().split_once('@').expect("a login");
    let (_, name) = rest.split_once('/').expect("a database");
    let plain = match database.dialect() {
        Dialect::Mysql => "ssl-mode=DISABLED",
        Dialect::Postgres | Dialect::Sqlite => "sslmode=disable",
    };
    format!("{login}@127.0.0.1:{port}/{name}?{plain}")
}

/// Starts a proxy for a limited number of connections; all others get no answer.
async fn narrow(database: &Database, most: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (_, rest) = database.url().split_once('@').expect("a login");
    let server = rest.split_once('/').expect("a database").0.to_owned();
    tokio::spawn(async move {
        let taken = Arc::new(AtomicUsize::new(0));
        while let Ok((mut client, _)) = listener.accept().await {
            let (taken, server) = (Arc::clone(&taken), server.clone());
            tokio::spawn(async move {
                if taken.fetch_add(1, Ordering::SeqCst) >= most {
                    let _held = client;
                    return std::future::pending().await;
                }
                let mut outward = TcpStream::connect(server).await.expect("the server");
                drop(tokio::io::copy_bidirectional(&mut client, &mut outward).await);
            });
        }
    });
    by_way_of(database, port)
}

pub async fn a_server_that_takes_connections_and_says_nothing_is_told(database: &Database) {
    let url = narrow(database, 0).await;
    let connecting = Migrator::new(tables(["1"])).connect(&url);
    let error = ends(connecting).await.expect_err("nobody answers");
    assert_eq!(error.code(), "connect");
    let cause = std::error::Error::source(&error).expect("a cause").to_string();
    assert!(cause.contains("does not answer"), "{cause}");
    assert!(error.hints().join("\n").contains("--wait-for-db"), "{:?}", error.hints());
    // With a wait it is retried, which is reported.
    let told = Arc::new(Mutex::new(Vec::new()));
    let lines = Arc::clone(&told);
    let observer = move |event: Event<'_>| {
        if let Event::Connecting { reason, .. } = event {
            lines.lock().expect("no panic").push(reason.to_owned());
        }
    };
    let migrator = Migrator::new(tables(["1"])).observer(observer);
    let connecting = migrator.wait_for_database(Duration::from_secs(3)).connect(&url);
    ends(connecting).await.expect_err("nobody answers");
}

pub async fn a_history_table_that_another_session_locks_is_not_waited_for_without_end(
    database: &Database,
) {
    database.connect(tables(["1"])).await.up(Target::Head).await.expect("up");
    let mut other = database.open().await;
    let lock = match database.dialect() {
        Dialect::Mysql => "LOCK TABLES _migrate_history WRITE",
        _ => "BEGIN; LOCK TABLE _migrate_history IN ACCESS EXCLUSIVE MODE",
    };
    other.query(lock).await.expect("a lock");
    let migrator = Migrator::new(tables(["1", "2"])).settings(patience(1));
    let mut migrator = database.attach(migrator).await;
    let error = ends(migrator.up(Target::Head)).await.expect_err("a table that is locked");
    assert!(["history", "lock", "session"].contains(&error.code()), "{error:?}");
    other.close().await.expect("a goodbye");
    let mut migrator = database.connect(tables(["1", "2"])).await;
    migrator.up(Target::Head).await.expect("up");
    assert_eq!(applied(database).await, ["1", "2"]);
}

pub async fn a_run_whose_second_connection_gets_no_answer_is_done_all_the_same(
    database: &Database,
) {
    let url = narrow(database, 1).await;
    let mut migrator = Migrator::new(tables(["1", "2"])).connect(&url).await.expect("a connection");
    ends(migrator.up(Target::Head)).await.expect("up");
    assert_eq!(applied(database).await, ["1", "2"]);
}
