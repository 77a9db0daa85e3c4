//! Session lock: an advisory lock on PostgreSQL, a named lock on MySQL, which ends with the session. SQLite has none: there
//! each group uses the file's own write lock.

use std::time::Duration;

use migrate_sql::{Checksum, Dialect, quote};

use crate::engine::connection::{Connection, DatabaseError, ErrorKind, Row};
use crate::engine::holder::{Holder, HolderKind};
use crate::history::HistoryTable;
use crate::run::lock::lease::{Lease, Watch};
use crate::run::lock::{LockError, Waiting};
use crate::run::observer::Observer;

/// A query that returns a row only on a node of a Galera cluster.
pub(super) const IS_CLUSTER: &str =
    "SHOW VARIABLES WHERE variable_name = 'wsrep_on' AND value = 'ON'";

/// How often releasing the lock is tried.
const MOST_RETURNS: usize = 20;

/// The session lock of a history table.
#[derive(Clone, Debug)]
pub(crate) struct SessionLock {
    dialect: Dialect,
    /// The number of an advisory lock, or the quoted name of a named lock.
    key: String,
    /// The lease, which other runs may use.
    lease: Lease,
    /// The query that finds the lease's table.
    find_lease: String,
}

/// The result of trying to acquire the lock.
enum Attempt {
    Had {
        /// Whether another run may hold the lease.
        lease: bool,
    },
    Held,
    /// The lock would not work: the condition is not met. It is not held.
    Worthless,
}

/// The condition under which the lock works.
#[derive(Clone, Copy, Debug)]
pub(super) enum Condition {
    None,
    /// The connection still has the session with this id.
    Backend(i64),
    /// The server is not part of a cluster.
    NoCluster,
}

impl SessionLock {
    /// Creates the lock of a history table; `None` on SQLite. A lease lasts for `life` without renewal.
    pub(crate) fn of(table: &HistoryTable, life: Duration) -> Option<Self> {
        // On MySQL, names are global to the server and have at most 64 characters: the schema is part of the hash.
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

    /// Returns the lease, which other runs may use.
    pub(super) fn lease(&self) -> &Lease {
        &self.lease
    }

    /// Waits for the lock, unconditionally.
    pub(super) async fn acquire(
        &self,
        connection: &mut Connection,
        waiting: &mut Waiting,
        observer: &mut dyn Observer,
    ) -> Result<(), LockError> {
        self.acquire_if(Condition::None, connection, waiting, observer).await.map(drop)
    }

    /// Waits for the lock; `false` if the condition is not met.
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
                    // Failing to find out is not an error: the role may lack the privilege.
                    Attempt::Held => self.holder(connection).await.ok().flatten(),
                };
            let holder = holder.unwrap_or(Holder::new(HolderKind::Session(self.dialect)));
            waiting.wait_for(holder, observer).await?;
        }
    }

    /// Acquires the named lock unless it is still held.
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
        // In one message: there is one more row where leases are used, and one in a cluster. A run that creates the lease
        // later will see this lock.
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
                "the server returned NULL when the lock was requested",
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

    /// Returns the condition that this session already holds the lock: behind a connection pooler it may be another run's.
    fn is_own(&self) -> String {
        format!(
            "EXISTS (SELECT 1 FROM pg_catalog.pg_locks l WHERE l.pid = pg_catalog.pg_backend_pid() AND {})",
            self.is_granted()
        )
    }

    /// Returns the condition that a row `l` of PostgreSQL's locks is this one. A 64-bit key is stored as two halves, and each
    /// database has its own locks.
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

    /// Returns whether a second session can acquire the lock while the first holds it, and releases it at once.
    pub(super) async fn acquires_twice(
        &self,
        second: &mut Connection,
    ) -> Result<bool, DatabaseError> {
        let query = format!("SELECT CASE {} WHEN 1 THEN {} ELSE -1 END", self.ask(), self.give());
        Ok(second.fetch_value::<Option<i64>>(&query).await?.flatten() != Some(-1))
    }

    /// Releases the lock. If there is a connection pooler after all, finding the session that holds it may take some tries.
    pub(super) async fn release(&self, connection: &mut Connection) -> Result<(), DatabaseError> {
        let query = format!("SELECT {}", self.give());
        for _ in 0..MOST_RETURNS {
            if connection.fetch_value::<Option<i64>>(&query).await?.flatten() == Some(1) {
                return Ok(());
            }
        }
        Err(super::lost())
    }

    /// Returns the holder of the lock, if there is one.
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
