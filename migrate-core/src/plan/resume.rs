//! Resuming steps that an earlier run left unfinished.

use crate::declare::revision::RevisionKey;
use crate::graph::{Graph, NodeId};
use crate::history::{
    History, HistoryRow, Kept, State, StatementJournal, Undo, restoring, statement_hash,
};
use crate::plan::{Action, Mode, PlanError, Step, WayOn, Work};

/// The progress of an earlier run in a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Resume {
    /// The number of statements that are known to be done.
    pub(crate) done: usize,
    /// The statements that were started. If there is one more than are done, its outcome may be unknown.
    pub(crate) journal: StatementJournal,
    /// Whether all of it runs again from the start, because the migration declares that as safe.
    pub(crate) rerun: bool,
    /// The state of the session in which they ran; `None` where the same session resumes.
    pub(crate) kept: Option<Kept>,
    /// The statements that restore the session, before anything else runs.
    pub(crate) restore: Vec<String>,
}

impl Resume {
    /// Continues after the statements that are done.
    pub(crate) fn after(done: usize, journal: StatementJournal) -> Self {
        Self { done, journal, rerun: false, kept: None, restore: Vec::new() }
    }

    /// Starts again, as if nothing had run.
    pub(crate) fn from_start() -> Self {
        Self::after(0, StatementJournal::default())
    }
}

/// Returns the unfinished revisions, all of which a plan in the direction of `action` must resume.
pub(super) fn unfinished(
    graph: &Graph,
    history: &History,
    action: Action,
) -> Result<Vec<NodeId>, PlanError> {
    let mut nodes = Vec::new();
    for (key, row) in history.ours(graph).filter(|(_, row)| row.state != State::Applied) {
        let same_way = (row.state == State::Reverting) == (action == Action::Revert);
        // A revision that may run again from the start needs no journal.
        let resumable = |node: &NodeId| row.journal.is_some() || graph.migration(*node).reruns();
        let node = graph.find(key).filter(|node| same_way && resumable(node));
        nodes.push(node.ok_or_else(|| refusal(graph, key, row))?);
    }
    Ok(nodes)
}

/// Refuses unfinished revisions, except those that were being undone with the SQL kept in history.
pub(super) fn refuse_but_unknown(graph: &Graph, history: &History) -> Result<(), PlanError> {
    let going_on = |key: &RevisionKey, row: &HistoryRow| {
        row.state == State::Reverting && row.journal.is_some() && graph.find(key).is_none()
    };
    let left =
        history.ours(graph).find(|(key, row)| row.state != State::Applied && !going_on(key, row));
    left.map_or(Ok(()), |(key, row)| Err(refusal(graph, key, row)))
}

/// Refuses a plan that does not resume an unfinished revision.
pub(super) fn refuse_left(
    graph: &Graph,
    history: &History,
    unfinished: &[NodeId],
    planned: &[NodeId],
) -> Result<(), PlanError> {
    let left = unfinished.iter().find(|node| !planned.contains(node));
    let left = left.map(|node| &graph.migration(*node).key);
    match left.and_then(|key| Some((key, history.get(key)?))) {
        Some((key, row)) => Err(refusal(graph, key, row)),
        None => Ok(()),
    }
}

fn refusal(graph: &Graph, key: &RevisionKey, row: &HistoryRow) -> PlanError {
    let mut error = PlanError::unfinished(key, row);
    if let PlanError::Unfinished { way_on, .. } = &mut error
        && graph.find(key).is_none()
        && row.journal.is_some()
    {
        // Only its program has the code.
        let kept = row.state == State::Reverting && row.undo != Some(Undo::Code);
        *way_on = if kept { WayOn::FromHistory } else { WayOn::OtherProgram };
    }
    error
}

/// Makes a step resume from the progress in its history row.
pub(super) fn go_on(step: Step, row: &HistoryRow) -> Result<Step, PlanError> {
    let journal = row.journal.clone().unwrap_or_default().taken_up();
    let done = usize::try_from(row.statements_done).unwrap_or(0);
    if step.migration.reruns() {
        let resume = Resume { rerun: true, ..Resume::after(done, journal) };
        return Ok(Step { mode: Mode::Journaled, resume: Some(resume), ..step });
    }
    if let Work::Sql(script) = &step.work {
        let now: Vec<String> =
            script.statements().map(|s| statement_hash(s.text(), script.dialect())).collect();
        let differs = journal
            .begun()
            .iter()
            .take(done)
            .enumerate()
            .find(|(index, begun)| now.get(*index) != Some(&begun.hash));
        if let Some((index, _)) = differs {
            return Err(PlanError::Diverged {
                key: step.key().clone(),
                direction: step.direction(),
                statement: index + 1,
                then: None,
                now: script.statements().nth(index).map(|statement| statement.text().to_owned()),
            });
        }
    }
    refuse_lost(&step, done, &row.kept)?;
    // What an earlier run did was not in one transaction, whatever mode the step has now. A step without progress starts
    // as if for the first time.
    let mode = if done == 0 && journal.is_empty() { step.mode } else { Mode::Journaled };
    let resume = Resume { kept: Some(row.kept.clone()), ..Resume::after(done, journal) };
    Ok(Step { mode, resume: Some(resume), ..step })
}

/// Refuses SQL that would fail or act differently if it were resumed in another session.
pub(super) fn refuse_fragile(step: &Step) -> Result<(), PlanError> {
    let (Work::Sql(script), Mode::Journaled) = (&step.work, step.mode) else { return Ok(()) };
    if step.migration.reruns() {
        return Ok(());
    }
    match script.first_lost() {
        None => Ok(()),
        Some(lost) => Err(PlanError::Fragile {
            key: step.key().clone(),
            direction: step.direction(),
            lost: Box::new(lost),
        }),
    }
}

/// Refuses to resume where a remaining statement needs state of a session that has ended.
fn refuse_lost(step: &Step, done: usize, kept: &Kept) -> Result<(), PlanError> {
    let Work::Sql(script) = &step.work else { return Ok(()) };
    let restored = restoring(&script.split(), done, kept);
    restored
        .map(drop)
        .map_err(|lost| PlanError::SessionLost { key: step.key().clone(), lost: Box::new(lost) })
}
