//! A lock that ends with the session: an advisory lock of PostgreSQL, a named lock of MySQL. SQLite has none: there each
//! group takes the file's own write lock.

use std::time::Duration;

use migrate_sql::{Checksum, Dialect, quote};

use crate::engine::connection::{Connection, DatabaseError, ErrorKind, Row};
use crate::engine::holder::{Holder, HolderKind};
use crate::history::HistoryTable;
use crate::run::lock::lease::{Lease, Watch};
use crate::run::lock::{LockError, Waiting};
use crate::run::observer::Observer;

/// Gives a row on a node of a Galera cluster, and none on any other server of MySQL or MariaDB.
pub(super) const IS_CLUSTER: &str =
    "SHOW VARIABLES WHERE variable_name = 'wsrep_on' AND value = 'ON'";

/// How often the lock is looked for in order to give it back.
const MOST_RETURNS: usize = 20;

/// The session lock of a history table.
#[derive(Clone, Debug)]
pub(crate) struct SessionLock {
    dialect: Dialect,
    /// An advisory lock's number, or a named lock's quoted name.
    key: String,
    /// What others lock by, where they do not trust sessions.
    lease: Lease,
    /// The query that finds the lease's table.
    find_lease: String,
}

/// What came of asking for the lock.
enum Attempt {
    Had {
        /// Whether another run may hold the lease.
        lease: bool,
    },
    Held,
    /// It would be worth nothing: the proviso is not met, and the lock not held.
    Worthless,
}

/// Under which condition the lock is worth having.
#[derive(Clone, Copy, Debug)]
pub(super) enum Condition {
    None,
    /// The connection must still have the session of this number.
    Backend(i64),
    /// No other node may write too, whose named locks would be its own.
    NoCluster,
}

impl SessionLock {
    /// The lock of a history table; nothing on SQLite. The owner of a lease may be silent for `life`.
    pub(crate) fn of(table: &HistoryTable, life: Duration) -> Option<Self> {
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
        let lease = Lease::new(table.clone(), life);
        Some(Self { dialect: table.dialect(), key, lease, find_lease: table.find_lease() })
    }

    /// What others lock by, where they do not trust sessions.
    pub(super) fn lease(&self) -> &Lease {
        &self.lease
    }

    /// Waits for the lock, whatever it is worth.
    pub(super) async fn acquire(
        &self,
        connection: &mut Connection,
        waiting: &mut Waiting,
        observer: &mut dyn Observer,
    ) -> Result<(), LockError> {
        self.acquire_if(Condition::None, connection, waiting, observer).await.map(drop)
    }

    /// Waits for the lock; false when the proviso is not met.
    pub(super) async fn acquire_if(
        &self,
        proviso: Condition,
        connection: &mut Connection,
        waiting: &mut Waiting,
        observer: &mut dyn Observer,
    ) -> Result<bool, LockError> {
        let mut watch = Watch::default();
        loop {
            let holder =
                match self.attempt(connection, proviso).await.map_err(LockError::Database)? {
                    Attempt::Had { lease: false } => return Ok(true),
                    Attempt::Had { lease: true } => {
                        let living = self.lease.living(connection, &mut watch).await;
                        if matches!(living, Ok(None)) {
                            return Ok(true);
                        }
                        self.release(connection).await.map_err(LockError::Database)?;
                        living.map_err(LockError::Database)?
                    }
                    Attempt::Worthless => return Ok(false),
                    // Not knowing is no error: the role may not be allowed to see.
                    Attempt::Held => self.holder(connection).await.ok().flatten(),
                };
            let holder = holder.unwrap_or(Holder::new(HolderKind::Session(self.dialect)));
            waiting.wait_for(holder, observer).await?;
        }
    }

    /// Acquires the named lock unless it is held still.
    pub(super) async fn hold_on(&self, connection: &mut Connection) -> Result<bool, DatabaseError> {
        let ask = format!(
            "SELECT CASE WHEN is_used_lock({key}) = connection_id() THEN 1 ELSE get_lock({key}, 0) END",
            key = self.key
        );
        Ok(connection.fetch_value::<i64>(&ask).await? == Some(1))
    }

