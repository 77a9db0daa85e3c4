//! A schema revision that overtakes a pending data revision.

use std::fmt;

use crate::declare::revision::RevisionKey;

/// A schema revision that overtakes a pending data revision.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Overtaking {
    /// The schema revision.
    pub schema: RevisionKey,
    /// The data revision, which comes before it.
    pub data: RevisionKey,
    /// What the schema revision does to what the data revision touches, such as ``drops `users.email` ``; nothing where
    /// its statements cannot be seen.
    pub does: Option<String>,
    /// Whether the schema revision is applied already.
    pub applied: bool,
    /// Whether the schema revision names others in `depends_on`, so that it cannot say `depends_on = []`.
    pub depends: bool,
}

/// As a whole sentence: `013` drops `users.email`, and data revision `012`, which comes before it, has not run.
impl fmt::Display for Overtaking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { schema, data, does, .. } = self;
        match does {
            Some(does) => write!(f, "`{schema}` {does}")?,
            None => write!(f, "what `{schema}` does cannot be seen")?,
        }
        write!(f, ", and data revision `{data}`, which comes before it, has not run")
    }
}
