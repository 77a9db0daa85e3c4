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
    /// What the schema revision does to what the data revision uses, such as ``drops `users.email` ``; `None` where its
    /// statements are not known in advance.
    pub does: Option<String>,
    /// Whether the schema revision is already applied.
    pub applied: bool,
    /// Whether the schema revision names others in `depends_on`, so that it cannot have `depends_on = []`.
    pub depends: bool,
}

/// Writes a whole sentence: `013` drops `users.email`, but data revision `012`, which comes before it, has not run.
impl fmt::Display for Overtaking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { schema, data, does, .. } = self;
        let (what, and) = match does {
            Some(does) => (format!("`{schema}` {does}"), "but"),
            None => (format!("the SQL of `{schema}` is not known in advance"), "and"),
        };
        write!(f, "{what}, {and} data revision `{data}`, which comes before it, has not run")
    }
}
