//! One database connection, whatever the engine: the only way the executor reaches a database.

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

/// Whoever waits for nobody still has to wait for an answer.
const SHORTEST_PATIENCE: Duration = Duration::from_secs(5);

/// A connection the executor may use and lend to migrations.
///
/// Opened from a URL by [`Migrator::connect`](crate::Migrator::connect), or made of a connection of sqlx's by `From`.
pub struct Connection {
    dialect: Dialect,
    /// Nothing once the connection was lent to a migration whose run was given up.
    driver: Option<Box<dyn Driver>>,
    /// Which session the server has given it, where it was asked.
    session: Option<Session>,
    /// What sees to it that waiting for an answer ends.
    guard: Guard,
    /// How long the answer to a question of ours may take.
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

    /// The engine's dialect.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Moves the connection out, leaving one on which everything fails: should the borrower's run be given up, the
    /// server must see the connection close rather than find its lock held by an idle one.
    pub(crate) fn take(&mut self) -> Self {
        Self {
            dialect: self.dialect,
            driver: self.driver.take(),
            session: self.session.clone(),
            guard: self.guard.clone(),
            patience: self.patience,
        }
    }

    /// A connection on which everything fails.
    fn gone(dialect: Dialect) -> Self {
        Self { dialect, driver: None, session: None, guard: Guard::None, patience: None }
    }

    /// Sends `message`, which may hold many statements, in one go, and waits for its end.
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

    /// Sends `message` where only success counts.
    pub(crate) async fn execute(&mut self, message: &str) -> Result<(), DatabaseError> {
        self.run(message).await.outcome
    }

    /// Sends `opening`, which begins a transaction, so that sqlx counts it as one of its own: what code begins on the lent
    /// connection is then a savepoint within it.
    pub(crate) async fn begin(&mut self, opening: &str) -> Result<(), DatabaseError> {
        tracing::trace!(opening, "begin");
        let begun = match &mut self.driver {
            Some(driver) => self.guard.begin(&mut **driver, opening).await,
            None => Err(given_up()),
        };
        self.unless_unanswered(begun)
    }

    /// Ends what sqlx counts as transactions, all but the first if only the `nested` ones are meant, and says whether
    /// there were any.
    pub(crate) async fn end(&mut self, end: End, nested: bool) -> Result<bool, DatabaseError> {
        let ended = match &mut self.driver {
            Some(driver) => self.guard.end(&mut **driver, end, nested).await,
            None => Err(given_up()),
        };
        self.unless_unanswered(ended)
    }

    /// Runs one query and gives its rows.
    pub(crate) async fn fetch(&mut self, query: &str) -> Result<Vec<Row>, DatabaseError> {
        tracing::trace!(query, "fetch");
        let rows = match &mut self.driver {
            Some(driver) => self.guard.fetch(&mut **driver, query).await,
            None => Err(given_up()),
        };
        self.unless_unanswered(rows)
    }

    /// Closes the connection where an answer will never come.
    fn unless_unanswered<T>(
        &mut self,
        answer: Result<T, DatabaseError>,
    ) -> Result<T, DatabaseError> {
        if matches!(&answer, Err(error) if error.kind == ErrorKind::Unanswered) {
            self.driver = None;
        }
        answer
    }

    /// Asks what is answered at once, unless something stands in the way: a pooler without a free session, or a lock. Not
    /// for ever; after that, the connection is closed.
    pub(crate) async fn ask(&mut self, query: &str) -> Result<Vec<Row>, DatabaseError> {
        let Some(patience) = self.patience else { return self.fetch(query).await };
        if let Ok(rows) = tokio::time::timeout(patience, self.fetch(query)).await {
            return rows;
        }
        self.driver = None;
        Err(no_answer(patience))
    }

    /// Says how long the answer to a question of ours may take, for one who waits so long for others.
    pub(crate) fn wait_at_most(&mut self, wait: Duration) {
        self.patience = Some(wait.max(SHORTEST_PATIENCE));
    }

    /// Which session the server has given it, where it was asked when the connection was made.
    pub(crate) fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// Takes note of the session that the server has given it.
    pub(crate) fn know_session(&mut self, session: Session) {
        self.session = Some(session);
    }

    /// Sees to it from now on that waiting for an answer ends.
    pub(crate) fn guard_by(&mut self, guard: Guard) {
        self.guard = guard;
    }

