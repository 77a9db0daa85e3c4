//! Applied revisions that were edited afterwards.

use migrate_sql::{Checksum, Direction};

use crate::declare::body::Body;
use crate::declare::migration::{Kind, Migration, Origin};
use crate::declare::panicked::Panicked;
use crate::declare::revision::RevisionKey;
use crate::history::HistoryRow;
use crate::plan::{Notice, Policies, Policy};
use crate::sql::Dialect;

/// An applied revision that differs from what was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Edited {
    /// The revision.
    pub key: RevisionKey,
    /// Whether it is code, whose text history does not keep.
    pub code: bool,
    /// The kind it was applied as, if it has another kind now.
    pub was: Option<Kind>,
    /// The algorithm of the checksum in history, where this program does not know it: a newer program wrote the row, or
    /// it was changed by hand. Empty where the row names none.
    pub unknown_algorithm: Option<String>,
    /// Where it is declared.
    pub origin: Option<Origin>,
    /// The SQL that was applied; `None` where it was not read from history, or not kept there.
    pub then: Option<String>,
    /// The SQL as it is now; `None` for code.
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

    /// Returns the policy that applies to it.
    pub const fn policy(&self, policies: Policies) -> Policy {
        if self.code && self.was.is_none() { policies.checksum_code } else { policies.checksum }
    }

    /// Returns the warning about it.
    pub fn notice(&self) -> Notice {
        match self.was {
            Some(was) => Notice::Moved { key: self.key.clone(), was },
            None => Notice::Changed { key: self.key.clone(), code: self.code },
        }
    }
}

/// Returns whether a revision was edited. A checksum that cannot be compared counts as edited.
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
        // Code built at run time has no checksum.
        None => unknown_algorithm(row).is_some(),
    })
}

fn unknown_algorithm(row: &HistoryRow) -> Option<String> {
    const KNOWN: [&str; 2] = [Checksum::ALGORITHM, Checksum::ALGORITHM_CODE];
    row.checksum.as_ref()?;
    let algorithm = row.checksum_algorithm.clone().unwrap_or_default();
    Some(algorithm).filter(|algorithm| !KNOWN.contains(&algorithm.as_str()))
}
