//! Applied revisions that were edited since.

use migrate_sql::{Checksum, Direction};

use crate::declare::body::Body;
use crate::declare::migration::{Kind, Migration, Origin};
use crate::declare::panicked::Panicked;
use crate::declare::revision::RevisionKey;
use crate::history::HistoryRow;
use crate::plan::{Notice, Policies, Policy};
use crate::sql::Dialect;

/// An applied revision that is no longer what was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Edited {
    /// The revision.
    pub key: RevisionKey,
    /// Whether it is code, of which history keeps no text.
    pub code: bool,
    /// The kind it was applied as, if it is another now.
    pub was: Option<Kind>,
    /// The algorithm of the checksum in history, where this program has no such: a newer program wrote the row, or
    /// somebody has changed it. Empty where the row does not say.
    pub unknown_algorithm: Option<String>,
    /// Where it is declared.
    pub origin: Option<Origin>,
    /// The SQL that was applied, as far as history was asked and has kept it.
    pub then: Option<String>,
    /// The SQL as it is; nothing for code.
    pub now: Option<String>,
}

impl Edited {
    pub(super) fn new(migration: &Migration, row: &HistoryRow, dialect: Dialect) -> Self {
        Self {
            key: migration.key.clone(),
            code: matches!(migration.up, Body::Code(_)),
            was: Some(row.kind).filter(|was| *was != migration.kind),
            unknown_algorithm: unknown_algorithm(row),
            origin: migration.origin,
            then: None,
            now: migration.sql(Direction::Up, dialect).ok().flatten(),
        }
    }

    /// What is done about it.
    pub const fn policy(&self, policies: Policies) -> Policy {
        if self.code && self.was.is_none() { policies.checksum_code } else { policies.checksum }
    }

    /// What is said about it, where that is all.
    pub fn notice(&self) -> Notice {
        match self.was {
            Some(was) => Notice::Moved { key: self.key.clone(), was },
            None => Notice::Changed { key: self.key.clone(), code: self.code },
        }
    }
}

/// A checksum that cannot be compared does not say that nothing was changed.
pub(super) fn is_edited(
    migration: &Migration,
    row: &HistoryRow,
    dialect: Dialect,
) -> Result<bool, Panicked> {
    let Some(then) = &row.checksum else { return Ok(false) };
    Ok(match migration.checksum(dialect)? {
        Some((now, by)) => {
            row.checksum_algorithm.as_deref() != Some(by) || now.to_string() != *then
        }
        // Code built at run time has none.
        None => unknown_algorithm(row).is_some(),
    })
}

fn unknown_algorithm(row: &HistoryRow) -> Option<String> {
    const KNOWN: [&str; 2] = [Checksum::ALGORITHM, Checksum::ALGORITHM_CODE];
    row.checksum.as_ref()?;
    let algorithm = row.checksum_algorithm.clone().unwrap_or_default();
    Some(algorithm).filter(|algorithm| !KNOWN.contains(&algorithm.as_str()))
}
