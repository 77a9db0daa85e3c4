//! Revisions that were started and not finished.

use migrate_sql::{Direction, split};

use crate::declare::migration::{Kind, Origin};
use crate::declare::revision::RevisionKey;
use crate::engine::holder::Holder;
use crate::graph::Graph;
use crate::history::{History, HistoryRow, Kept, State, restoring, statement_hash};
use crate::sql::Dialect;

/// A revision that was started and not finished, and what is known about it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unfinished {
    /// The revision.
    pub key: RevisionKey,
    /// Schema or data.
    pub kind: Kind,
    /// Its state.
    pub state: State,
    /// The number of statements that succeeded.
    pub done: usize,
    /// The number of statements; 0 for code, where it is not known.
    pub total: usize,
    /// Where it is declared.
    pub origin: Option<Origin>,
    /// Whether the program knows it.
    pub known: bool,
    /// Whether it has a statement journal, so that a run can resume it.
    pub journaled: bool,
    /// The statement that was started and is not known to have succeeded, if there is one.
    pub in_flight: Option<InFlight>,
    /// The run that holds the migration lock, and may be working on it now.
    pub run: Option<Box<Holder>>,
}

/// A statement whose outcome is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InFlight {
    /// Its number, from 1.
    pub statement: usize,
    /// Its SQL; `None` for code, whose text is not kept.
    pub sql: Option<String>,
    /// Whether it is known to have failed, so that it will run again.
    pub failed: bool,
    /// Its outcome, if the catalog tells.
    pub effect: Option<Effect>,
    /// What the catalog shows, and what it would show if the statement had been applied: one per line.
    pub seen: Vec<String>,
    /// The session that is still running it.
    pub running: Option<String>,
    /// Its hash in the journal.
    hash: String,
    /// What the journal recorded of the catalog before it.
    pub(crate) before: Option<String>,
    /// The settings of the session before it.
    pub(crate) settings: Vec<String>,
    /// The recorded state of that session.
    kept: Kept,
}

impl InFlight {
    fn new(row: &HistoryRow) -> Option<Self> {
        let statement = in_flight(row)?;
        let begun = row.journal.as_ref()?.begun().get(statement - 1)?;
        Some(Self {
            statement,
            sql: None,
            failed: begun.failed,
            effect: None,
            seen: Vec::new(),
            running: None,
            hash: begun.hash.clone(),
            before: begun.before.clone(),
            settings: Vec::new(),
            kept: row.kept.clone(),
        })
    }

    /// Finds the statement in the SQL of its revision, if that was not edited.
    pub(crate) fn find_in(&mut self, sql: &str, dialect: Dialect) {
        let statements = split(sql, dialect).unwrap_or_default();
        let Some(index) = self.statement.checked_sub(1) else { return };
        let Some(found) = statements.get(index) else { return };
        if self.sql.is_none() && statement_hash(found.text(), dialect) == self.hash {
            self.sql = Some(found.text().to_owned());
            self.settings = restoring(&statements, index, &self.kept).unwrap_or_default();
        }
    }
}

/// The outcome of a statement, according to the catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// It was applied.
    Done,
    /// It was applied in part, and can be completed.
    Begun,
    /// It was not applied.
    NotDone,
}

impl Effect {
    /// Returns the word used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Begun => "begun",
            Self::NotDone => "not-done",
        }
    }
}

/// Returns the unfinished revisions, with the text of statements whose outcome is unknown.
pub(crate) fn unfinished(graph: &Graph, history: &History, dialect: Dialect) -> Vec<Unfinished> {
    let rows = history.ours(graph).filter(|(_, row)| row.state != State::Applied);
    let unfinished = |(key, row): (&RevisionKey, &HistoryRow)| {
        let migration = graph.find(key).map(|node| graph.migration(node));
        let mut in_flight = InFlight::new(row);
        let direction = match row.state {
            State::Reverting => Direction::Down,
            State::Applied | State::Started | State::Failed => Direction::Up,
        };
        // Text that cannot be rendered is not shown.
        let sql = migration.and_then(|migration| migration.sql(direction, dialect).ok().flatten());
        if let (Some(in_flight), Some(sql)) = (&mut in_flight, sql) {
            in_flight.find_in(&sql, dialect);
        }
        Unfinished {
            key: key.clone(),
            kind: row.kind,
            state: row.state,
            done: row.statements_done.try_into().unwrap_or(0),
            total: row.statements_total.try_into().unwrap_or(0),
            origin: migration.and_then(|migration| migration.origin),
            known: migration.is_some(),
            journaled: row.journal.is_some(),
            in_flight,
            run: None,
        }
    };
    rows.map(unfinished).collect()
}

/// Returns the statement, from 1, that was started and is not known to have succeeded. This includes a failed one: its
/// change may have been made by hand.
pub(super) fn in_flight(row: &HistoryRow) -> Option<usize> {
    let done = usize::try_from(row.statements_done).ok()?;
    let is_begun = row.journal.as_ref()?.len() > done;
    is_begun.then_some(done + 1)
}
