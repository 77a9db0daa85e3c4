//! An end to waiting for an answer.
//!
//! A connection can stand while no answer will ever come: MariaDB ends a message without a word when `KILL QUERY` meets
//! it between two of its statements, and what stands between may have forgotten the connection. Only another
//! connection can see that.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_core::future::BoxFuture;
use migrate_sql::split;

use crate::engine::connection::{DatabaseError, Driver, End, Ran, Row};

/// How long what was answered before may still take to arrive, once the session was ended.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// How long an answer of many rows may be on its way when the server is through with it.
const LONG_ANSWER: Duration = Duration::from_secs(15);

/// What a slow line carries in a second. A message that is not there yet is not one that nobody answers.
const BYTES_PER_SECOND: usize = 64 * 1024;

/// A session, as its server knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    /// The server's number for it.
    pub(crate) id: i64,
    /// Which server that is, if it says: another may give out the same numbers.
    pub(crate) server: Option<String>,
}

impl Session {
    /// Reads a row whose only value is the session's number and, behind a blank, what is its server's alone.
    pub(crate) fn read(row: &Row) -> Option<Self> {
        let text: String = row.at(0)?;
        let (id, server) = text.split_once(' ')?;
        Some(Self { id: id.parse().ok()?, server: Some(server.to_owned()) })
    }
}

/// Looks, while an answer is waited for, whether it can still come.
pub(crate) trait Watch: Send + Sync {
    /// Ends once no answer can come any more and the session was ended, and never otherwise. The message may be
    /// under way for `patience` longer than usual.
    fn unanswered(&self, patience: Duration) -> BoxFuture<'_, DatabaseError>;
}

/// What sees to it that waiting for an answer ends.
#[derive(Clone)]
pub(crate) enum Guard {
    /// Nothing: the engine always answers.
    None,
    /// Another connection, which looks.
    Watched(Arc<dyn Watch>),
    /// There is no other connection, so each statement is a message of its own: one that is alone is always answered.
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
    /// Sends a message, and waits for its end.
    pub(super) async fn run(&self, driver: &mut dyn Driver, message: &str) -> Ran {
        match self {
            Self::None => driver.run(message).await,
            Self::Watched(watch) => {
                let patience = patience(message);
                match watched(&**watch, driver.run(message), patience).await {
                    Err((Some(ran), error)) if ran.outcome.is_err() => {
                        Ran { outcome: Err(error), ..ran }
                    }
                    // Perhaps at the last moment.
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
                // With the last one sqlx looks whether there is a transaction, and counts it.
                let last = statements.pop().unwrap_or_default();
                for statement in statements {
                    driver.run(&statement).await.outcome?;
                }
                driver.begin(&last).await
            }
        }
    }

    /// Ends what sqlx counts as transactions, each by a message of one statement.
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

/// How waiting for an answer ended: with it, or with the word that there will be none, and what came before the session's
/// end.
type Waited<T> = Result<T, (Option<T>, DatabaseError)>;

/// An answer that came after all, perhaps at the last moment; or why there is none.
fn at_last<T>(waited: Waited<Result<T, DatabaseError>>) -> Result<T, DatabaseError> {
    match waited {
        Ok(answer) | Err((Some(answer @ Ok(_)), _)) => answer,
        Err((_, error)) => Err(error),
    }
}

/// How much longer than usual the way of a message may take.
fn patience(message: &str) -> Duration {
    Duration::from_secs(u64::try_from(message.len() / BYTES_PER_SECOND).unwrap_or(0))
}

/// Waits for an answer, or for the word that there will be none.
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

/// The statements of a message; one that cannot be read is sent as it is.
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
