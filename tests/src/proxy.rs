//! A way to the server that is long, breaks off where a case wants it, and knows what went along it.

mod line;
mod message;
mod traffic;

use std::sync::Arc;
use std::time::Duration;

use migrate_core::Dialect;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use self::line::Line;
use self::traffic::{End, Watch};
pub use self::traffic::{Place, Traffic};
use crate::Database;

/// Stands between clients and a server, until it is dropped.
#[derive(Debug)]
pub struct Proxy {
    url: String,
    watch: Arc<Watch>,
    serving: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Proxy {
    /// Opens a way to this database.
    pub async fn before(database: &Database) -> Self {
        Self::to(database.dialect(), database.url()).await
    }

    /// Opens a way to the database of this URL.
    pub async fn to(dialect: Dialect, url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("a bound port").port();
        let (login, rest) = url.split_once('@').expect("a login in the URL");
        let (server, database) = rest.split_once('/').expect("a database in the URL");
        let watch = Arc::new(Watch::default());
        let serving = tokio::spawn(serve(listener, dialect, server.to_owned(), Arc::clone(&watch)));
        // What is encrypted cannot be counted.
        let plain = match dialect {
            Dialect::Mysql => "ssl-mode=DISABLED",
            Dialect::Postgres | Dialect::Sqlite => "sslmode=disable",
        };
        Self { url: format!("{login}@127.0.0.1:{port}/{database}?{plain}"), watch, serving }
    }

    /// How to connect through it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Makes each round trip so much longer, half of it on the way there.
    pub fn lengthen(&self, round_trip: Duration) {
        self.watch.lengthen(round_trip / 2);
    }

    /// What went along since the count was begun.
    pub fn traffic(&self) -> Traffic {
        self.watch.traffic()
    }

    /// Begins the count, on the connections that are there now: what a client does to connect is not asked about.
    pub fn count_anew(&self) {
        self.watch.count_anew();
    }

    /// Breaks every connection off at the client's command of this number, counted so from here on and from 1, and lets
    /// none through afterwards.
    pub fn cut_at(&self, command: usize, place: Place) {
        self.watch.end_at(command, place, End::Cut);
    }

    /// Lets no answer through from the client's command of this number on, so that the server can be killed there.
    pub fn hold_at(&self, command: usize, place: Place) {
        self.watch.end_at(command, place, End::Hold);
    }

    /// Waits until the command has come at which the way ends.
    pub async fn ended(&self) {
        self.watch.ended().await;
    }

    /// Whether the command has come at which the way ends.
    pub fn has_ended(&self) -> bool {
        self.watch.has_ended()
    }

    /// Answers the next connections as a PostgreSQL server does that is still starting.
    pub fn be_starting(&self, connections: usize) {
        self.watch.be_starting(connections);
    }
}

async fn serve(listener: TcpListener, dialect: Dialect, server: String, watch: Arc<Watch>) {
    while let Ok((client, _)) = listener.accept().await {
        let (watch, server) = (Arc::clone(&watch), server.clone());
        tokio::spawn(async move {
            // A connection that breaks is what this is for.
            let _broken = Line::new(dialect, &watch).carry(client, &server).await;
        });
    }
}
