//! The plan of `up` and of `production`.

use crate::declare::migration::Kind;
use crate::graph::target::{Resolved, Target};
use crate::graph::{Graph, NodeId, NodeSet};
use crate::history::History;
use crate::plan::wanted::{Goal, Scope, wanted};
use crate::plan::{
    Action, Context, Plan, PlanError, Request, Step, Waiting, applied_nodes, by_rank, held_back,
    late, prepare, resume, verify,
};

pub(super) fn plan(
    request: &Request,
    graph: &Graph,
    history: &History,
    (target, scope): (&Target, Scope),
    context: Context,
) -> Result<Plan, PlanError> {
    let mut notices = verify::verify(graph, history, context)?;
    let unfinished = resume::unfinished(graph, history, Action::Apply)?;
    let applied: NodeSet =
        applied_nodes(graph, history).iter().filter(|node| !unfinished.contains(node)).collect();
    let nodes = pending(graph, &applied, target, scope)?;
    resume::refuse_left(graph, history, &unfinished, &nodes)?;
    if scope == Scope::Schema {
        refuse_waiting(graph, &applied, &nodes)?;
    }
    refuse_below(graph, &applied, &nodes)?;
    notices.extend(late::judge(graph, history, &nodes, scope.kinds(), context)?);
    // Unfinished revisions come first: everything they need is applied.
    let begun = nodes.iter().filter(|node| unfinished.contains(node));
    let fresh = nodes.iter().filter(|node| !unfinished.contains(node));
    let steps = begun.chain(fresh).map(|node| step(graph, history, *node, context));
    let steps = steps.collect::<Result<Vec<_>, _>>()?;
    notices.extend(held_back::refuse(graph, &applied, &steps, context.dialect)?);
    Ok(Plan { request: request.clone(), steps, notices, pending_data: Vec::new() })
}

fn step(
    graph: &Graph,
    history: &History,
    node: NodeId,
    context: Context,
) -> Result<Step, PlanError> {
    let migration = graph.migration(node);
    let step = prepare::apply(migration, context.dialect)?;
    match history.get(&migration.key) {
        None => resume::refuse_fragile(&step).map(|()| step),
        Some(row) => resume::go_on(step, row),
    }
}

/// Returns the revisions to apply, in order.
fn pending(
    graph: &Graph,
    applied: &NodeSet,
    target: &Target,
    scope: Scope,
) -> Result<Vec<NodeId>, PlanError> {
    match target.resolve(graph, applied)? {
        Resolved::Base(_) => Err(wrong_way(target, scope)),
        Resolved::At(nodes) => {
            if scope == Scope::Schema
                && let Some(data) =
                    nodes.iter().find(|node| graph.migration(**node).kind == Kind::Data)
            {
                return Err(PlanError::DataTarget { key: graph.migration(*data).key.clone() });
            }
            let goal = Goal { nodes, target, within: target.members(graph)? };
            Ok(needed(graph, applied, &goal, scope))
        }
        Resolved::Relative(steps, within) => {
            let count = usize::try_from(steps).map_err(|_| wrong_way(target, scope))?;
            let counts = |node: &NodeId| within.as_ref().is_none_or(|set| set.contains(*node));
            let heads = graph.heads().into_iter().filter(counts).collect();
            let goal = Goal { nodes: heads, target, within: within.clone() };
            let pending = needed(graph, applied, &goal, scope);
            // Revisions that the counted ones need are added without being counted.
            let counted: Vec<NodeId> = pending.iter().copied().filter(counts).take(count).collect();
            if counted.len() < count {
                return Err(PlanError::TooFar {
                    asked: steps.unsigned_abs(),
                    possible: counted.len(),
                });
            }
            let taken = graph.ancestors(counted);
            Ok(pending.into_iter().filter(|node| taken.contains(*node)).collect())
        }
    }
}

fn wrong_way(target: &Target, scope: Scope) -> PlanError {
    let command = match scope {
        Scope::Schema => "up",
        Scope::All => "production",
    };
    PlanError::WrongWay { command, target: target.to_string() }
}

/// Returns the revisions of a goal that are not applied.
fn needed(graph: &Graph, applied: &NodeSet, goal: &Goal<'_>, scope: Scope) -> Vec<NodeId> {
    let wanted = wanted(graph, goal, scope);
    let wanted = wanted.iter().filter(|node| !applied.contains(*node));
    by_rank(
        graph,
        wanted.filter(|node| scope == Scope::All || graph.migration(*node).kind == Kind::Schema),
    )
}

/// Refuses schema revisions that depend on data revisions that have not run.
fn refuse_waiting(graph: &Graph, applied: &NodeSet, nodes: &[NodeId]) -> Result<(), PlanError> {
    let mut needs = Vec::new();
    for node in nodes {
        for needed in graph.dependencies(*node) {
            if graph.migration(*needed).kind == Kind::Data && !applied.contains(*needed) {
                needs.push(Waiting {
                    schema: graph.migration(*node).key.clone(),
                    data: graph.migration(*needed).key.clone(),
                });
            }
        }
    }
    if needs.is_empty() { Ok(()) } else { Err(PlanError::NeedsData { needs }) }
}

/// Refuses a pending revision that an applied one needs: the order is already broken.
fn refuse_below(graph: &Graph, applied: &NodeSet, nodes: &[NodeId]) -> Result<(), PlanError> {
    for node in nodes {
        let above = graph
            .children(*node)
            .iter()
            .chain(graph.dependents(*node))
            .find(|above| applied.contains(**above));
        if let Some(above) = above {
            return Err(PlanError::Below {
                key: graph.migration(*node).key.clone(),
                applied: graph.migration(*above).key.clone(),
            });
        }
    }
    Ok(())
}
