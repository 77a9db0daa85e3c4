//! Why history alone cannot undo a revision.

use std::fmt;

use crate::declare::revision::RevisionKey;

/// A revision that history alone cannot undo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotKept {
    /// The revision.
    pub key: RevisionKey,
    /// Why not.
    pub why: WhyNot,
}

/// Why history alone cannot undo a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WhyNot {
    /// It is undone by code, which only its program has.
    Code,
    /// It is irreversible.
    Irreversible,
    /// History has no SQL that undoes it.
    NoSql,
}

impl fmt::Display for NotKept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` {}",
            self.key,
            match self.why {
                WhyNot::Code => "is undone by code",
                WhyNot::Irreversible => "is irreversible",
                WhyNot::NoSql => "has no `down` SQL in history",
            }
        )
    }
}
