//! What a plan says beside its steps.

use std::fmt;

use crate::revision::RevisionKey;

/// Something the user should know, and that stops nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// An applied revision was edited since.
    Changed {
        /// The revision.
        key: RevisionKey,
        /// Whether it is code, whose checksum is over its tokens.
        code: bool,
    },
    /// The database has applied a revision that this program does not know.
    Unknown {
        /// The revision.
        key: RevisionKey,
    },
    /// A pending revision comes before one that is applied already.
    OutOfOrder {
        /// The pending revision.
        key: RevisionKey,
        /// The applied one.
        applied: RevisionKey,
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
                    "`{key}` is out of order: it comes before `{applied}`, which was applied already"
                )
            }
        }
    }
}

impl Notice {
    /// The revision it is about.
    pub const fn revision(&self) -> &RevisionKey {
        match self {
            Self::Changed { key, .. } | Self::Unknown { key } | Self::OutOfOrder { key, .. } => key,
        }
    }

    /// A short name that does not change.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Changed { .. } => "changed",
            Self::Unknown { .. } => "unknown-revision",
            Self::OutOfOrder { .. } => "out-of-order",
        }
    }
}
