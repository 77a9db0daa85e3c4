//! One runner at a time: a mutex per database and history table.
//!
//! A server finishes what a killed client sent, so the lock is best held by the very session that runs the migrations,
//! and lives exactly as long. Where a session's lock is worth nothing, as behind a pooler that lends its sessions out
//! for a transaction at a time, it is a lease: a row whose owner must show that he is alive, and whose number fences off
//! whoever has lost it. Waiters ask again and again instead of blocking: a blocked waiter would hold a snapshot, which
//! `CREATE INDEX CONCURRENTLY` in the holder waits for.

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

/// What keeps other runs out while one goes on.
#[derive(Debug, Default)]
pub(crate) enum Lock {
    /// Nothing, or what each group takes for itself.
    #[default]
    None,
    Session(Box<SessionLock>),
    Lease(Box<Heartbeat>),
}

/// What is known before a lock is taken.
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
            (LockMode::Lease, None) => Err(LockError::NoCompanion),
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

    /// Waits for the lease, and until no session holds the lock that others take.
    async fn lease(
        connection: &mut Connection,
        connector: &Connector,
        session: &SessionLock,
        (waiting, observer): (&mut Waiting, &mut dyn Observer),
    ) -> Result<Self, LockError> {
        if pooler::is_cluster(connection).await.map_err(LockError::Database)? {
            // What another node has written must be seen before anything is decided by it.
            let wait = connection.execute("SET SESSION wsrep_sync_wait = 15").await;
            wait.map_err(LockError::Database)?;
        }
        if connection.dialect() == Dialect::Mysql {
            // Where it is on, each beat would be a conflict with the run's transactions. Other servers do not know it.
            connection.execute("SET SESSION innodb_snapshot_isolation = 0").await.ok();
        }
        let lease = session.lease().clone();
        let token = loop {
            let token = lease.acquire(connection, waiting, observer).await?;
            // A server that cannot tell has no such locks.
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

    /// The statement that fails a transaction whose run has lost the lock meanwhile.
    pub(crate) fn fence(&self) -> Option<&str> {
        match self {
            Self::None | Self::Session(_) => None,
            Self::Lease(heartbeat) => Some(heartbeat.fence()),
        }
    }

    /// Whether other runs are kept out.
    pub(crate) fn is_held(&self) -> bool {
        match self {
            Self::None => false,
            Self::Session(_) | Self::Lease(_) => true,
        }
    }

    /// Whether it is known that another run has taken the lock over.
    pub(crate) fn is_lost(&self) -> bool {
        match self {
            Self::None | Self::Session(_) => false,
            Self::Lease(heartbeat) => heartbeat.is_lost(),
        }
    }

    /// Whether the database still names this run. Not knowing counts as yes.
    pub(crate) async fn is_kept(&self, connection: &mut Connection) -> bool {
        match self {
            Self::None | Self::Session(_) => true,
            Self::Lease(heartbeat) => heartbeat.is_kept(connection).await,
        }
    }

    /// Acquires a lock of MySQL's again that a migration has released with its own; false if another run has it by now.
    /// PostgreSQL's is put back with the rest of its session.
    pub(crate) async fn hold_on(&self, connection: &mut Connection) -> Result<bool, DatabaseError> {
        match (self, connection.dialect()) {
            (Self::Session(lock), Dialect::Mysql) => lock.hold_on(connection).await,
            (Self::None | Self::Session(_) | Self::Lease(_), _) => Ok(true),
        }
    }

    /// The error of a run that has lost its lock.
    pub(crate) async fn lost(&self, connection: &mut Connection) -> LockError {
        let holder = match self {
            Self::None | Self::Session(_) => None,
            Self::Lease(heartbeat) => heartbeat.lease().holder(connection).await.ok().flatten(),
        };
        LockError::Lost { holder: holder.map(Box::new) }
    }

    /// Gives the lock back.
    pub(crate) async fn release(self, connection: &mut Connection) -> Result<(), DatabaseError> {
        match self {
            Self::None => Ok(()),
            Self::Session(lock) => lock.release(connection).await,
            Self::Lease(heartbeat) => heartbeat.release(connection).await,
        }
    }
}

/// Who holds the migration lock of a history table now, by whichever kind of lock. Reads, and never writes.
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

/// Whether anybody is at a SQLite file, or writes to it. Only who wants to write too is told of the latter.
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

/// Frees a lease whose owner is gone, having watched it for as long as owners may be silent; gives who it was.
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
