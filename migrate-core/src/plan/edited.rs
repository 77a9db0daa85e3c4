//! Applied revisions that were edited since.

use migrate_sql::{Checksum, Direction};

use crate::body::Body;
use crate::graph::Graph;
use crate::history::{History, HistoryRow, State};
use crate::migration::{Kind, Migration, Origin};
use crate::panicked::Panicked;
use crate::plan::{Notice, PlanError, Policies, Policy, prepare, verify};
use crate::revision::RevisionKey;
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
    fn new(migration: &Migration, row: &HistoryRow, dialect: Dialect) -> Self {
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

/// The applied revisions of the graph whose kinds or checksums are no longer what they were. Pure: what the text was is not known
/// to `history`, see [`Connected::edited`](crate::Connected::edited).
///
/// # Errors
///
/// [`PlanError::Panicked`], if the function that gives the SQL of one did.
pub fn edited(
    graph: &Graph,
    history: &History,
    dialect: Dialect,
) -> Result<Vec<Edited>, PlanError> {
    let edited = |(key, row): (&RevisionKey, &HistoryRow)| {
        let migration = graph.migration(graph.find(key)?);
        match is_edited(migration, row, dialect) {
            Ok(false) if row.kind == migration.kind => None,
            Ok(_) => Some(Ok(Edited::new(migration, row, dialect))),
            Err(error) => Some(Err(prepare::panicked(migration, Direction::Up, error))),
        }
    };
    // A half-done revision may be edited: that is how its failure is mended.
    let applied = verify::ours(graph, history).filter(|(_, row)| row.state == State::Applied);
    applied.filter_map(edited).collect()
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
