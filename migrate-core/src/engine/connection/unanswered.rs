//! Ends waiting for an answer that will not come.
//!
//! A connection can stay open although no answer will ever come: MariaDB ends a message silently when `KILL QUERY` arrives
//! between two of its statements, and a proxy may have forgotten the connection. Only another connection can detect that.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_core::future::BoxFuture;
use migrate_sql::split;

use crate::engine::connection::{DatabaseError, Driver, End, Ran, Row};

/// How long an answer may still take to arrive after its session was ended.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// How long a large answer may take to arrive after the server has sent it.
const LONG_ANSWER: Duration = Duration::from_secs(15);

/// The throughput of a slow line: a message that is still being sent is not unanswered.
const BYTES_PER_SECOND: usize = 64 * 1024;

/// A session on a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    /// Its id on the server.
    pub(crate) id: i64,
    /// The server, if it identifies itself: another server may use the same ids.
    pub(crate) server: Option<String>,
}

impl Session {
    /// Reads a row whose only value is the session's id and, after a blank, the server's identity.
    pub(crate) fn read(row: &Row) -> Option<Self> {
        let text: String = row.at(0)?;
        let (id, server) = text.split_once(' ')?;
        Some(Self { id: id.parse().ok()?, server: Some(server.to_owned()) })
    }
}

/// Checks whether an awaited answer can still come.
pub(crate) trait Watch: Send + Sync {
    /// Resolves only once no answer can come any more and the session was ended. The message may take `patience` longer
    /// than usual to be sent.
    fn unanswered(&self, patience: Duration) -> BoxFuture<'_, DatabaseError>;
}

/// How waiting for an answer is limited.
#[derive(Clone)]
pub(crate) enum Guard {
    /// Not at all: the engine always answers.
    None,
    /// By another connection, which checks the session.
    Watched(Arc<dyn Watch>),
    /// By sending each statement as its own message, which is always answered: there is no other connection.
    Singly,
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Watched(_) => "Watched",
            Self::Singly => "Singly",
        })
    }
}

impl Guard {
    /// Sends a message, and waits for its result.
    pub(super) async fn run(&self, driver: &mut dyn Driver, message: &str) -> Ran {
        match self {
            Self::None => driver.run(message).await,
            Self::Watched(watch) => {
                let patience = patience(message);
                match watched(&**watch, driver.run(message), patience).await {
                    Err((Some(ran), error)) if ran.outcome.is_err() => {
                        Ran { outcome: Err(error), ..ran }
                    }
                    // The answer may have come at the last moment.
                    Ok(ran) | Err((Some(ran), _)) => ran,
                    Err((None, error)) => Ran::refused(error),
                }
            }
            Self::Singly => singly(driver, message).await,
        }
    }

    /// Sends a query, and waits for its rows.
    pub(super) async fn fetch(
        &self,
        driver: &mut dyn Driver,
        query: &str,
    ) -> Result<Vec<Row>, DatabaseError> {
        match self {
            Self::None => driver.fetch(query).await,
            Self::Watched(watch) => {
                let patience = patience(query) + LONG_ANSWER;
                at_last(watched(&**watch, driver.fetch(query), patience).await)
            }
            Self::Singly => {
                let mut rows = Vec::new();
                for statement in statements(driver, query) {
                    rows.extend(driver.fetch(&statement).await?);
                }
                Ok(rows)
            }
        }
    }

    /// Begins a transaction that sqlx counts.
    pub(super) async fn begin(
        &self,
        driver: &mut dyn Driver,
        opening: &str,
    ) -> Result<(), DatabaseError> {
        match self {
            Self::None => driver.begin(opening).await,
            Self::Watched(watch) => {
                at_last(watched(&**watch, driver.begin(opening), patience(opening)).await)
            }
            Self::Singly => {
                let mut statements = statements(driver, opening);
                // After the last one, sqlx checks that there is a transaction, and counts it.
                let last = statements.pop().unwrap_or_default();
                for statement in statements {
                    driver.run(&statement).await.outcome?;
                }
                driver.begin(&last).await
            }
        }
    }

    /// Ends the transactions that sqlx counts, each with a message of one statement.
    pub(super) async fn end(
        &self,
        driver: &mut dyn Driver,
        end: End,
        nested: bool,
    ) -> Result<bool, DatabaseError> {
        match self {
            Self::None | Self::Singly => driver.end(end, nested).await,
            Self::Watched(watch) => {
                at_last(watched(&**watch, driver.end(end, nested), Duration::ZERO).await)
            }
        }
    }
}

/// How waiting for an answer ended: with the answer, or with the error that there will be none, and whatever arrived before
/// the session ended.
type Waited<T> = Result<T, (Option<T>, DatabaseError)>;

/// Returns the answer, which may have come at the last moment, or the reason why there is none.
fn at_last<T>(waited: Waited<Result<T, DatabaseError>>) -> Result<T, DatabaseError> {
    match waited {
        Ok(answer) | Err((Some(answer @ Ok(_)), _)) => answer,
        Err((_, error)) => Err(error),
    }
}

/// Returns how much longer than usual it may take to send a message.
fn patience(message: &str) -> Duration {
    Duration::from_secs(u64::try_from(message.len() / BYTES_PER_SECOND).unwrap_or(0))
}

/// Waits for an answer, or for the error that there will be none.
async fn watched<T>(
    watch: &dyn Watch,
    mut running: BoxFuture<'_, T>,
    patience: Duration,
) -> Waited<T> {
    let error = tokio::select! {
        biased;
        done = &mut running => return Ok(done),
        error = watch.unanswered(patience) => error,
    };
    Err((tokio::time::timeout(LAST_WORDS, running).await.ok(), error))
}

/// Returns the statements of a message. One that cannot be split is sent as it is.
fn statements(driver: &dyn Driver, message: &str) -> Vec<String> {
    match split(message, driver.dialect()) {
        Ok(statements) => statements.iter().map(|statement| statement.text().to_owned()).collect(),
        Err(_) => vec![message.to_owned()],
    }
}

async fn singly(driver: &mut dyn Driver, message: &str) -> Ran {
    let mut all = Ran { answers: Vec::new(), rows_affected: 0, outcome: Ok(()) };
    for statement in statements(driver, message) {
        let ran = driver.run(&statement).await;
        all.answers.extend(ran.answers);
        all.rows_affected += ran.rows_affected;
        if ran.outcome.is_err() {
            all.outcome = ran.outcome;
            break;
        }
    }
    all
}