    /// Runs one query and gives its rows.
    ///
    /// # Errors
    ///
    /// When the database refuses.
    pub async fn query(&mut self, sql: &str) -> Result<Vec<Row>, DatabaseError> {
        self.fetch(sql).await
    }

    /// Runs one query and gives the first value of its first row.
    pub(crate) async fn fetch_value<T: FromValue>(
        &mut self,
        query: &str,
    ) -> Result<Option<T>, DatabaseError> {
        Ok(self.fetch(query).await?.first().and_then(|row| row.at(0)))
    }

    /// Says goodbye to the server. Dropping the connection closes it too, without waiting.
    ///
    /// # Errors
    ///
    /// When the connection is lost already.
    pub async fn close(self) -> Result<(), DatabaseError> {
        match self.driver {
            Some(driver) => driver.close().await,
            None => Ok(()),
        }
    }

    /// Has `flag` interrupt whatever runs while it is up, on the engine that runs within this process; or no more.
    pub(crate) async fn interrupt_by(
        &mut self,
        flag: Option<Arc<AtomicBool>>,
    ) -> Result<(), DatabaseError> {
        match &mut self.driver {
            Some(driver) => driver.interrupt_by(flag).await,
            None => Err(given_up()),
        }
    }

    /// Forgets what the driver itself has prepared for the typed connection, by the names and answers of before.
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
        // Asked first, so that a connection of another engine can be given back whole.
        if self.driver_mut::<T>().is_none() {
            return Err(self);
        }
        let dialect = self.dialect;
        let driver = self.driver.take().and_then(|driver| driver.into_any().downcast().ok());
        driver.map(|driver| *driver).ok_or_else(|| Self::gone(dialect))
    }
}

/// The error of a question that nobody has answered.
pub(crate) fn no_answer(waited: Duration) -> DatabaseError {
    let seconds = waited.as_secs();
    let message = format!("no answer from the server within {seconds} s");
    DatabaseError {
        hint: Some(
            "all sessions of a connection pooler may be in use, or the server hangs; wait longer with `--wait SECONDS`"
                .to_owned(),
        ),
        ..DatabaseError::new(ErrorKind::Unanswered, message)
    }
}

fn given_up() -> DatabaseError {
    DatabaseError::new(
        ErrorKind::Connection,
        "the connection was closed when an earlier run on it was given up",
    )
}

/// How far a message came.
#[derive(Debug)]
pub(crate) struct Ran {
    /// One for each statement that ended well: the first value of its first row, if that is a whole number.
    pub(crate) answers: Vec<Option<i64>>,
    /// Rows those statements changed, together.
    pub(crate) rows_affected: u64,
    /// How it ended.
    pub(crate) outcome: Result<(), DatabaseError>,
}

/// How a transaction ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Commit,
    Rollback,
    /// It has ended already, and sqlx does not know.
    Forget,
}

impl Ran {
    /// A message of which nothing was done.
    fn refused(error: DatabaseError) -> Self {
        Self { answers: Vec::new(), rows_affected: 0, outcome: Err(error) }
    }

    fn is_unanswered(&self) -> bool {
        matches!(&self.outcome, Err(error) if error.kind == ErrorKind::Unanswered)
    }
}

/// What each engine does in its own way. Implemented in `backend`, and by the injection that tests put before it.
pub(crate) trait Driver: Send + 'static {
    fn dialect(&self) -> Dialect;

    fn run<'a>(&'a mut self, message: &'a str) -> BoxFuture<'a, Ran>;

    fn fetch<'a>(&'a mut self, query: &'a str) -> BoxFuture<'a, Result<Vec<Row>, DatabaseError>>;

    fn begin<'a>(&'a mut self, opening: &'a str) -> BoxFuture<'a, Result<(), DatabaseError>>;

    fn end(&mut self, end: End, nested: bool) -> BoxFuture<'_, Result<bool, DatabaseError>>;

    /// Servers are told by another connection to stop a statement, so that there is nothing to do for theirs.
    fn interrupt_by(
        &mut self,
        flag: Option<Arc<AtomicBool>>,
    ) -> BoxFuture<'_, Result<(), DatabaseError>> {
        drop(flag);
        Box::pin(std::future::ready(Ok(())))
    }

    /// Forgets what the driver itself has prepared for the typed connection.
    fn forget_statements(&mut self) -> BoxFuture<'_, Result<(), DatabaseError>>;

    fn close(self: Box<Self>) -> BoxFuture<'static, Result<(), DatabaseError>>;

    fn as_any(&mut self) -> &mut dyn Any;

    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}
