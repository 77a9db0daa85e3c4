//! Why a script cannot be written.

use migrate_sql::Position;

use crate::declare::body::BoxError;
use crate::declare::revision::RevisionKey;
use crate::graph::target::TargetError;
use crate::plan::PlanError;

/// A script that cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OfflineError {
    /// The request cannot be planned.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The start of the range cannot be resolved.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// The start of the range is required for `down`.
    #[error("`down --sql` needs a range, for example `--sql=005:003`")]
    NoStart,
    /// The start of the range depends on what is applied, which is not known without a database.
    #[error("a script cannot start from `{from}`, because that depends on what is applied")]
    StartUnknown {
        /// The target as written.
        from: String,
    },
    /// A code migration reads from the database.
    #[error("`{key}` reads from the database, which is not possible in a script")]
    Reads {
        /// The revision.
        key: RevisionKey,
    },
    /// The client that runs scripts would misread a part of a statement.
    #[error("`{key}` cannot be run by {client}: statement {statement}, line {}, column {}: {why}", .place.line, .place.column)]
    Misread {
        /// The revision.
        key: RevisionKey,
        /// The client.
        client: &'static str,
        /// The statement, from 1.
        statement: usize,
        /// The place in the statement.
        place: Position,
        /// How the client would misread it.
        why: &'static str,
    },
    /// A code migration failed while its statements were recorded.
    #[error("`{key}` failed while its statements were recorded for the script")]
    Code {
        /// The revision.
        key: RevisionKey,
        /// Its error.
        source: BoxError,
    },
}

impl OfflineError {
    /// Returns what to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Plan(PlanError::PendingData { revisions }) => revisions.first().map(|one| {
                format!(
                    "run `{data}` first, and write the script from there: `up --sql={data}:{schema}`",
                    data = one.data.id,
                    schema = one.schema.id
                )
            }),
            Self::Plan(error) => error.hint(),
            Self::Target(error) => error.hint(),
            Self::NoStart => Some("start with the revision that is applied, and end with the target".to_owned()),
            Self::StartUnknown { .. } => Some("name a revision, or `base`".to_owned()),
            Self::Reads { key } => Some(format!(
                "run it online, or write one script up to the revision before it and another one from `{}` on",
                key.id
            )),
            Self::Misread { .. } => {
                Some("rewrite the statement, or apply the revision online".to_owned())
            }
            Self::Code { .. } => None,
        }
    }

    /// Returns a short name for programs, which stays when the words change.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Plan(error) => error.code(),
            Self::Target(error) => error.code(),
            Self::NoStart => "no-start",
            Self::StartUnknown { .. } => "start-unknown",
            Self::Reads { .. } => "reads-offline",
            Self::Misread { .. } => "misread",
            Self::Code { .. } => "code",
        }
    }

    /// Returns the revision that the error is about, if it is about one.
    pub fn revision(&self) -> Option<&RevisionKey> {
        match self {
            Self::Plan(error) => error.revision(),
            Self::Reads { key } | Self::Misread { key, .. } | Self::Code { key, .. } => Some(key),
            Self::Target(_) | Self::NoStart | Self::StartUnknown { .. } => None,
        }
    }
}
