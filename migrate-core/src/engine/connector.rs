//! Opens more connections to a run's database, for what its own cannot do while it waits: renew the lease, find blocking
//! sessions, cancel the statement.

mod liveness;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use futures_core::future::BoxFuture;
use migrate_sql::Dialect;
use tokio::sync::Mutex;

use self::liveness::Liveness;
use crate::engine::connection::{Connection, DatabaseError, ErrorKind, Guard, Row, Session};

/// How long one task on another connection may take.
const ERRAND: Duration = Duration::from_secs(5);

/// The setting that distinguishes a dedicated session from one that a connection pooler lends.
pub(crate) const POOLER_PROBE: &str = "migrate.mark";

/// Opens connections like the run's own. A run on a connection that the application passed in has no connector.
#[derive(Clone)]
pub(crate) struct Connector {
    open: Arc<Open>,
    /// A connection that is kept from one task to the next.
    helper: Arc<Mutex<Option<Connection>>>,
    /// The sessions of the connections that were opened, which must not count as blocking ones.
    own: Arc<std::sync::Mutex<BTreeSet<i64>>>,
}

/// Opens a connection. Its session is marked with the word, if one is given and the session is dedicated.
type Open =
    dyn Fn(Option<String>) -> BoxFuture<'static, Result<Connection, DatabaseError>> + Send + Sync;

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector").finish_non_exhaustive()
    }
}

impl Connector {
    pub(crate) fn new(
        open: impl Fn(Option<String>) -> BoxFuture<'static, Result<Connection, DatabaseError>>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        Self { open: Arc::new(open), helper: Arc::default(), own: Arc::default() }
    }

    /// Opens one more connection, and records its session as one of ours.
    pub(crate) async fn open(&self) -> Result<Connection, DatabaseError> {
        let mut connection = (self.open)(None).await?;
        if connection.dialect() == Dialect::Postgres {
            // A connection pooler accepts a connection before it has a session for it.
            let asked = tokio::time::timeout(ERRAND, session(&mut connection)).await;
            if let Some(session) = asked.unwrap_or_else(|_| Err(no_session()))? {
                connection.know_session(session);
            }
        }
        if let Some(session) = connection.session() {
            self.own.lock().unwrap_or_else(PoisonError::into_inner).insert(session.id);
        }
        Ok(connection)
    }

    /// Opens one more connection, to a session of PostgreSQL that starts by setting [`POOLER_PROBE`] to this word. A
    /// connection pooler may refuse that.
    pub(crate) async fn open_marked(&self, word: &str) -> Result<Connection, DatabaseError> {
        (self.open)(Some(word.to_owned())).await
    }

    /// Returns whether the session with this id is one of ours.
    pub(crate) fn is_own(&self, session: i64) -> bool {
        self.own.lock().unwrap_or_else(PoisonError::into_inner).contains(&session)
    }

    /// Guards this connection, whose session is known, with another one.
    pub(crate) fn watch(&self, connection: &mut Connection) {
        if let Some(session) = connection.session() {
            let liveness = Liveness::new(self.clone(), connection.dialect(), session.clone());
            connection.guard_by(Guard::Watched(Arc::new(liveness)));
        }
    }

    /// Returns another connection, once a session is gone and its uncommitted work is rolled back.
    pub(crate) async fn once_gone(&self, dialect: Dialect, session: Session) -> Option<Connection> {
        let liveness = Liveness::new(self.clone(), dialect, session);
        if !liveness.until_gone(2 * ERRAND).await {
            return None;
        }
        self.open().await.ok()
    }

    /// Runs queries about a session until one returns rows, within a short time limit. A query that fails counts as one
    /// without rows.
    pub(crate) async fn ask_about(
        &self,
        session: &Session,
        queries: &[String],
    ) -> Result<Vec<Row>, DatabaseError> {
        let asked = async {
            let mut held = self.helper.lock().await;
            // Taken, so that a connection with an unread answer is not used again.
            let mut helper = match held.take() {
                Some(helper) => helper,
                None => self.open().await?,
            };
            if is_elsewhere(&helper, session) {
                let message = "another server answers on a second connection";
                return Err(DatabaseError::new(ErrorKind::Other, message));
            }
            let found = first_rows(&mut helper, queries).await;
            if !matches!(&found, Err(error) if error.is_loss()) {
                *held = Some(helper);
            }
            found
        };
        let no_answer = |_| Err(DatabaseError::new(ErrorKind::Connection, "no answer in time"));
        tokio::time::timeout(2 * ERRAND, asked).await.unwrap_or_else(no_answer)
    }
}

/// Returns the error for a server that has no session for a second connection.
fn no_session() -> DatabaseError {
    DatabaseError {
        hint: Some(
            "all sessions of a connection pooler may be in use: allow more of them than there are runs"
                .to_owned(),
        ),
        ..DatabaseError::new(ErrorKind::Other, "the second connection got no session")
    }
}

/// Returns whether a connection leads to another server than the session's, so that session ids do not match.
fn is_elsewhere(connection: &Connection, session: &Session) -> bool {
    let here = connection.session().and_then(|session| session.server.as_ref());
    matches!((here, &session.server), (Some(here), Some(there)) if here != there)
}

/// The query for the id of the session it runs in, and for its server.
pub(crate) const WHO_AM_I: &str =
    "SELECT concat(pg_catalog.pg_backend_pid(), ' ', pg_catalog.pg_postmaster_start_time())";

/// Returns the session of a connection on PostgreSQL.
async fn session(connection: &mut Connection) -> Result<Option<Session>, DatabaseError> {
    let rows = connection.fetch(WHO_AM_I).await?;
    Ok(rows.first().and_then(Session::read))
}

async fn first_rows(
    helper: &mut Connection,
    queries: &[String],
) -> Result<Vec<Row>, DatabaseError> {
    let mut last = Ok(Vec::new());
    for query in queries {
        match helper.fetch(query).await {
            Ok(rows) if rows.is_empty() => last = Ok(rows),
            Ok(rows) => return Ok(rows),
            Err(error) if error.is_loss() => return Err(error),
            Err(error) => last = last.and(Err(error)),
        }
    }
    last
}
