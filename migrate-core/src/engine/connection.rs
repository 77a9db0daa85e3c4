//! A database connection of any engine. The executor reaches the database only through it.

mod error;
#[cfg(feature = "faults")]
mod fault_injection;
pub(crate) mod hint;
pub(crate) mod kept;
mod refused;
mod row;
mod unanswered;

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use futures_core::future::BoxFuture;

pub use self::error::{DatabaseError, ErrorKind, ErrorPlace};
#[cfg(feature = "faults")]
pub use self::fault_injection::{Counter, Injection, Moment};
pub use self::row::{FromValue, Row, Value};
pub(crate) use self::unanswered::{Guard, Session, Watch};
use crate::sql::Dialect;

/// The shortest time to wait for an answer, even with `--wait 0`.
const SHORTEST_PATIENCE: Duration = Duration::from_secs(5);

/// A connection that the executor uses and lends to migrations.
///
/// Opened from a URL by [`Migrator::connect`](crate::Migrator::connect), or converted from a connection of sqlx.
pub struct Connection {
    dialect: Dialect,
    /// `None` after a cancelled run took the connection with it.
    driver: Option<Box<dyn Driver>>,
    /// Its session on the server, if that is known.
    session: Option<Session>,
    /// Ends waiting for an answer that will not come.
    guard: Guard,
    /// How long the answer to one of our queries may take.
    patience: Option<Duration>,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("dialect", &self.dialect).finish_non_exhaustive()
    }
}

impl Connection {
    #[cfg_attr(
        not(any(feature = "postgres", feature = "mysql", feature = "sqlite")),
        expect(dead_code, reason = "no engine is compiled in")
    )]
    pub(crate) fn new(driver: impl Driver) -> Self {
        Self {
            dialect: driver.dialect(),
            driver: Some(Box::new(driver)),
            session: None,
            guard: Guard::None,
            patience: None,
        }
    }

    /// Returns the engine's dialect.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Moves the connection out, and leaves one on which everything fails: if the borrower is dropped, the connection
    /// must close, so that no idle connection keeps holding the lock.
    pub(crate) fn take(&mut self) -> Self {
        Self {
            dialect: self.dialect,
            driver: self.driver.take(),
            session: self.session.clone(),
            guard: self.guard.clone(),
            patience: self.patience,
        }
    }

    /// Creates a connection on which everything fails.
    fn gone(dialect: Dialect) -> Self {
        Self { dialect, driver: None, session: None, guard: Guard::None, patience: None }
    }

    /// Sends `message`, which may contain many statements, and waits for the result.
    pub(crate) async fn run(&mut self, message: &str) -> Ran {
        tracing::trace!(message, "send");
        let ran = match &mut self.driver {
            Some(driver) => self.guard.run(&mut **driver, message).await,
            None => Ran::refused(given_up()),
        };
        if ran.is_unanswered() {
            self.driver = None;
        }
        ran
    }

    /// Sends `message`, and returns only whether it succeeded.
    pub(crate) async fn execute(&mut self, message: &str) -> Result<(), DatabaseError> {
        self.run(message).await.outcome
    }

    /// Sends `opening`, which begins a transaction, and makes sqlx count it as its own: a transaction that code begins on
    /// the connection is then a savepoint inside it.
    pub(crate) async fn begin(&mut self, opening: &str) -> Result<(), DatabaseError> {
        tracing::trace!(opening, "begin");
        let begun = match &mut self.driver {
            Some(driver) => self.guard.begin(&mut **driver, opening).await,
            None => Err(given_up()),
        };
        self.unless_unanswered(begun)
    }

    /// Ends the transactions that sqlx counts, all but the first if only the `nested` ones, and returns whether there were
    /// any.
    pub(crate) async fn end(&mut self, end: End, nested: bool) -> Result<bool, DatabaseError> {
        let ended = match &mut self.driver {
            Some(driver) => self.guard.end(&mut **driver, end, nested).await,
            None => Err(given_up()),
        };
        self.unless_unanswered(ended)
    }

    /// Runs one query and returns its rows.
    pub(crate) async fn fetch(&mut self, query: &str) -> Result<Vec<Row>, DatabaseError> {
        tracing::trace!(query, "fetch");
        let rows = match &mut self.driver {
            Some(driver) => self.guard.fetch(&mut **driver, query).await,
            None => Err(given_up()),
        };
        self.unless_unanswered(rows)
    }

    /// Closes the connection if the answer will never come.
    fn unless_unanswered<T>(
        &mut self,
        answer: Result<T, DatabaseError>,
    ) -> Result<T, DatabaseError> {
        if matches!(&answer, Err(error) if error.kind == ErrorKind::Unanswered) {
            self.driver = None;
        }
        answer
    }

    /// Runs a query that is normally answered at once, unless a connection pooler has no free session or a lock is held.
    /// Closes the connection if the answer takes too long.
    pub(crate) async fn ask(&mut self, query: &str) -> Result<Vec<Row>, DatabaseError> {
        let Some(patience) = self.patience else { return self.fetch(query).await };
        if let Ok(rows) = tokio::time::timeout(patience, self.fetch(query)).await {
            return rows;
        }
        self.driver = None;
        Err(no_answer(patience))
    }

    /// Sets how long the answer to one of our queries may take, for a run that waits this long for others.
    pub(crate) fn wait_at_most(&mut self, wait: Duration) {
        self.patience = Some(wait.max(SHORTEST_PATIENCE));
    }

    /// Returns its session on the server, if it was determined when the connection was opened.
    pub(crate) fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// Stores its session on the server.
    pub(crate) fn know_session(&mut self, session: Session) {
        self.session = Some(session);
    }

    /// Guards the connection: waiting for an answer that will not come ends.
    pub(crate) fn guard_by(&mut self, guard: Guard) {
        self.guard = guard;
    }

    /// Runs one query and returns its rows.
    ///
    /// # Errors
    ///
    /// If the database refuses it.
    pub async fn query(&mut self, sql: &str) -> Result<Vec<Row>, DatabaseError> {
        self.fetch(sql).await
    }

    /// Runs one query and returns the first value of its first row.
    pub(crate) async fn fetch_value<T: FromValue>(
        &mut self,
        query: &str,
    ) -> Result<Option<T>, DatabaseError> {
        Ok(self.fetch(query).await?.first().and_then(|row| row.at(0)))
    }

    /// Closes the connection cleanly. Dropping the connection closes it too, without waiting.
    ///
    /// # Errors
    ///
    /// If the connection is already lost.
    pub async fn close(self) -> Result<(), DatabaseError> {
        match self.driver {
            Some(driver) => driver.close().await,
            None => Ok(()),
        }
    }

    /// Interrupts statements while `flag` is set, on the engine that runs in this process; `None` turns that off.
    pub(crate) async fn interrupt_by(
        &mut self,
        flag: Option<Arc<AtomicBool>>,
    ) -> Result<(), DatabaseError> {
        match &mut self.driver {
            Some(driver) => driver.interrupt_by(flag).await,
            None => Err(given_up()),
        }
    }

    /// Drops the driver's prepared statements, which may be out of date after a schema change.
    pub(crate) async fn forget_statements(&mut self) -> Result<(), DatabaseError> {
        match &mut self.driver {
            Some(driver) => driver.forget_statements().await,
            None => Err(given_up()),
        }
    }

    pub(crate) fn driver_mut<T: 'static>(&mut self) -> Option<&mut T> {
        self.driver.as_mut()?.as_any().downcast_mut()
    }

    #[cfg_attr(
        not(any(feature = "postgres", feature = "mysql", feature = "sqlite")),
        expect(dead_code, reason = "no engine is compiled in")
    )]
    pub(crate) fn into_driver<T: 'static>(mut self) -> Result<T, Self> {
        // Checked first, so that a connection of another engine can be returned unchanged.
        if self.driver_mut::<T>().is_none() {
            return Err(self);
        }
        let dialect = self.dialect;
        let driver = self.driver.take().and_then(|driver| driver.into_any().downcast().ok());
        driver.map(|driver| *driver).ok_or_else(|| Self::gone(dialect))
    }
}

