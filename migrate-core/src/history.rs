//! History: what a database has applied, as values.

mod journal;
mod kept;
mod mark;
mod place;
mod restoring;
pub(crate) mod store;
mod table;
mod undo;
mod waived;

use std::collections::BTreeMap;
use std::time::Duration;

pub(crate) use self::journal::{HELD, STAYS};
pub use self::journal::{StatementJournal, statement_hash};
pub(crate) use self::kept::Kept;
pub(crate) use self::mark::Mark;
pub use self::place::PlaceError;
pub(crate) use self::place::{Schemas, choose, first, names};
pub(crate) use self::restoring::{before_retry, restoring};
pub use self::table::HistoryTable;
pub(crate) use self::table::{
    Beginning, Claim, Entry, Finish, LAYOUT, LeaseOwner, LogEvent, is_miss,
};
pub use self::undo::Undo;
pub use self::waived::Waived;
use crate::declare::migration::Kind;
use crate::declare::revision::{RevisionId, RevisionKey};
use crate::graph::Graph;

/// The state of a revision in history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum State {
    /// Completely applied.
    Applied,
    /// Started without a transaction, and not known to have ended.
    Started,
    /// A statement failed; the statements before it remain in effect.
    Failed,
    /// Undoing it was started without a transaction, and is not known to have ended.
    Reverting,
}

impl State {
    /// Returns the word stored in the history table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Started => "started",
            Self::Failed => "failed",
            Self::Reverting => "reverting",
        }
    }

    /// Returns what to do about an unfinished revision that no run can resume, because its progress is not recorded.
    pub fn hint(self, id: &RevisionId) -> String {
        format!(
            "inspect the database, complete or undo the rest by hand, and record the result: {}",
            self.answers(id)
        )
    }

    /// Returns the commands that record the outcome of an unfinished revision as a whole.
    pub fn answers(self, id: &RevisionId) -> String {
        let (done, not_done) = match self {
            Self::Applied | Self::Started | Self::Failed => {
                ("all of its changes are there", "none of its changes remain")
            }
            Self::Reverting => ("none of its changes remain", "all of its changes are still there"),
        };
        format!(
            "`migrate repair {id} --done --whole --reason \"…\"` if {done}, \
             `migrate repair {id} --not-done --whole --reason \"…\"` if {not_done}, or \
             `migrate repair {id} --rerun --reason \"…\"` if it is safe to run again from the start"
        )
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Applied, Self::Started, Self::Failed, Self::Reverting]
            .into_iter()
            .find(|state| state.name() == name)
    }
}

/// A row of the history table.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct HistoryRow {
    /// Schema or data.
    pub kind: Kind,
    /// The order in which revisions were applied, from 1.
    pub sequence: i64,
    /// The description at the time.
    pub description: String,
    /// The checksum at the time, in hexadecimal; `None` for code built at run time, also when it was stamped.
    pub checksum: Option<String>,
    /// The algorithm of the checksum.
    pub checksum_algorithm: Option<String>,
    /// Its state.
    pub state: State,
    /// The number of statements that succeeded.
    pub statements_done: i64,
    /// The number of statements.
    pub statements_total: i64,
    /// The statements that were started, while it is unfinished; `None` where they were not recorded.
    pub journal: Option<StatementJournal>,
    /// The session state that its statements depend on, while it is unfinished.
    pub(crate) kept: Kept,
    /// When it started, in UTC, as ISO 8601.
    pub started_at: String,
    /// How long it took; `None` while it is unfinished, and for a stamp.
    pub duration: Option<Duration>,
    /// Who ran it.
    pub applied_by: String,
    /// The tool and its version.
    pub tool_version: String,
    /// The rules that it waives.
    pub waivers: Vec<Waived>,
    /// How it is undone; `None` where an earlier version wrote the row.
    pub undo: Option<Undo>,
    /// The SQL that undoes it; read only where that SQL will be run.
    pub sql_down: Option<String>,
}

/// The rows of the history table, by revision.
#[derive(Clone, Debug, Default)]
pub struct History {
    rows: BTreeMap<RevisionKey, HistoryRow>,
}

impl History {
    pub(crate) fn new(rows: impl IntoIterator<Item = (RevisionKey, HistoryRow)>) -> Self {
        Self { rows: rows.into_iter().collect() }
    }

    /// Stores the SQL that undoes a revision.
    pub(crate) fn keep_down(&mut self, key: &RevisionKey, sql: Option<String>) {
        if let Some(row) = self.rows.get_mut(key) {
            row.sql_down = sql;
        }
    }

    /// Returns the row of a revision.
    pub fn get(&self, key: &RevisionKey) -> Option<&HistoryRow> {
        self.rows.get(key)
    }

    /// Returns all rows, ordered by crate and revision.
    pub fn rows(&self) -> impl Iterator<Item = (&RevisionKey, &HistoryRow)> {
        self.rows.iter()
    }

    /// Returns the rows of the graph's crates. Rows of other crates belong to other programs.
    pub(crate) fn ours<'a>(
        &'a self,
        graph: &'a Graph,
    ) -> impl Iterator<Item = (&'a RevisionKey, &'a HistoryRow)> {
        let crates: Vec<&str> = graph.crates().collect();
        self.rows().filter(move |(key, _)| crates.contains(&&*key.krate))
    }

    /// Returns whether the database has applied nothing.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the greatest sequence number so far, or 0.
    pub fn last_sequence(&self) -> i64 {
        self.rows.values().map(|row| row.sequence).max().unwrap_or(0)
    }
}
