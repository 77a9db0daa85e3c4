//! What a migration is for.

use std::fmt::{self, Display, Formatter};

/// What a migration changes, and so what its SQL may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The schema, by DDL.
    Schema,
    /// The rows, by DML.
    Data,
}

impl Kind {
    /// The word used in attributes, history and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Data => "data",
        }
    }
}

impl Display for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
