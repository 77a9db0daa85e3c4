//! Sees that a session will not answer any more, and ends it.

use std::time::{Duration, Instant};

use futures_core::future::BoxFuture;
use migrate_sql::Dialect;

use crate::engine::connection::{DatabaseError, ErrorKind, Session, Watch};
use crate::engine::connector::Connector;

/// An answer that comes sooner is not looked for.
const FIRST_LOOK: Duration = Duration::from_secs(2);
/// How often a session that seems to be through is looked at.
const NEXT_LOOK: Duration = Duration::from_secs(1);
/// Looks at one that works become rarer, down to one in so long.
const RAREST_LOOK: Duration = Duration::from_secs(5);
/// An answer that is not there so long after the session was through never comes.
const ON_ITS_WAY: Duration = Duration::from_secs(4);
/// Where no second connection is answered either, the server counts as gone after so long.
const UNREACHABLE: Duration = Duration::from_mins(5);

/// Looks after one session by means of another.
pub(super) struct Liveness {
    connector: Connector,
    dialect: Dialect,
    session: Session,
}

/// What the session does, by its server's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SessionState {
    Busy,
    /// It waits for what it is to do, while we wait for its answer.
    Idle,
    /// There is no such session.
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

    /// Looks again and again, until it has been the same for so long that no answer can come.
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
            // One that was idle when it was told to cancel its statement is called killed.
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
            // It answers, if only that it will not tell.
            Err(error) => {
                tracing::debug!(%error, "what the session does cannot be seen");
                SessionState::Busy
            }
        }
    }

    /// Ends the session, and with it whatever it holds: its transaction, and the migration lock.
    async fn end(&self) {
        let id = self.session.id;
        let end = match self.dialect {
            Dialect::Mysql => format!("KILL CONNECTION {id}"),
            Dialect::Postgres | Dialect::Sqlite => {
                format!("SELECT CAST(pg_catalog.pg_terminate_backend({id}) AS int)")
            }
        };
        // One that is gone cannot be ended.
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
                "a `KILL QUERY` between two statements does this: see who or what sent it"
                    .to_owned(),
            ),
            (SessionState::Busy | SessionState::Idle, Dialect::Postgres | Dialect::Sqlite) => {
                Some("a proxy or firewall on the way may have dropped the connection".to_owned())
            }
            (SessionState::Gone | SessionState::Unseen, _) => None,
        };
        DatabaseError { hint, ..DatabaseError::new(ErrorKind::Unanswered, message) }
    }

    /// Waits until the session is gone, and with it whatever it had not committed; false if it is not, or not seen.
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
