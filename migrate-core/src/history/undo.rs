//! How an applied revision is undone, stored in history for programs that no longer know the revision.

use crate::declare::body::{Body, Down};

/// How an applied revision is undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Undo {
    /// By SQL, which is kept in history.
    Sql,
    /// By code, which only its program has.
    Code,
    /// Not at all.
    Irreversible,
    /// There is nothing to undo.
    Nothing,
}

impl Undo {
    /// Returns the word stored in the history table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sql => "sql",
            Self::Code => "code",
            Self::Irreversible => "irreversible",
            Self::Nothing => "nothing",
        }
    }

    pub(crate) fn of(down: &Down) -> Self {
        match down {
            Down::Body(Body::Sql(_)) | Down::Derived(_) => Self::Sql,
            Down::Body(Body::Code(_)) => Self::Code,
            Down::Irreversible => Self::Irreversible,
            Down::Nothing => Self::Nothing,
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Sql, Self::Code, Self::Irreversible, Self::Nothing]
            .into_iter()
            .find(|undo| undo.name() == name)
    }
}
