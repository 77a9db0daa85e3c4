//! One runner at a time: a mutex per database and history table, held by the session that runs the migrations.
//!
//! A server finishes what a killed client sent, so the lock must live exactly as long as that session does. Waiters
//! ask again and again instead of blocking: a blocked waiter would hold a snapshot, which `CREATE INDEX CONCURRENTLY`
//! in the holder waits for.

use std::time::{Duration, Instant};

use migrate_sql::{Checksum, Dialect, quote};

use crate::connection::{Connection, DatabaseError, ErrorKind, hint};
use crate::history::HistoryTable;
use crate::observer::{Event, Observer};
use crate::stop::StopHandle;

/// The lock was not had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// Another runner held it to the end of the wait.
    #[error("another run holds the migration lock: {holder} (waited {} s)", waited.as_secs())]
    Held {
        /// Who holds it, as far as the server tells.
        holder: String,
        /// How long this run has waited.
        waited: Duration,
    },
    /// The database refuses.
    #[error("the migration lock cannot be taken")]
    Database(#[source] DatabaseError),
}

impl LockError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Held { .. } => {
                Some("let it end, or wait longer with `--wait SECONDS`".to_owned())
            }
            Self::Database(error) => {
                error.hint.clone().or_else(|| hint::of_access(error).map(str::to_owned))
            }
        }
    }
}

/// The pauses between two attempts grow to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
const FIRST_PAUSE: Duration = Duration::from_millis(25);

/// Attempts to take a lock, with growing pauses, until a deadline.
pub(crate) struct Waiting {
    begun: Instant,
    deadline: Duration,
    pause: Duration,
    stop: Option<StopHandle>,
}

impl Waiting {
    pub(crate) fn new(deadline: Duration, stop: Option<StopHandle>) -> Self {
        Self { begun: Instant::now(), deadline, pause: FIRST_PAUSE, stop }
    }

    /// Pauses; false when the time is up, or the run is to stop.
    pub(crate) async fn pause(&mut self) -> bool {
        let left = self.deadline.saturating_sub(self.begun.elapsed());
        if left.is_zero() {
            return false;
        }
        let pause = tokio::time::sleep(self.pause.min(left));
        match &self.stop {
            Some(stop) => tokio::select! {
                () = stop.stopped() => return false,
                () = pause => {}
            },
            None => pause.await,
        }
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        true
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }
}

/// The session lock of PostgreSQL and MySQL. SQLite has none: there each group takes the file's own write lock.
#[derive(Clone, Debug)]
pub(crate) struct SessionLock {
    dialect: Dialect,
    /// An advisory lock's number, or a named lock's quoted name.
    key: String,
}

impl SessionLock {
    /// The lock of a history table; nothing on SQLite.
    pub(crate) fn of(table: &HistoryTable) -> Option<Self> {
        // Names are the server's on MySQL and at most 64 characters long: the schema is part of the hash.
        let digest = Checksum::of_code(&format!("migrate lock {}", table.qualified())).to_string();
        let head = digest.get(..16).unwrap_or_default();
        let key = match table.dialect() {
            Dialect::Postgres => {
                u64::from_str_radix(head, 16).unwrap_or_default().cast_signed().to_string()
            }
            Dialect::Mysql => quote::literal(&format!("migrate_{head}"), Dialect::Mysql),
            Dialect::Sqlite => return None,
        };
        Some(Self { dialect: table.dialect(), key })
    }

    /// Waits for the lock as long as `waiting` lasts.
    pub(crate) async fn acquire(
        &self,
        connection: &mut Connection,
        mut waiting: Waiting,
        observer: &mut dyn Observer,
    ) -> Result<(), LockError> {
        let deadline = waiting.deadline;
        let mut told = false;
        while !self.attempt(connection).await.map_err(LockError::Database)? {
            if !told || waiting.elapsed() >= deadline {
                let holder = self.holder(connection).await;
                if !told {
                    observer.on(Event::Waiting { holder: &holder, deadline });
                    told = true;
                }
            }
            if !waiting.pause().await {
                let holder = self.holder(connection).await;
                return Err(LockError::Held { holder, waited: waiting.elapsed() });
            }
        }
        Ok(())
    }

    async fn attempt(&self, connection: &mut Connection) -> Result<bool, DatabaseError> {
        let query = match self.dialect {
            Dialect::Mysql => format!("SELECT get_lock({}, 0)", self.key),
            Dialect::Postgres | Dialect::Sqlite => {
                format!("SELECT CAST(pg_catalog.pg_try_advisory_lock({}) AS int)", self.key)
            }
        };
        match connection.fetch_value::<Option<i64>>(&query).await?.flatten() {
            Some(got) => Ok(got == 1),
            None => Err(DatabaseError::new(
                ErrorKind::Other,
                "the server answered NULL when asked for the lock",
            )),
        }
    }

    /// Gives the lock back.
    pub(crate) async fn release(&self, connection: &mut Connection) -> Result<(), DatabaseError> {
        let query = match self.dialect {
            Dialect::Mysql => format!("SELECT release_lock({})", self.key),
            Dialect::Postgres | Dialect::Sqlite => {
                format!("SELECT CAST(pg_catalog.pg_advisory_unlock({}) AS int)", self.key)
            }
        };
        match connection.fetch_value::<Option<i64>>(&query).await?.flatten() {
            Some(1) => Ok(()),
            _ => Err(DatabaseError::new(
                ErrorKind::Other,
                "the migration lock was lost during the run",
            )),
        }
    }

    /// Who holds the lock, in words. Not knowing is no error: the role may not be allowed to see.
    async fn holder(&self, connection: &mut Connection) -> String {
        let query = match self.dialect {
            Dialect::Mysql => format!(
                "SELECT concat('connection ', id, ', ', user, ' from ', host) FROM information_schema.processlist \
                 WHERE id = is_used_lock({})",
                self.key
            ),
            // A 64-bit key is kept as two halves.
            Dialect::Postgres | Dialect::Sqlite => format!(
                "SELECT concat('pid ', a.pid, ', ', a.usename, ', application ', a.application_name, \
                 ', since ', to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS')) \
                 FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid) \
                 WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 \
                 AND ((CAST(CAST(l.classid AS bigint) AS bit(32)) || CAST(CAST(l.objid AS bigint) AS bit(32)))::bit(64))::bigint = {}",
                self.key
            ),
        };
        match connection.fetch_value::<String>(&query).await {
            Ok(Some(holder)) => holder,
            Ok(None) | Err(_) => "who it is, the server does not say".to_owned(),
        }
    }
}
