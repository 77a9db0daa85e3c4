//! Whether history and this program agree, before anything is planned on it.

use crate::body::Body;
use crate::graph::Graph;
use crate::history::{History, HistoryRow, State};
use crate::migration::Migration;
use crate::plan::{Context, Notice, PlanError};
use crate::revision::RevisionKey;

/// What is done about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// It is refused.
    Error,
    /// It is said.
    Warn,
    /// It is passed over.
    Off,
}

/// What is done about each kind of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policies {
    /// SQL that was edited after it was applied.
    pub checksum: Policy,
    /// Code that was edited after it was applied.
    pub checksum_code: Policy,
    /// A pending revision that comes before an applied one.
    pub out_of_order: Policy,
    /// Applied revisions that this program does not know.
    pub ahead: Policy,
}

impl Default for Policies {
    fn default() -> Self {
        Self {
            checksum: Policy::Error,
            checksum_code: Policy::Warn,
            out_of_order: Policy::Warn,
            ahead: Policy::Error,
        }
    }
}

/// Refuses what must not be built upon, and gives what is only said.
pub(super) fn verify(
    graph: &Graph,
    history: &History,
    context: Context,
) -> Result<Vec<Notice>, PlanError> {
    let mut notices = known(graph, history, context)?;
    notices.extend(unchanged(graph, history, context)?);
    Ok(notices)
}

/// Rows of crates outside the graph belong to other programs.
pub(super) fn ours<'a>(
    graph: &'a Graph,
    history: &'a History,
) -> impl Iterator<Item = (&'a RevisionKey, &'a HistoryRow)> {
    let crates: Vec<&str> = graph.crates().collect();
    history.rows().filter(move |(key, _)| crates.contains(&&*key.krate))
}

/// Finds applied revisions that the graph lacks.
pub(crate) fn known(
    graph: &Graph,
    history: &History,
    context: Context,
) -> Result<Vec<Notice>, PlanError> {
    if let Some(renamed) = renamed(graph, history) {
        return Err(renamed);
    }
    let unknown =
        ours(graph, history).map(|(key, _)| key).filter(|key| graph.find(key).is_none()).cloned();
    let revisions: Vec<RevisionKey> = unknown.collect();
    match context.policies.ahead {
        Policy::Error if !revisions.is_empty() => Err(PlanError::Unknown { revisions }),
        Policy::Warn => Ok(revisions.into_iter().map(|key| Notice::Unknown { key }).collect()),
        Policy::Error | Policy::Off => Ok(Vec::new()),
    }
}

/// A crate none of whose revisions is applied, while another name has applied only ids that it knows.
fn renamed(graph: &Graph, history: &History) -> Option<PlanError> {
    let names: Vec<&str> = graph.crates().collect();
    for now in names.iter().copied() {
        if history.rows().any(|(key, _)| key.krate == now) {
            continue;
        }
        let mut others: Vec<&str> = history
            .rows()
            .map(|(key, _)| &*key.krate)
            .filter(|krate| !names.contains(krate))
            .collect();
        others.dedup();
        for was in others {
            let mut theirs =
                history.rows().map(|(key, _)| key).filter(|key| key.krate == was).peekable();
            let same = |key: &RevisionKey| {
                graph
                    .find(&RevisionKey { krate: now.to_owned().into(), id: key.id.clone() })
                    .is_some()
            };
            let several = history.rows().filter(|(key, _)| key.krate == was).nth(1).is_some();
            if several && theirs.peek().is_some() && theirs.all(same) {
                return Some(PlanError::CrateRenamed { was: was.to_owned(), now: now.to_owned() });
            }
        }
    }
    None
}

/// Finds applied revisions whose text is no longer what was applied.
fn unchanged(graph: &Graph, history: &History, context: Context) -> Result<Vec<Notice>, PlanError> {
    let mut refused = Vec::new();
    let mut notices = Vec::new();
    // A half-done revision may have been edited: that is how its failure is mended.
    for (key, row) in ours(graph, history).filter(|(_, row)| row.state == State::Applied) {
        let Some(migration) = graph.find(key).map(|node| graph.migration(node)) else { continue };
        let code = matches!(migration.up, Body::Code(_));
        let policy = if code { context.policies.checksum_code } else { context.policies.checksum };
        if policy == Policy::Off || !is_changed(migration, row, context) {
            continue;
        }
        match policy {
            Policy::Error => refused.push(key.clone()),
            Policy::Warn | Policy::Off => notices.push(Notice::Changed { key: key.clone(), code }),
        }
    }
    if refused.is_empty() { Ok(notices) } else { Err(PlanError::Changed { revisions: refused }) }
}

/// Checksums of another algorithm say nothing.
fn is_changed(migration: &Migration, row: &HistoryRow, context: Context) -> bool {
    let (Some(then), Some(algorithm)) = (&row.checksum, &row.checksum_algorithm) else {
        return false;
    };
    match migration.checksum(context.dialect) {
        Some((now, by)) => by == algorithm && now.to_string() != *then,
        None => false,
    }
}
