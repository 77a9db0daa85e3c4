//! Converts values of the command line to the library's types.

use migrate_core::{Answer, Kind, LockMode};

use crate::args::{Dialect, LockKind, MigrationKind, RepairArgs};

impl From<MigrationKind> for Kind {
    fn from(kind: MigrationKind) -> Self {
        match kind {
            MigrationKind::Schema => Self::Schema,
            MigrationKind::Data => Self::Data,
        }
    }
}

impl From<LockKind> for LockMode {
    fn from(kind: LockKind) -> Self {
        match kind {
            LockKind::Auto => Self::Auto,
            LockKind::Session => Self::Session,
            LockKind::Lease => Self::Lease,
            LockKind::None => Self::None,
        }
    }
}

impl From<Dialect> for migrate_core::Dialect {
    fn from(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Postgres => Self::Postgres,
            Dialect::Mysql => Self::Mysql,
            Dialect::Sqlite => Self::Sqlite,
        }
    }
}

impl RepairArgs {
    /// Returns the decision and the revision it names, if any; `None` if no decision was given.
    pub(crate) fn answer(&self) -> Option<(Option<&str>, Answer)> {
        let revision = self.revision.as_deref();
        match &self.accept {
            Some(named) => Some((named.as_deref().or(revision), Answer::Accept)),
            None if self.done => Some((revision, Answer::Done)),
            None if self.not_done => Some((revision, Answer::NotDone)),
            None if self.rerun => Some((revision, Answer::Rerun)),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    #[test]
    fn locks_and_dialects_are_those_of_the_library() {
        let locks = LockKind::value_variants().iter().map(|kind| LockMode::from(*kind).name());
        assert!(locks.eq(LockMode::ALL.map(LockMode::name)));
        for dialect in Dialect::value_variants() {
            assert_eq!(migrate_core::Dialect::from(*dialect).to_string(), dialect.name());
        }
    }
}
