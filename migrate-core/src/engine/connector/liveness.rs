//! Detects a session that will not answer any more, and ends it.

use std::time::{Duration, Instant};

use futures_core::future::BoxFuture;
use migrate_sql::Dialect;

use crate::engine::connection::{DatabaseError, ErrorKind, Session, Watch};
use crate::engine::connector::Connector;

/// The time before the session is first checked.
const FIRST_LOOK: Duration = Duration::from_secs(2);
/// How often a session that seems to be finished is checked.
const NEXT_LOOK: Duration = Duration::from_secs(1);
/// The longest time between two checks of a session that is working.
const RAREST_LOOK: Duration = Duration::from_secs(5);
/// If an answer has not arrived this long after the session finished, it never will.
const ON_ITS_WAY: Duration = Duration::from_secs(4);
/// If no second connection is answered either, the server counts as gone after this time.
const UNREACHABLE: Duration = Duration::from_mins(5);

/// Watches one session through another connection.
pub(super) struct Liveness {
    connector: Connector,
    dialect: Dialect,
    session: Session,
}

/// The state of the session, according to its server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SessionState {
    Busy,
    /// It is waiting for a command while we wait for its answer.
    Idle,
    /// It does not exist.
    Gone,
    /// The server does not answer on the second connection either.
    Unseen,
}

impl Watch for Liveness {
    fn unanswered(&self, patience: Duration) -> BoxFuture<'_, DatabaseError> {
        Box::pin(self.look_on(patience))
    }
}

impl Liveness {
    pub(super) fn new(connector: Connector, dialect: Dialect, session: Session) -> Self {
        Self { connector, dialect, session }
    }

    /// Checks repeatedly, until the state has not changed for so long that no answer can come.
    async fn look_on(&self, patience: Duration) -> DatabaseError {
        let mut pause = FIRST_LOOK;
        let mut seen = (SessionState::Busy, Instant::now());
        loop {
            tokio::time::sleep(pause).await;
            let sight = self.look().await;
            if sight != seen.0 {
                seen = (sight, Instant::now());
            }
            let limit = match sight {
                SessionState::Busy => {
                    pause = (pause * 2).min(RAREST_LOOK);
                    continue;
                }
                SessionState::Idle | SessionState::Gone => ON_ITS_WAY + patience,
                SessionState::Unseen => UNREACHABLE + patience,
            };
            if seen.1.elapsed() >= limit {
                self.end().await;
                return self.in_words(sight);
            }
            pause = NEXT_LOOK;
        }
    }

    async fn look(&self) -> SessionState {
        let id = self.session.id;
        let query = match self.dialect {
            // A session that was idle when its statement was cancelled is listed as killed.
            Dialect::Mysql => format!(
                "SELECT if(command = 'Killed' AND info IS NULL, 'Sleep', command) \
                 FROM information_schema.processlist WHERE id = {id}"
            ),
            Dialect::Postgres | Dialect::Sqlite => format!(
                "SELECT coalesce(state, '') FROM pg_catalog.pg_stat_activity WHERE pid = {id}"
            ),
        };
        match self.connector.ask_about(&self.session, &[query]).await {
            Ok(rows) => match rows.first().map(|row| row.at::<String>(0).unwrap_or_default()) {
                None => SessionState::Gone,
                Some(state) if state == "Sleep" || state.starts_with("idle") => SessionState::Idle,
                Some(_) => SessionState::Busy,
            },
            Err(error) if error.is_loss() => SessionState::Unseen,
            // The server answers, if only with an error.
            Err(error) => {
                tracing::debug!(%error, "what the session does cannot be seen");
                SessionState::Busy
            }
        }
    }

    /// Ends the session, and with it its transaction and the migration lock.
    async fn end(&self) {
        let id = self.session.id;
        let end = match self.dialect {
            Dialect::Mysql => format!("KILL CONNECTION {id}"),
            Dialect::Postgres | Dialect::Sqlite => {
                format!("SELECT CAST(pg_catalog.pg_terminate_backend({id}) AS int)")
            }
        };
        // This fails if the session is already gone.
        if let Err(error) = self.connector.ask_about(&self.session, &[end]).await {
            tracing::debug!(%error, "the session that does not answer could not be ended");
        }
    }

    fn in_words(&self, sight: SessionState) -> DatabaseError {
        let id = self.session.id;
        let message = match sight {
            SessionState::Busy | SessionState::Idle => format!(
                "the server stopped answering: its session {id} is idle while a statement waits for its result"
            ),
            SessionState::Gone => format!("the server stopped answering: its session {id} is gone"),
            SessionState::Unseen => {
                "the server stopped answering, and answers no new connection".to_owned()
            }
        };
        let hint = match (sight, self.dialect) {
            (SessionState::Busy | SessionState::Idle, Dialect::Mysql) => Some(
                "a `KILL QUERY` between two statements causes this: find out what sent it"
                    .to_owned(),
            ),
            (SessionState::Busy | SessionState::Idle, Dialect::Postgres | Dialect::Sqlite) => {
                Some("a proxy or firewall on the way may have dropped the connection".to_owned())
            }
            (SessionState::Gone | SessionState::Unseen, _) => None,
        };
        DatabaseError { hint, ..DatabaseError::new(ErrorKind::Unanswered, message) }
    }

    /// Waits until the session is gone and its uncommitted work rolled back. Returns `false` if that cannot be confirmed.
    pub(super) async fn until_gone(&self, patience: Duration) -> bool {
        let begun = Instant::now();
        loop {
            match self.look().await {
                SessionState::Gone => return true,
                SessionState::Busy | SessionState::Idle | SessionState::Unseen
                    if begun.elapsed() >= patience =>
                {
                    return false;
                }
                SessionState::Busy | SessionState::Idle | SessionState::Unseen => {}
            }
            tokio::time::sleep(NEXT_LOOK / 5).await;
        }
    }
}
