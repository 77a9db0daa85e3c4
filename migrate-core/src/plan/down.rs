//! The plan of `down`.

use crate::declare::body::Down;
use crate::declare::migration::Kind;
use crate::graph::target::{Resolved, Target};
use crate::graph::{Graph, NodeId, NodeSet};
use crate::history::{History, State};
use crate::plan::{
    Action, Context, Plan, PlanError, Request, Step, above, applied_nodes, by_rank, late, prepare,
    resume, verify,
};

pub(super) fn plan(
    request: &Request,
    graph: &Graph,
    history: &History,
    target: &Target,
    context: Context,
) -> Result<Plan, PlanError> {
    let notices = verify::verify(graph, history, context)?;
    let applied = applied_nodes(graph, history);
    let unfinished = resume::unfinished(graph, history, Action::Revert)?;
    let undone = undone(graph, history, &applied, target)?;
    resume::refuse_left(graph, history, &unfinished, &undone)?;
    refuse_irreversible(graph, &undone)?;
    late::judge_undone(graph, history, &undone, context)?;
    let begun = undone.iter().filter(|node| unfinished.contains(node));
    let whole = undone.iter().filter(|node| !unfinished.contains(node));
    let steps = begun.chain(whole).map(|node| step(graph, history, *node, context));
    let steps = steps.collect::<Result<_, _>>()?;
    Ok(Plan { request: request.clone(), steps, notices, pending_data: Vec::new() })
}

/// Returns the applied revisions above the target, the last one first.
fn undone(
    graph: &Graph,
    history: &History,
    applied: &NodeSet,
    target: &Target,
) -> Result<Vec<NodeId>, PlanError> {
    let gone = match target.resolve(graph, applied)? {
        Resolved::Base(all) => graph.descendants(all.iter()),
        Resolved::At(kept) => {
            if let Some(missing) = kept.iter().find(|node| !applied.contains(**node)) {
                return Err(PlanError::NotApplied { key: graph.migration(*missing).key.clone() });
            }
            above(graph, &kept, target.members(graph)?.as_ref())
        }
        Resolved::Relative(steps, within) => {
            let count = if steps < 0 { steps.unsigned_abs() } else { 0 };
            if count == 0 {
                return Err(PlanError::WrongWay { command: "down", target: target.to_string() });
            }
            let last = last_applied(graph, history, within.as_ref());
            let wanted = usize::try_from(count).unwrap_or(usize::MAX);
            if last.len() < wanted {
                return Err(PlanError::TooFar { asked: count, possible: last.len() });
            }
            graph.descendants(last.into_iter().take(wanted))
        }
    };
    let mut undone = by_rank(graph, gone.iter().filter(|node| applied.contains(*node)));
    undone.reverse();
    Ok(undone)
}

/// Returns the applied schema revisions, the last applied first, after those that are already being undone.
fn last_applied(graph: &Graph, history: &History, within: Option<&NodeSet>) -> Vec<NodeId> {
    let mut rows: Vec<(bool, i64, NodeId)> = history
        .rows()
        .filter_map(|(key, row)| {
            Some((row.state == State::Reverting, row.sequence, graph.find(key)?))
        })
        .filter(|(begun, _, node)| *begun || graph.migration(*node).kind == Kind::Schema)
        .filter(|(_, _, node)| within.is_none_or(|set| set.contains(*node)))
        .collect();
    rows.sort_unstable_by(|a, b| b.cmp(a));
    rows.into_iter().map(|(_, _, node)| node).collect()
}

fn refuse_irreversible(graph: &Graph, undone: &[NodeId]) -> Result<(), PlanError> {
    let migrations = undone.iter().map(|node| graph.migration(*node));
    let irreversible = migrations.filter(|migration| match migration.down {
        Down::Irreversible => true,
        Down::Nothing => migration.kind == Kind::Schema,
        Down::Body(_) | Down::Derived(_) => false,
    });
    let revisions: Vec<_> = irreversible.map(|migration| migration.key.clone()).collect();
    if revisions.is_empty() { Ok(()) } else { Err(PlanError::Irreversible { revisions }) }
}

fn step(
    graph: &Graph,
    history: &History,
    node: NodeId,
    context: Context,
) -> Result<Step, PlanError> {
    let migration = graph.migration(node);
    let step = prepare::undo(migration, context.dialect)?;
    match history.get(&migration.key) {
        Some(row) if row.state == State::Reverting => resume::go_on(step, row),
        Some(_) | None => resume::refuse_fragile(&step).map(|()| step),
    }
}
