//! The revisions that a run upwards takes for its target.

use crate::declare::migration::Kind;
use crate::graph::target::Target;
use crate::graph::{Graph, NodeId, NodeSet};
use crate::plan::before::Before;

/// Which kinds of revisions are applied.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Schema,
    All,
}

impl Scope {
    pub(super) const fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Schema => &[Kind::Schema],
            Self::All => &[Kind::Schema, Kind::Data],
        }
    }
}

/// What is asked for: the places that a target leads to.
pub(crate) struct Goal<'a> {
    pub(crate) nodes: Vec<NodeId>,
    pub(crate) target: &'a Target,
    /// The branch or crate before its `@`, if there is one.
    pub(crate) within: Option<NodeSet>,
}

/// The goal and all that it rests on. A release takes the data revisions beside them too: those that come before the
/// goal, or, where it is a head, all of that line.
pub(crate) fn wanted(graph: &Graph, goal: &Goal<'_>, scope: Scope) -> NodeSet {
    let wanted = graph.ancestors(goal.nodes.iter().copied());
    if scope == Scope::Schema {
        return wanted;
    }
    let open = goal.target.is_open();
    let tops: Vec<Before<'_>> =
        tops(graph, &wanted, &goal.nodes).into_iter().map(|top| Before::new(graph, top)).collect();
    let belongs = |node: NodeId| {
        open && goal.within.as_ref().is_none_or(|within| within.contains(node))
            || tops.iter().any(|top| top.holds(node))
    };
    let sides: Vec<NodeId> = graph
        .order()
        .iter()
        .copied()
        .filter(|node| is_side(graph, &wanted, *node) && belongs(*node))
        .collect();
    graph.ancestors(wanted.iter().chain(sides))
}

/// The goals, and where the lines of other crates and branches end that they rest on.
fn tops(graph: &Graph, wanted: &NodeSet, goals: &[NodeId]) -> Vec<NodeId> {
    let is_last = |node: NodeId| {
        graph.is_schema(node) && !graph.schema_children(node).any(|child| wanted.contains(child))
    };
    let ends = wanted.iter().filter(|node| is_last(*node) && !goals.contains(node));
    goals.iter().copied().chain(ends).collect()
}

/// A data revision all of whose schema parents are wanted, beside what is wanted anyway.
fn is_side(graph: &Graph, wanted: &NodeSet, node: NodeId) -> bool {
    !graph.is_schema(node)
        && !wanted.contains(node)
        && graph
            .ancestors([node])
            .iter()
            .all(|needed| wanted.contains(needed) || !graph.is_schema(needed))
}