/// Returns the error for a query that was not answered in time.
pub(crate) fn no_answer(waited: Duration) -> DatabaseError {
    let seconds = waited.as_secs();
    let message = format!("no answer from the server within {seconds} s");
    DatabaseError {
        hint: Some(
            "all sessions of a connection pooler may be in use, or the server may hang; wait longer with `--wait SECONDS`"
                .to_owned(),
        ),
        ..DatabaseError::new(ErrorKind::Unanswered, message)
    }
}

fn given_up() -> DatabaseError {
    DatabaseError::new(
        ErrorKind::Connection,
        "the connection was closed when an earlier run on it was cancelled",
    )
}

/// The result of a message.
#[derive(Debug)]
pub(crate) struct Ran {
    /// One entry for each statement that succeeded: the first value of its first row, if that is an integer.
    pub(crate) answers: Vec<Option<i64>>,
    /// The number of rows that those statements changed.
    pub(crate) rows_affected: u64,
    /// Whether the message succeeded.
    pub(crate) outcome: Result<(), DatabaseError>,
}

/// How a transaction ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Commit,
    Rollback,
    /// It has already ended, but sqlx does not know.
    Forget,
}

impl Ran {
    /// Returns the result of a message of which nothing was done.
    fn refused(error: DatabaseError) -> Self {
        Self { answers: Vec::new(), rows_affected: 0, outcome: Err(error) }
    }

    fn is_unanswered(&self) -> bool {
        matches!(&self.outcome, Err(error) if error.kind == ErrorKind::Unanswered)
    }
}

/// What differs between the engines. Implemented in `backend`, and by the fault injection of tests.
pub(crate) trait Driver: Send + 'static {
    fn dialect(&self) -> Dialect;

    fn run<'a>(&'a mut self, message: &'a str) -> BoxFuture<'a, Ran>;

    fn fetch<'a>(&'a mut self, query: &'a str) -> BoxFuture<'a, Result<Vec<Row>, DatabaseError>>;

    fn begin<'a>(&'a mut self, opening: &'a str) -> BoxFuture<'a, Result<(), DatabaseError>>;

    fn end(&mut self, end: End, nested: bool) -> BoxFuture<'_, Result<bool, DatabaseError>>;

    /// Sets the flag that interrupts statements. Servers are told to by another connection, so theirs do nothing.
    fn interrupt_by(
        &mut self,
        flag: Option<Arc<AtomicBool>>,
    ) -> BoxFuture<'_, Result<(), DatabaseError>> {
        drop(flag);
        Box::pin(std::future::ready(Ok(())))
    }

    /// Drops the driver's prepared statements.
    fn forget_statements(&mut self) -> BoxFuture<'_, Result<(), DatabaseError>>;

    fn close(self: Box<Self>) -> BoxFuture<'static, Result<(), DatabaseError>>;

    fn as_any(&mut self) -> &mut dyn Any;

    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}
