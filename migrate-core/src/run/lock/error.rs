//! Why a lock was not had, or not kept.

use std::time::Duration;

use crate::declare::revision::RevisionKey;
use crate::engine::connection::{DatabaseError, hint};
use crate::engine::holder::{Holder, HolderKind};

/// The lock was not had, or was lost.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// Another runner held it to the end of the wait.
    #[error("another run holds the migration lock: {holder} (waited {} s)", waited.as_secs())]
    Held {
        /// Who holds it, as far as the server tells.
        holder: Box<Holder>,
        /// How long this run has waited.
        waited: Duration,
    },
    /// This run has been silent for too long, and another took the lease over. What it had not committed is undone.
    #[error("the lease on the migration lock was taken over by {}", name(holder.as_deref()))]
    Lost {
        /// Who holds it now, if anybody.
        holder: Option<Box<Holder>>,
    },
    /// A lease was to be freed whose owner is there.
    #[error("the owner of the lease is alive: {holder}")]
    Alive {
        /// Who it is.
        holder: Box<Holder>,
    },
    /// The lock is a session's, and ends with it.
    #[error("the migration lock is held by a session, and ends with it: {holder}")]
    InSession {
        /// Whose session.
        holder: Box<Holder>,
    },
    /// Whoever holds a lease must show that he is alive while his own connection is busy.
    #[error("a lease needs a second connection to the database, which cannot be opened")]
    Connector(#[source] DatabaseError),
    /// The same on a connection that the application brought.
    #[error(
        "a lease needs a second connection to the database, and this run has but the one it was given"
    )]
    NoCompanion,
    /// Where the session is not the run's own, what is set ends with each transaction.
    #[error("`{key}` needs a session of its own: {why}")]
    NoSession {
        /// The revision.
        key: RevisionKey,
        /// What it needs it for.
        why: &'static str,
    },
    /// What is unfinished may be another run's work in progress, which only a lock tells.
    #[error("`{key}` is unfinished, and without a lock another run may still be at it")]
    NoLock {
        /// The revision.
        key: RevisionKey,
    },
    /// The database refuses.
    #[error("the migration lock cannot be taken")]
    Database(#[source] DatabaseError),
}

fn name(holder: Option<&Holder>) -> String {
    holder.map_or_else(|| "a run that has ended since".to_owned(), ToString::to_string)
}

impl LockError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Held { holder, .. } if holder.kind == HolderKind::Lease => Some(
                "let it end, or wait longer with `--wait SECONDS`; if it is gone for good, `migrate lock --release` \
                 frees its lease"
                    .to_owned(),
            ),
            Self::Held { .. } => {
                Some("let it end, or wait longer with `--wait SECONDS`".to_owned())
            }
            Self::Lost { .. } => Some(
                "this run could not show that it was alive, because it or its way to the database stood still; run the \
                 same command again: it goes on from what is true by then"
                    .to_owned(),
            ),
            Self::Alive { .. } => Some("let it end, or end it".to_owned()),
            Self::InSession { holder } => holder.way_to_end(),
            Self::Connector(_) => {
                Some("allow one more connection, or choose `--lock session` or `--lock none`".to_owned())
            }
            Self::NoCompanion => Some("connect by `Migrator::connect`, which can open another".to_owned()),
            Self::NoSession { .. } => {
                Some("connect to the server itself rather than through a pooler".to_owned())
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
