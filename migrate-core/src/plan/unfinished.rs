//! Revisions that were begun and not finished.

use migrate_sql::{Direction, split};

use crate::declare::migration::{Kind, Origin};
use crate::declare::revision::RevisionKey;
use crate::engine::holder::Holder;
use crate::graph::Graph;
use crate::history::{History, HistoryRow, Kept, State, restoring, statement_hash};
use crate::sql::Dialect;

/// A revision that was begun and not finished, and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unfinished {
    /// The revision.
    pub key: RevisionKey,
    /// Schema or data.
    pub kind: Kind,
    /// What has become of it.
    pub state: State,
    /// Statements that ended well, of those that…
    pub done: usize,
    /// … there are; 0 for code, of which it is not known.
    pub total: usize,
    /// Where it is declared.
    pub origin: Option<Origin>,
    /// Whether the program knows it.
    pub known: bool,
    /// Whether its statements are accounted for, so that a run can go on with it.
    pub journaled: bool,
    /// The statement that was begun and is not known to have ended well, if there is one.
    pub in_flight: Option<InFlight>,
    /// The run that holds the migration lock, and may be at it right now.
    pub run: Option<Box<Holder>>,
}

/// A statement of which it is not known whether it took effect.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InFlight {
    /// Which one it is, from 1.
    pub statement: usize,
    /// What it says; nothing for code, of which no text is kept.
    pub sql: Option<String>,
    /// Whether it is known to have failed, so that it is run again.
    pub failed: bool,
    /// What the catalog tells of it, if it does.
    pub effect: Option<Effect>,
    /// What is there and would be there, a line each.
    pub seen: Vec<String>,
    /// The session that still runs it.
    pub running: Option<String>,
    /// What it is known by in the journal.
    hash: String,
    /// What its mark has noted of the catalog before it.
    pub(crate) before: Option<String>,
    /// What was set in the session before it.
    pub(crate) settings: Vec<String>,
    /// What was kept of that session.
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

    /// Finds the statement in the SQL of its revision, if that is still what was run.
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

/// What became of a statement, as the catalog tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// It took effect.
    Done,
    /// It took effect in part, and the rest can be done.
    Begun,
    /// It took no effect.
    NotDone,
}

impl Effect {
    /// The word used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Begun => "begun",
            Self::NotDone => "not-done",
        }
    }
}

/// The unfinished revisions, with the statements whose outcome is unknown as the program knows them.
pub(crate) fn unfinished(graph: &Graph, history: &History, dialect: Dialect) -> Vec<Unfinished> {
    let rows = history.ours(graph).filter(|(_, row)| row.state != State::Applied);
    let unfinished = |(key, row): (&RevisionKey, &HistoryRow)| {
        let migration = graph.find(key).map(|node| graph.migration(node));
        let mut in_flight = InFlight::new(row);
        let direction = match row.state {
            State::Reverting => Direction::Down,
            State::Applied | State::Started | State::Failed => Direction::Up,
        };
        // What cannot be had is not shown.
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

/// The statement of an unfinished revision that was begun and is not known to have ended well, from 1. Also one that has
/// failed: what it was to do may have been done by hand.
pub(super) fn in_flight(row: &HistoryRow) -> Option<usize> {
    let done = usize::try_from(row.statements_done).ok()?;
    let is_begun = row.journal.as_ref()?.len() > done;
    is_begun.then_some(done + 1)
}