    async fn attempt(
        &self,
        connection: &mut Connection,
        proviso: Condition,
    ) -> Result<Attempt, DatabaseError> {
        let (ask, find_lease) = (self.ask(), &self.find_lease);
        // In one message: a row more where somebody locks by lease, and where there is a cluster. A lease that is made
        // later sees this lock.
        let query = match proviso {
            Condition::None => format!("SELECT {ask};\n{find_lease}"),
            Condition::Backend(pid) => format!(
                "SELECT CASE WHEN pg_catalog.pg_backend_pid() <> {pid} OR {} THEN -1 ELSE {ask} END;\n{find_lease}",
                self.is_own()
            ),
            Condition::NoCluster => format!("SELECT {ask};\n{find_lease};\n{IS_CLUSTER}"),
        };
        let rows = connection.fetch(&query).await?;
        let had = rows.first().and_then(|row| row.at::<Option<i64>>(0)).flatten();
        let more: Vec<String> = rows.iter().skip(1).filter_map(|row| row.at(0)).collect();
        let lease = more.iter().any(|word| word == HistoryTable::LEASE_IS_THERE);
        if more.len() > usize::from(lease) {
            if had == Some(1) {
                self.release(connection).await?;
            }
            return Ok(Attempt::Worthless);
        }
        match had {
            Some(1) => Ok(Attempt::Had { lease }),
            Some(-1) => Ok(Attempt::Worthless),
            Some(_) => Ok(Attempt::Held),
            None => Err(DatabaseError::new(
                ErrorKind::Other,
                "the server answered NULL when asked for the lock",
            )),
        }
    }

    fn ask(&self) -> String {
        match self.dialect {
            Dialect::Mysql => format!("get_lock({}, 0)", self.key),
            Dialect::Postgres | Dialect::Sqlite => {
                format!("CAST(pg_catalog.pg_try_advisory_lock({}) AS int)", self.key)
            }
        }
    }

    /// Whether this very session has the lock already: through a pooler it may be another run's.
    fn is_own(&self) -> String {
        format!(
            "EXISTS (SELECT 1 FROM pg_catalog.pg_locks l WHERE l.pid = pg_catalog.pg_backend_pid() AND {})",
            self.is_granted()
        )
    }

    /// Whether a row `l` of PostgreSQL's locks is this one. A 64-bit key is kept as two halves, and each database has locks of
    /// its own.
    fn is_granted(&self) -> String {
        format!(
            "l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 \
             AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) \
             AND ((CAST(CAST(l.classid AS bigint) AS bit(32)) || CAST(CAST(l.objid AS bigint) AS bit(32)))::bit(64))::bigint = {}",
            self.key
        )
    }

    fn give(&self) -> String {
        match self.dialect {
            Dialect::Mysql => format!("release_lock({})", self.key),
            Dialect::Postgres | Dialect::Sqlite => {
                format!("CAST(pg_catalog.pg_advisory_unlock({}) AS int)", self.key)
            }
        }
    }

    /// Whether a second session gets the lock, while the first holds it; what it gets it gives back at once.
    pub(super) async fn is_had_twice(
        &self,
        second: &mut Connection,
    ) -> Result<bool, DatabaseError> {
        let query = format!("SELECT CASE {} WHEN 1 THEN {} ELSE -1 END", self.ask(), self.give());
        Ok(second.fetch_value::<Option<i64>>(&query).await?.flatten() != Some(-1))
    }

    /// Gives the lock back. If a pooler lends sessions after all, it is with one that may not be met at once.
    pub(super) async fn release(&self, connection: &mut Connection) -> Result<(), DatabaseError> {
        let query = format!("SELECT {}", self.give());
        for _ in 0..MOST_RETURNS {
            if connection.fetch_value::<Option<i64>>(&query).await?.flatten() == Some(1) {
                return Ok(());
            }
        }
        Err(super::lost())
    }

    /// Who holds the lock, if anybody does.
    pub(super) async fn holder(
        &self,
        connection: &mut Connection,
    ) -> Result<Option<Holder>, DatabaseError> {
        let query = match self.dialect {
            Dialect::Mysql => format!(
                "SELECT l.id, p.user, NULL, p.host, NULL, concat(lower(p.command), ' for ', p.time, ' s') \
                 FROM (SELECT is_used_lock({}) AS id) l LEFT JOIN information_schema.processlist p ON p.id = l.id \
                 WHERE l.id IS NOT NULL",
                self.key
            ),
            Dialect::Postgres | Dialect::Sqlite => format!(
                "SELECT l.pid, a.usename, a.application_name, coalesce(a.client_hostname, host(a.client_addr)), \
                 to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), a.state \
                 FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a USING (pid) WHERE {}",
                self.is_granted()
            ),
        };
        Ok(connection.fetch(&query).await?.first().map(|row| self.in_words(row)))
    }

    fn in_words(&self, row: &Row) -> Holder {
        let text = |index| row.at::<String>(index).filter(|text| !text.is_empty());
        Holder {
            pid: row.at(0),
            user: text(1),
            application: text(2),
            host: text(3),
            since: text(4),
            state: text(5),
            ..Holder::new(HolderKind::Session(self.dialect))
        }
    }
}
