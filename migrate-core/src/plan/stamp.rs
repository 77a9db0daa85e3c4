//! The plan of `stamp`: history as if a target had been reached.

use crate::declare::migration::Kind;
use crate::graph::target::{Resolved, Target};
use crate::graph::{Graph, NodeId};
use crate::history::{History, State};
use crate::plan::{
    Action, Context, Plan, PlanError, Request, above, applied_nodes, by_rank, prepare, verify,
};

/// Plans a stamp. Unfinished revisions are allowed: a stamp also records their outcome.
pub(super) fn plan(
    request: &Request,
    graph: &Graph,
    history: &History,
    target: &Target,
    context: Context,
) -> Result<Plan, PlanError> {
    let notices = verify::known(graph, history, context)?;
    let applied = applied_nodes(graph, history);
    let unfinished = |node: &NodeId| {
        history.get(&graph.migration(*node).key).is_some_and(|row| row.state != State::Applied)
    };
    let (there, mut gone) = match target.resolve(graph, &applied)? {
        Resolved::Base(all) => (Vec::new(), graph.descendants(all.iter())),
        Resolved::At(nodes) => {
            let mut gone = above(graph, &nodes, target.members(graph)?.as_ref());
            // Data revisions that follow what stays, none of which remain stamped.
            gone.extend(graph.descendants(nodes.iter().copied()).iter().filter(unfinished));
            (stamped(graph, &nodes), gone)
        }
        Resolved::Relative(..) => {
            return Err(PlanError::WrongWay { command: "stamp", target: target.to_string() });
        }
    };
    let step = |node: NodeId, action: Action| {
        prepare::in_history(graph.migration(node), action, context.dialect)
    };

    gone.extend(there.iter().copied().filter(unfinished));
    let removed = by_rank(graph, gone.iter().filter(|node| applied.contains(*node)));
    let added = there.into_iter().filter(|node| !applied.contains(*node) || unfinished(node));
    let steps = removed.into_iter().rev().map(|node| step(node, Action::Unstamp));
    let steps = steps.chain(added.map(|node| step(node, Action::Stamp)));
    let steps = steps.collect::<Result<_, _>>()?;
    Ok(Plan { request: request.clone(), steps, notices, pending_data: Vec::new() })
}

/// Returns the target and the schema revisions below it, and only those data revisions that were named or are required.
fn stamped(graph: &Graph, nodes: &[NodeId]) -> Vec<NodeId> {
    by_rank(
        graph,
        graph.ancestors(nodes.iter().copied()).iter().filter(|node| {
            nodes.contains(node)
                || graph.migration(*node).kind == Kind::Schema
                || !graph.dependents(*node).is_empty()
        }),
    )
}
