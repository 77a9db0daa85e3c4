//! A rule.

mod finding;
mod report;

pub use self::finding::Finding;
pub(crate) use self::report::Report;
use crate::script::ParsedScript;
use migrate_sql::{Dialect, Level};

/// What is looked for in a migration's SQL, and what to say of it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Rule {
    /// Its name, in words with hyphens; in `waive(…)` they are underscores.
    pub id: &'static str,
    /// What it is about.
    pub group: Group,
    /// Its level where no setting says another.
    pub level: Level,
    /// The dialects it knows something about.
    pub dialects: &'static [Dialect],
    /// What it finds: the end of the sentence "it finds …".
    pub finds: &'static str,
    /// Why that is dangerous, in full sentences.
    pub why: &'static str,
    /// What to write instead, in full sentences.
    pub rewrite: &'static str,
    /// How it looks at a text; squawk looks for the others.
    pub(super) check: Option<Check>,
}

/// How a rule looks at a text.
pub(super) type Check = fn(&ParsedScript<'_>, &mut Report<'_, '_>);

/// What rules are about. A level can be set for a whole group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// What fails when it is run, or does something else than it says.
    Correctness,
    /// What blocks the users of a table, or takes long while it does.
    Locks,
    /// What loses data.
    DataLoss,
    /// What may fail because of the rows that are there.
    Rows,
    /// What breaks the application that runs during the release.
    Compatibility,
    /// Who may do what.
    Security,
    /// What is regretted later.
    Design,
}

impl Group {
    /// Every group, in the order in which they are listed.
    pub const ALL: [Self; 7] = [
        Self::Correctness,
        Self::Locks,
        Self::DataLoss,
        Self::Rows,
        Self::Compatibility,
        Self::Security,
        Self::Design,
    ];

    /// The name used in settings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Correctness => "correctness",
            Self::Locks => "locks",
            Self::DataLoss => "data-loss",
            Self::Rows => "rows",
            Self::Compatibility => "compatibility",
            Self::Security => "security",
            Self::Design => "design",
        }
    }
}
