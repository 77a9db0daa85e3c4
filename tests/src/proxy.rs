//! A proxy before the server: adds latency, cuts connections where a case wants it, and counts the traffic.

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

/// A proxy between clients and a server, until it is dropped.
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
    /// Starts a proxy before this database.
    pub async fn before(database: &Database) -> Self {
        Self::to(database.dialect(), database.url()).await
    }

    /// Starts a proxy before the database of this URL.
    pub async fn to(dialect: Dialect, url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("a bound port").port();
        let (login, rest) = url.split_once('@').expect("a login in the URL");
        let (server, database) = rest.split_once('/').expect("a database in the URL");
        let watch = Arc::new(Watch::default());
        let serving = tokio::spawn(serve(listener, dialect, server.to_owned(), Arc::clone(&watch)));
        // Encrypted messages cannot be counted.
        let plain = match dialect {
            Dialect::Mysql => "ssl-mode=DISABLED",
            Dialect::Postgres | Dialect::Sqlite => "sslmode=disable",
        };
        Self { url: format!("{login}@127.0.0.1:{port}/{database}?{plain}"), watch, serving }
    }

    /// Returns the URL of the database through the proxy.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Adds latency to each round trip, half of it in each direction.
    pub fn lengthen(&self, round_trip: Duration) {
        self.watch.lengthen(round_trip / 2);
    }

    /// Returns the traffic since the count was started.
    pub fn traffic(&self) -> Traffic {
        self.watch.traffic()
    }

    /// Restarts the count, on the existing connections: the cost of connecting is not counted.
    pub fn restart_count(&self) {
        self.watch.restart_count();
    }

    /// Cuts every connection at the client's command of this number, counted from here and from 1, and accepts none afterwards.
    pub fn cut_at(&self, command: usize, place: Place) {
        self.watch.end_at(command, place, End::Cut);
    }

    /// Holds all answers from the client's command of this number on, so that the server can be killed there.
    pub fn hold_at(&self, command: usize, place: Place) {
        self.watch.end_at(command, place, End::Hold);
    }

    /// Waits until the command has arrived at which the connection ends.
    pub async fn ended(&self) {
        self.watch.ended().await;
    }

    /// Returns whether the command has arrived at which the connection ends.
    pub fn has_ended(&self) -> bool {
        self.watch.has_ended()
    }

    /// Answers the next connections like a PostgreSQL server that is still starting.
    pub fn be_starting(&self, connections: usize) {
        self.watch.be_starting(connections);
    }
}

async fn serve(listener: TcpListener, dialect: Dialect, server: String, watch: Arc<Watch>) {
    while let Ok((client, _)) = listener.accept().await {
        let (watch, server) = (Arc::clone(&watch), server.clone());
        tokio::spawn(async move {
            // Broken connections are the purpose of the proxy.
            let _broken = Line::new(dialect, &watch).carry(client, &server).await;
        });
    }
}
