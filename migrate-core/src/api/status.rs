//! The status of a database: graph and history combined.

use std::time::Duration;

use migrate_sql::Checksum;

use crate::declare::migration::{Kind, Origin};
use crate::declare::revision::RevisionKey;
use crate::graph::target::{Resolved, Target};
use crate::graph::{Graph, NodeId, NodeSet};
use crate::history::{History, HistoryRow, State, Waived};
use crate::sql::Dialect;

/// A revision and its state.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Status {
    /// The revision.
    pub key: RevisionKey,
    /// Schema or data.
    pub kind: Kind,
    /// Its parents.
    pub after: Vec<RevisionKey>,
    /// The revisions that must run first, though they are not parents.
    pub depends_on: Vec<RevisionKey>,
    /// Its branch.
    pub branch: Option<String>,
    /// Its description.
    pub description: String,
    /// Its state.
    pub state: Standing,
    /// Whether it is a schema head of its crate.
    pub head: bool,
    /// The rules that it waives: as they were when it was applied, or as they are now.
    pub waivers: Vec<Waived>,
    /// Its row in history.
    pub row: Option<HistoryRow>,
    /// Its current checksum, if the dialect is known and it has one.
    pub checksum: Option<Checksum>,
    /// Where it is declared.
    pub origin: Option<Origin>,
}

/// The state of a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Standing {
    /// Applied.
    Applied,
    /// Not applied.
    Pending,
    /// Started and not finished.
    Failed,
    /// Applied, and not known to this program.
    Unknown,
}

impl Standing {
    /// Returns the word used in messages and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Pending => "pending",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

impl Status {
    /// Returns when it was applied, in UTC.
    pub fn applied_at(&self) -> Option<&str> {
        self.row.as_ref().map(|row| row.started_at.as_str())
    }

    /// Returns how long it took.
    pub fn duration(&self) -> Option<Duration> {
        self.row.as_ref().and_then(|row| row.duration)
    }
}

/// Returns all revisions of the graph in order, and then those that only history knows.
pub fn statuses(graph: &Graph, history: &History, dialect: Option<Dialect>) -> Vec<Status> {
    let heads: NodeSet = graph.heads().into_iter().collect();
    let known = graph.order().iter().map(|node| status(graph, history, *node, &heads, dialect));
    let crates: Vec<&str> = graph.crates().collect();
    let unknown = history
        .rows()
        .filter(|(key, _)| crates.contains(&&*key.krate) && graph.find(key).is_none())
        .map(|(key, row)| unknown(key, row));
    known.chain(unknown).collect()
}

fn status(
    graph: &Graph,
    history: &History,
    node: NodeId,
    heads: &NodeSet,
    dialect: Option<Dialect>,
) -> Status {
    let migration = graph.migration(node);
    let row = history.get(&migration.key);
    let keys =
        |nodes: &[NodeId]| nodes.iter().map(|node| graph.migration(*node).key.clone()).collect();
    Status {
        key: migration.key.clone(),
        kind: migration.kind,
        after: keys(graph.parents(node)),
        depends_on: keys(graph.dependencies(node)),
        branch: graph.branch(node).map(str::to_owned),
        description: migration.description.to_string(),
        state: match row.map(|row| row.state) {
            None => Standing::Pending,
            Some(State::Applied) => Standing::Applied,
            Some(State::Started | State::Failed | State::Reverting) => Standing::Failed,
        },
        head: heads.contains(node),
        waivers: match row {
            Some(row) => row.waivers.clone(),
            None => migration.waivers.iter().map(Waived::from).collect(),
        },
        row: row.cloned(),
        checksum: dialect
            .and_then(|dialect| migration.checksum(dialect).ok().flatten())
            .map(|(checksum, _)| checksum),
        origin: migration.origin,
    }
}

fn unknown(key: &RevisionKey, row: &HistoryRow) -> Status {
    Status {
        key: key.clone(),
        kind: row.kind,
        after: Vec::new(),
        depends_on: Vec::new(),
        branch: None,
        description: row.description.clone(),
        state: Standing::Unknown,
        head: false,
        waivers: row.waivers.clone(),
        row: Some(row.clone()),
        checksum: None,
        origin: None,
    }
}

/// A summary of the status of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Current {
    /// The applied schema revisions without an applied schema descendant.
    pub heads: Vec<RevisionKey>,
    /// Those of them that are heads of the graph.
    pub at_head: Vec<RevisionKey>,
    /// The number of pending schema revisions.
    pub pending: usize,
    /// The number of pending data revisions.
    pub pending_data: usize,
    /// The pending data revisions, in order.
    pub waiting_data: Vec<RevisionKey>,
}

/// Returns a summary of the status of a database with this history.
pub fn current(graph: &Graph, history: &History) -> Current {
    // An unfinished revision is not applied.
    let applied = |(key, row): (&RevisionKey, &HistoryRow)| {
        (row.state == State::Applied).then(|| graph.find(key)).flatten()
    };
    let applied: NodeSet = history.rows().filter_map(applied).collect();
    let heads = match Target::Current.resolve(graph, &applied) {
        Ok(Resolved::At(nodes)) => nodes,
        Ok(Resolved::Base(_) | Resolved::Relative(..)) | Err(_) => Vec::new(),
    };
    let graph_heads: NodeSet = graph.heads().into_iter().collect();
    let key = |node: &NodeId| graph.migration(*node).key.clone();
    let waiting = |kind: Kind| {
        let order = graph.order().iter();
        order
            .filter(move |node| graph.migration(**node).kind == kind)
            .filter(|node| !applied.contains(**node))
    };
    let pending = |kind: Kind| waiting(kind).count();
    Current {
        at_head: heads.iter().filter(|node| graph_heads.contains(**node)).map(key).collect(),
        heads: heads.iter().map(key).collect(),
        pending: pending(Kind::Schema),
        pending_data: pending(Kind::Data),
        waiting_data: waiting(Kind::Data).map(key).collect(),
    }
}
