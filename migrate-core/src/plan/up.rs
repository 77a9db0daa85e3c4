//! The plan of `up` and of `production`.

use std::collections::BTreeMap;

use crate::graph::{Graph, NodeId, NodeSet};
use crate::history::History;
use crate::migration::Kind;
use crate::plan::{
    Action, Context, Notice, Plan, PlanError, Policy, Request, Step, Waiting, applied_nodes,
    by_rank, prepare, resume, verify,
};
use crate::revision::RevisionKey;
use crate::target::{Resolved, Target};

/// Which kinds of revisions are applied.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Schema,
    All,
}

pub(super) fn plan(
    request: &Request,
    graph: &Graph,
    history: &History,
    (target, scope): (&Target, Scope),
    context: Context,
) -> Result<Plan, PlanError> {
    let mut notices = verify::verify(graph, history, context)?;
    let half_done = resume::half_done(graph, history, Action::Apply)?;
    let applied: NodeSet =
        applied_nodes(graph, history).iter().filter(|node| !half_done.contains(node)).collect();
    let nodes = pending(graph, &applied, target, scope)?;
    resume::refuse_left(graph, history, &half_done, &nodes)?;
    if scope == Scope::Schema {
        refuse_waiting(graph, &applied, &nodes)?;
    }
    refuse_below(graph, &applied, &nodes)?;
    notices.extend(judge_late(graph, &applied, &nodes, context)?);
    // What was begun comes first: all it needs is there.
    let begun = nodes.iter().filter(|node| half_done.contains(node));
    let fresh = nodes.iter().filter(|node| !half_done.contains(node));
    let steps = begun.chain(fresh).map(|node| step(graph, history, *node, context));
    Ok(Plan { request: request.clone(), steps: steps.collect::<Result<_, _>>()?, notices })
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
        None => Ok(step),
        Some(row) => resume::go_on(step, row),
    }
}

/// The revisions to apply, in order.
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
            Ok(needed(graph, applied, nodes, scope))
        }
        Resolved::Relative(steps, within) => {
            let count = usize::try_from(steps).map_err(|_| wrong_way(target, scope))?;
            let counts = |node: &NodeId| within.as_ref().is_none_or(|set| set.contains(*node));
            let heads = graph.heads().into_iter().filter(counts).collect();
            let pending = needed(graph, applied, heads, scope);
            // What the counted ones need comes along uncounted.
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

/// What is not applied of `goals` and of all they rest on. A release takes the data revisions beside them too.
fn needed(graph: &Graph, applied: &NodeSet, goals: Vec<NodeId>, scope: Scope) -> Vec<NodeId> {
    let mut wanted = graph.ancestors(goals);
    if scope == Scope::All {
        let sides: Vec<NodeId> =
            graph.order().iter().copied().filter(|node| is_side(graph, &wanted, *node)).collect();
        wanted = graph.ancestors(wanted.iter().chain(sides));
    }
    let wanted = wanted.iter().filter(|node| !applied.contains(*node));
    by_rank(
        graph,
        wanted.filter(|node| scope == Scope::All || graph.migration(*node).kind == Kind::Schema),
    )
}

/// A data revision all of whose schema parents are wanted.
fn is_side(graph: &Graph, wanted: &NodeSet, node: NodeId) -> bool {
    graph.migration(node).kind == Kind::Data
        && graph
            .ancestors([node])
            .iter()
            .all(|needed| wanted.contains(needed) || graph.migration(needed).kind == Kind::Data)
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

/// Refuses a pending revision that an applied one rests on: the order is lost already.
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

/// The pending revisions that would have come before applied ones of their crate, kind and branch.
pub fn out_of_order(graph: &Graph, history: &History) -> Vec<Notice> {
    let applied = applied_nodes(graph, history);
    let pending: Vec<NodeId> =
        graph.order().iter().copied().filter(|node| !applied.contains(*node)).collect();
    late(graph, &applied, &pending)
        .map(|(key, applied)| Notice::OutOfOrder { key, applied })
        .collect()
}

/// Each of `nodes` that comes before an applied one of its crate, kind and branch, and the last such one.
fn late(
    graph: &Graph,
    applied: &NodeSet,
    nodes: &[NodeId],
) -> impl Iterator<Item = (RevisionKey, RevisionKey)> {
    let line = |node: NodeId| {
        let migration = graph.migration(node);
        (migration.key.krate.clone(), migration.kind, graph.branch(node))
    };
    let mut last_applied = BTreeMap::new();
    for node in by_rank(graph, applied.iter()) {
        last_applied.insert(line(node), node);
    }
    nodes.iter().filter_map(move |node| {
        let later = last_applied
            .get(&line(*node))
            .filter(|later| graph.rank(**later) > graph.rank(*node))?;
        Some((graph.migration(*node).key.clone(), graph.migration(*later).key.clone()))
    })
}

/// What policy makes of revisions that come too late.
fn judge_late(
    graph: &Graph,
    applied: &NodeSet,
    nodes: &[NodeId],
    context: Context,
) -> Result<Vec<Notice>, PlanError> {
    let mut late = late(graph, applied, nodes);
    match context.policies.out_of_order {
        Policy::Off => Ok(Vec::new()),
        Policy::Warn => {
            Ok(late.map(|(key, applied)| Notice::OutOfOrder { key, applied }).collect())
        }
        Policy::Error => match late.next() {
            None => Ok(Vec::new()),
            Some((key, applied)) => Err(PlanError::OutOfOrder { key, applied }),
        },
    }
}
