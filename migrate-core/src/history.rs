//! What a database has applied, as values.

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

/// What has become of a revision that was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum State {
    /// Done.
    Applied,
    /// Begun on an engine or in a mode without a transaction, and not known to have ended.
    Started,
    /// A statement failed, and what came before it stays.
    Failed,
    /// Being undone without a transaction, and not known to have ended.
    Reverting,
}

impl State {
    /// The word kept in the history table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Started => "started",
            Self::Failed => "failed",
            Self::Reverting => "reverting",
        }
    }

    /// Returns what to do about an unfinished revision that no run can go on with: only a human knows what is there of it.
    pub fn hint(self, id: &RevisionId) -> String {
        format!("look at the database, make it whole by hand, and say which: {}", self.answers(id))
    }

    /// Returns the answers that a human can give for all of an unfinished revision.
    pub fn answers(self, id: &RevisionId) -> String {
        let (done, not_done) = match self {
            Self::Applied | Self::Started | Self::Failed => {
                ("all of it took effect", "nothing of it is left")
            }
            Self::Reverting => ("nothing of it is left", "all of it is still there"),
        };
        format!(
            "`migrate repair {id} --done --whole --reason \"…\"` if {done}, \
             `migrate repair {id} --not-done --whole --reason \"…\"` if {not_done}, or \
             `migrate repair {id} --rerun --reason \"…\"` if it can be run again from its start"
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
    /// The checksum at the time, in hexadecimal; nothing for code built at run time and for stamps of such.
    pub checksum: Option<String>,
    /// The algorithm of the checksum.
    pub checksum_algorithm: Option<String>,
    /// What has become of it.
    pub state: State,
    /// Statements that ended well, of those that…
    pub statements_done: i64,
    /// … there are.
    pub statements_total: i64,
    /// The statements that were begun, while it is not done; nothing where they are not accounted for.
    pub journal: Option<StatementJournal>,
    /// What its statements read from the server and left in their session, while it is not done.
    pub(crate) kept: Kept,
    /// When it began, in UTC, as ISO 8601.
    pub started_at: String,
    /// How long it took; nothing while it has not ended, and for a stamp.
    pub duration: Option<Duration>,
    /// Who ran it.
    pub applied_by: String,
    /// The tool and its version.
    pub tool_version: String,
    /// The rules that it broke on purpose.
    pub waivers: Vec<Waived>,
    /// How it is undone; nothing where an earlier version wrote the row.
    pub undo: Option<Undo>,
    /// The SQL that undoes it; read only where it is to be undone by that.
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

    /// Notes the SQL that undoes a revision.
    pub(crate) fn keep_down(&mut self, key: &RevisionKey, sql: Option<String>) {
        if let Some(row) = self.rows.get_mut(key) {
            row.sql_down = sql;
        }
    }

    /// The row of a revision.
    pub fn get(&self, key: &RevisionKey) -> Option<&HistoryRow> {
        self.rows.get(key)
    }

    /// All rows, ordered by crate and revision.
    pub fn rows(&self) -> impl Iterator<Item = (&RevisionKey, &HistoryRow)> {
        self.rows.iter()
    }

    /// The rows of the graph's crates. Those of others belong to other programs.
    pub(crate) fn ours<'a>(
        &'a self,
        graph: &'a Graph,
    ) -> impl Iterator<Item = (&'a RevisionKey, &'a HistoryRow)> {
        let crates: Vec<&str> = graph.crates().collect();
        self.rows().filter(move |(key, _)| crates.contains(&&*key.krate))
    }

    /// Whether the database has applied nothing.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The greatest sequence number given so far; 0 when there is none.
    pub fn last_sequence(&self) -> i64 {
        self.rows.values().map(|row| row.sequence).max().unwrap_or(0)
    }
}
