//! The migration lock: one run at a time per database and history table.
//!
//! A server finishes what a killed client sent, so the lock is best held by the session that runs the migrations, and ends
//! with it. Where a session lock does not work, as behind a connection pooler that lends a session per transaction, the lock
//! is a lease: a row that its holder renews, and whose token rejects writes of a run that has lost it. Waiting runs poll
//! instead of blocking: a blocked one would hold a snapshot, which `CREATE INDEX CONCURRENTLY` of the holder waits for.

mod error;
mod file;
mod heartbeat;
mod lease;
mod pooler;
mod session;
mod waiting;

use std::time::Duration;

pub use self::error::LockError;
pub(crate) use self::file::FileLock;
use self::heartbeat::Heartbeat;
use self::session::SessionLock;
pub(crate) use self::waiting::Waiting;
use migrate_sql::Dialect;

use crate::engine::connection::{Connection, DatabaseError, ErrorKind};
use crate::engine::connector::Connector;
use crate::engine::holder::{Holder, HolderKind};
use crate::history::HistoryTable;
use crate::run::observer::Observer;
use crate::run::settings::{LockMode, Settings};

/// A lock that keeps other runs out.
#[derive(Debug, Default)]
pub(crate) enum Lock {
    /// No lock, or only the write lock of each group.
    #[default]
    None,
    Session(Box<SessionLock>),
    Lease(Box<Heartbeat>),
}

/// What is known before a lock is acquired.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) table: &'a HistoryTable,
    pub(crate) settings: &'a Settings,
    pub(crate) connector: Option<&'a Connector>,
}

impl Lock {
    /// Waits for the lock of a history table.
    pub(crate) async fn acquire(
        connection: &mut Connection,
        wanted: Wanted<'_>,
        (mut waiting, observer): (Waiting, &mut dyn Observer),
    ) -> Result<Self, LockError> {
        let Some(session) = SessionLock::of(wanted.table, wanted.settings.lease) else {
            return Ok(Self::None);
        };
        match (wanted.settings.lock, wanted.connector) {
            (LockMode::None, _) => Ok(Self::None),
            (LockMode::Session, _) | (LockMode::Auto, None) => {
                session.acquire(connection, &mut waiting, observer).await?;
                Ok(Self::Session(Box::new(session)))
            }
            (LockMode::Lease, None) => Err(LockError::NoConnector),
            (LockMode::Lease, Some(connector)) => {
                let waiting = (&mut waiting, observer);
                Self::lease(connection, connector, &session, waiting).await
            }
            (LockMode::Auto, Some(connector)) => {
                let sides = (&mut *connection, connector);
                if pooler::acquire(&session, sides, &mut waiting, observer).await? {
                    return Ok(Self::Session(Box::new(session)));
                }
                let waiting = (&mut waiting, observer);
                Self::lease(connection, connector, &session, waiting).await
            }
        }
    }

    /// Waits for the lease, and until no session holds the session lock.
    async fn lease(
        connection: &mut Connection,
        connector: &Connector,
        session: &SessionLock,
        (waiting, observer): (&mut Waiting, &mut dyn Observer),
    ) -> Result<Self, LockError> {
        if pooler::is_cluster(connection).await.map_err(LockError::Database)? {
            // Writes of other nodes must be visible before a decision is based on them.
            let wait = connection.execute("SET SESSION wsrep_sync_wait = 15").await;
            wait.map_err(LockError::Database)?;
        }
        if connection.dialect() == Dialect::Mysql {
            // If it is on, each renewal would conflict with the run's transactions. Other servers do not have it.
            connection.execute("SET SESSION innodb_snapshot_isolation = 0").await.ok();
        }
        let lease = session.lease().clone();
        let token = loop {
            let token = lease.acquire(connection, waiting, observer).await?;
            // A server that cannot report the holder has no such locks.
            let Some(holder) = session.holder(connection).await.ok().flatten() else { break token };
            lease.release(connection, token).await.map_err(LockError::Database)?;
            waiting.wait_for(holder, observer).await?;
        };
        match connector.open().await {
            Ok(beating) => {
                let heartbeat = Heartbeat::start(lease, token, (connector.clone(), beating));
                Ok(Self::Lease(Box::new(heartbeat)))
            }
            Err(error) => {
                lease.release(connection, token).await.ok();
                Err(LockError::Connector(error))
            }
        }
    }

