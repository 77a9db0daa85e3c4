//! Checks that history and this program agree, before planning.

use migrate_sql::Direction;

use crate::declare::revision::RevisionKey;
use crate::graph::Graph;
use crate::history::{History, HistoryRow, State};
use crate::plan::edited::{Edited, is_edited};
use crate::plan::{Context, Notice, PlanError, Policy, prepare};
use crate::sql::Dialect;

/// Refuses a history that must not be built upon, and returns the notices.
pub(super) fn verify(
    graph: &Graph,
    history: &History,
    context: Context,
) -> Result<Vec<Notice>, PlanError> {
    let mut notices = known(graph, history, context)?;
    notices.extend(unchanged(graph, history, context)?);
    Ok(notices)
}

/// Finds applied revisions that the graph lacks.
pub(crate) fn known(
    graph: &Graph,
    history: &History,
    context: Context,
) -> Result<Vec<Notice>, PlanError> {
    if let Some(renamed) = renamed(graph, history, context.dialect) {
        return Err(renamed);
    }
    let unknown =
        history.ours(graph).map(|(key, _)| key).filter(|key| graph.find(key).is_none()).cloned();
    let revisions: Vec<RevisionKey> = unknown.collect();
    match context.policies.ahead {
        Policy::Error if !revisions.is_empty() => Err(PlanError::Unknown { revisions }),
        Policy::Warn => Ok(revisions.into_iter().map(|key| Notice::Unknown { key }).collect()),
        Policy::Error | Policy::Off => Ok(Vec::new()),
    }
}

/// Finds a crate that was renamed: none of its revisions is applied, but the same revisions, with the same checksums, are
/// applied under another name. Otherwise those rows belong to another crate that happens to use the same ids.
fn renamed(graph: &Graph, history: &History, dialect: Dialect) -> Option<PlanError> {
    let names: Vec<&str> = graph.crates().collect();
    let mut others: Vec<&str> =
        history.rows().map(|(key, _)| &*key.krate).filter(|krate| !names.contains(krate)).collect();
    others.dedup();
    for now in names.iter().copied() {
        if history.rows().any(|(key, _)| key.krate == now) {
            continue;
        }
        let is_same = |was: &&str| {
            let mut rows = history.rows().filter(|(key, _)| key.krate == **was).peekable();
            // A single one may be alike by chance, such as creating an extension.
            let several = history.rows().filter(|(key, _)| key.krate == **was).nth(1).is_some();
            several && rows.peek().is_some() && rows.all(|row| agrees(graph, now, row, dialect))
        };
        if let Some(was) = others.iter().copied().find(|was| is_same(was)) {
            return Some(PlanError::CrateRenamed { was: was.to_owned(), now: now.to_owned() });
        }
    }
    None
}

/// Returns whether the crate `now` has a revision with that id and checksum.
fn agrees(
    graph: &Graph,
    now: &str,
    (key, row): (&RevisionKey, &HistoryRow),
    dialect: Dialect,
) -> bool {
    let key = RevisionKey { krate: now.to_owned().into(), id: key.id.clone() };
    let Some(node) = graph.find(&key) else { return false };
    let then = row.checksum.as_deref().zip(row.checksum_algorithm.as_deref());
    let checksum = graph.migration(node).checksum(dialect).ok().flatten();
    then.zip(checksum).is_some_and(|((then, algorithm), (checksum, by))| {
        by == algorithm && checksum.to_string() == then
    })
}

/// Finds applied revisions whose text was edited.
fn unchanged(graph: &Graph, history: &History, context: Context) -> Result<Vec<Notice>, PlanError> {
    let policies = context.policies;
    if [policies.checksum, policies.checksum_code] == [Policy::Off; 2] {
        return Ok(Vec::new());
    }
    let (refused, said): (Vec<_>, Vec<_>) = edited(graph, history, context.dialect)?
        .into_iter()
        .filter(|edited| edited.policy(policies) != Policy::Off)
        .partition(|edited| edited.policy(policies) == Policy::Error);
    if !refused.is_empty() {
        return Err(PlanError::Changed { revisions: refused });
    }
    Ok(said.iter().map(Edited::notice).collect())
}

/// Returns the applied revisions whose kind or checksum has changed. Does not read their earlier text, see
/// [`Connected::edited`](crate::Connected::edited).
///
/// # Errors
///
/// [`PlanError::Panicked`], if a function that returns the SQL of one panicked.
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
    // An unfinished revision may be edited: that is how its failure is fixed.
    let applied = history.ours(graph).filter(|(_, row)| row.state == State::Applied);
    applied.filter_map(edited).collect()
}
