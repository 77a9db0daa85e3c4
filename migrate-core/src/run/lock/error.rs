//! Why the migration lock could not be acquired, or was lost.

use std::time::Duration;

use crate::declare::revision::RevisionKey;
use crate::engine::connection::{DatabaseError, hint};
use crate::engine::holder::{Holder, HolderKind};

/// The migration lock could not be acquired, or was lost.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// Another run held it until the wait ended.
    #[error("another run holds the migration lock: {holder} (waited {} s)", waited.as_secs())]
    Held {
        /// The run that holds it, as far as the server tells.
        holder: Box<Holder>,
        /// How long this run waited.
        waited: Duration,
    },
    /// This run did not renew its lease in time, and another run took it over. Uncommitted work is rolled back.
    #[error("the lease on the migration lock was taken over by {}", name(holder.as_deref()))]
    Lost {
        /// The run that holds it now, if there is one.
        holder: Option<Box<Holder>>,
    },
    /// The lease cannot be released because its holder still renews it.
    #[error("the lease is still being renewed by {holder}")]
    Alive {
        /// The lease holder.
        holder: Box<Holder>,
    },
    /// The lock belongs to a session, and ends with it.
    #[error("the migration lock is held by a session, and is released when it ends: {holder}")]
    InSession {
        /// The session.
        holder: Box<Holder>,
    },
    /// The lease holder renews it on a second connection, because the first is busy.
    #[error("a lease needs a second connection to the database, which could not be opened")]
    Connector(#[source] DatabaseError),
    /// A lease needs a second connection, but the application passed in a single one.
    #[error("a lease needs a second connection to the database, but this run was given only one")]
    NoConnector,
    /// A revision needs a session, but behind a connection pooler each transaction may get another one.
    #[error("`{key}` needs a dedicated session: {why}")]
    NoSession {
        /// The revision.
        key: RevisionKey,
        /// Why it needs one.
        why: &'static str,
    },
    /// Without a lock, an unfinished revision may be another run's work in progress.
    #[error("`{key}` is unfinished, and without a lock another run may still be working on it")]
    NoLock {
        /// The revision.
        key: RevisionKey,
    },
    /// The database refused a statement.
    #[error("the migration lock could not be acquired")]
    Database(#[source] DatabaseError),
}

fn name(holder: Option<&Holder>) -> String {
    holder.map_or_else(|| "a run that has since ended".to_owned(), ToString::to_string)
}

impl LockError {
    /// Returns what to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Held { holder, .. } if holder.kind == HolderKind::Lease => Some(
                "wait for it to end, or wait longer with `--wait SECONDS`; if its process is gone, release its lease with \
                `migrate lock --release`"
                    .to_owned(),
            ),
            Self::Held { .. } => {
                Some("wait for it to end, or wait longer with `--wait SECONDS`".to_owned())
            }
            Self::Lost { .. } => Some(
                "this run could not renew its lease in time, because it or its connection was suspended; run the same \
                command again; it continues from the current state"
                    .to_owned(),
            ),
            Self::Alive { .. } => Some("wait for that run to end, or stop it".to_owned()),
            Self::InSession { holder } => holder.way_to_end(),
            Self::Connector(_) => {
                Some("allow one more connection, or use `--lock session` or `--lock none`".to_owned())
            }
            Self::NoConnector => Some("connect with `Migrator::connect`, which can open another".to_owned()),
            Self::NoSession { .. } => {
                Some("connect to the server directly, not through a connection pooler".to_owned())
            }
            Self::NoLock { .. } => {
                Some("run it once with `--lock session` or `--lock lease`".to_owned())
            }
            Self::Database(error) => {
                error.hint.clone().or_else(|| hint::of_access(error).map(str::to_owned))
            }
        }
    }
}