    /// Returns the statement that makes a transaction fail if its run has lost the lock.
    pub(crate) fn fence(&self) -> Option<&str> {
        match self {
            Self::None | Self::Session(_) => None,
            Self::Lease(heartbeat) => Some(heartbeat.fence()),
        }
    }

    /// Returns whether other runs are kept out.
    pub(crate) fn is_held(&self) -> bool {
        match self {
            Self::None => false,
            Self::Session(_) | Self::Lease(_) => true,
        }
    }

    /// Returns whether another run is known to have taken over the lock.
    pub(crate) fn is_lost(&self) -> bool {
        match self {
            Self::None | Self::Session(_) => false,
            Self::Lease(heartbeat) => heartbeat.is_lost(),
        }
    }

    /// Returns whether this run still holds the lock; `true` if that cannot be determined.
    pub(crate) async fn is_kept(&self, connection: &mut Connection) -> bool {
        match self {
            Self::None | Self::Session(_) => true,
            Self::Lease(heartbeat) => heartbeat.is_kept(connection).await,
        }
    }

    /// Acquires MySQL's lock again if a migration released it together with its own; `false` if another run holds it by now.
    /// PostgreSQL's is restored with the rest of its session.
    pub(crate) async fn hold_on(&self, connection: &mut Connection) -> Result<bool, DatabaseError> {
        match (self, connection.dialect()) {
            (Self::Session(lock), Dialect::Mysql) => lock.hold_on(connection).await,
            (Self::None | Self::Session(_) | Self::Lease(_), _) => Ok(true),
        }
    }

    /// Returns the error of a run that has lost its lock.
    pub(crate) async fn lost(&self, connection: &mut Connection) -> LockError {
        let holder = match self {
            Self::None | Self::Session(_) => None,
            Self::Lease(heartbeat) => heartbeat.lease().holder(connection).await.ok().flatten(),
        };
        LockError::Lost { holder: holder.map(Box::new) }
    }

    /// Releases the lock.
    pub(crate) async fn release(self, connection: &mut Connection) -> Result<(), DatabaseError> {
        match self {
            Self::None => Ok(()),
            Self::Session(lock) => lock.release(connection).await,
            Self::Lease(heartbeat) => heartbeat.release(connection).await,
        }
    }
}

/// Returns the holder of the migration lock of a history table, whatever kind of lock it is. Does not write.
pub(crate) async fn holder(
    connection: &mut Connection,
    table: &HistoryTable,
) -> Result<Option<Holder>, DatabaseError> {
    let Some(session) = SessionLock::of(table, Duration::ZERO) else {
        return writer(connection).await;
    };
    if let Some(holder) = session.holder(connection).await? {
        return Ok(Some(holder));
    }
    session.lease().holder(connection).await
}

/// Returns the run that uses a SQLite file, or a connection that writes to it. The latter is only detected by trying to
/// write.
async fn writer(connection: &mut Connection) -> Result<Option<Holder>, DatabaseError> {
    if let Some(holder) = file::holder(connection).await? {
        return Ok(Some(holder));
    }
    match connection.execute("BEGIN IMMEDIATE").await {
        Ok(()) => connection.execute("ROLLBACK").await.map(|()| None),
        Err(error) if error.kind == ErrorKind::LockTimeout => {
            Ok(Some(Holder::new(HolderKind::File)))
        }
        Err(error) if error.kind == ErrorKind::ReadOnly => Ok(None),
        Err(error) => Err(error),
    }
}

/// Releases a lease whose holder is gone, after watching it until it expires. Returns the former holder.
pub(crate) async fn evict(
    connection: &mut Connection,
    table: &HistoryTable,
    settings: &Settings,
) -> Result<Option<Holder>, LockError> {
    // A file's own lock ends with its process.
    let Some(session) = SessionLock::of(table, settings.lease) else { return Ok(None) };
    if let Some(holder) = session.holder(connection).await.map_err(LockError::Database)? {
        return Err(LockError::InSession { holder: Box::new(holder) });
    }
    session.lease().evict(connection).await
}

fn lost() -> DatabaseError {
    DatabaseError::new(ErrorKind::Other, "the migration lock was lost during the run")
}
