//! What a plan reports in addition to its steps.

use std::fmt;

use crate::declare::migration::Kind;
use crate::declare::revision::RevisionKey;

/// Something the user should know that does not stop the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// An applied revision was edited afterwards.
    Changed {
        /// The revision.
        key: RevisionKey,
        /// Whether it is code, whose checksum is computed from its tokens.
        code: bool,
    },
    /// The database has applied a revision that this program does not know.
    Unknown {
        /// The revision.
        key: RevisionKey,
    },
    /// A pending revision comes before one that is already applied.
    OutOfOrder {
        /// The pending revision.
        key: RevisionKey,
        /// The applied one.
        applied: RevisionKey,
    },
    /// A schema revision whose statements are not known in advance runs before earlier data revisions.
    UnseenChange {
        /// The schema revision.
        key: RevisionKey,
        /// The data revisions.
        data: Vec<RevisionKey>,
    },
    /// An applied revision was declared as another kind when it was applied.
    Moved {
        /// The revision.
        key: RevisionKey,
        /// The kind it had.
        was: Kind,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { key, code: false } => {
                write!(f, "`{key}` was edited after it was applied")
            }
            Self::Changed { key, code: true } => {
                write!(f, "the code of `{key}` was edited after it was applied")
            }
            Self::Unknown { key } => {
                write!(f, "the database has applied `{key}`, which this program does not know")
            }
            Self::OutOfOrder { key, applied } => {
                write!(
                    f,
                    "`{key}` is out of order: it comes before `{applied}`, which is already applied"
                )
            }
            Self::UnseenChange { key, data } => {
                let data: Vec<String> = data.iter().map(|key| format!("`{key}`")).collect();
                write!(
                    f,
                    "the SQL of `{key}` is not known in advance, and earlier data revisions have not run: {}",
                    data.join(", ")
                )
            }
            Self::Moved { key, was } => {
                write!(
                    f,
                    "`{key}` was applied as a {was} revision, but is declared as another kind now"
                )
            }
        }
    }
}

impl Notice {
    /// Returns the revision it is about.
    pub const fn revision(&self) -> &RevisionKey {
        match self {
            Self::Changed { key, .. }
            | Self::Unknown { key }
            | Self::OutOfOrder { key, .. }
            | Self::UnseenChange { key, .. }
            | Self::Moved { key, .. } => key,
        }
    }

    /// Returns a short name for programs, which stays when the words change.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Changed { .. } => "changed",
            Self::Unknown { .. } => "unknown-revision",
            Self::OutOfOrder { .. } => "out-of-order",
            Self::UnseenChange { .. } => "pending-data",
            Self::Moved { .. } => "moved",
        }
    }
}
