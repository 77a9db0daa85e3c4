//! The revisions that `up` and `production` apply for a target.

use crate::declare::migration::Kind;
use crate::graph::target::Target;
use crate::graph::{Graph, NodeId, NodeSet};
use crate::plan::before::Before;

/// The kinds of revisions to apply.
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

/// The revisions that a target resolves to.
pub(crate) struct Goal<'a> {
    pub(crate) nodes: Vec<NodeId>,
    pub(crate) target: &'a Target,
    /// The revisions of the branch or crate before its `@`, if there is one.
    pub(crate) within: Option<NodeSet>,
}

/// Returns the goal and everything it needs. With data included, also the data revisions that come before the goal, or,
/// where it is a head, all of that line.
pub(crate) fn wanted(graph: &Graph, goal: &Goal<'_>, scope: Scope) -> NodeSet {
    let wanted = graph.ancestors(goal.nodes.iter().copied());
    if scope == Scope::Schema {
        return wanted;
    }
    let on_line = |node: NodeId| {
        goal.target.is_open() && goal.within.as_ref().is_none_or(|within| within.contains(node))
    };
    let (whole, others): (Vec<_>, Vec<_>) =
        beside(graph, &wanted).into_iter().partition(|node| on_line(*node));
    // Each of the tops is looked at from all sides, which what is on the line does not need.
    let tops = if others.is_empty() { Vec::new() } else { tops(graph, &wanted, &goal.nodes) };
    let tops: Vec<Before<'_>> = tops.into_iter().map(|top| Before::new(graph, top)).collect();
    let before = others.into_iter().filter(|node| tops.iter().any(|top| top.holds(*node)));
    graph.ancestors(wanted.iter().chain(whole).chain(before))
}

/// Returns the goals, and the last needed revisions of other crates and branches.
fn tops(graph: &Graph, wanted: &NodeSet, goals: &[NodeId]) -> Vec<NodeId> {
    let is_last = |node: NodeId| {
        graph.is_schema(node) && !graph.schema_children(node).any(|child| wanted.contains(child))
    };
    let ends = wanted.iter().filter(|node| is_last(*node) && !goals.contains(node));
    goals.iter().copied().chain(ends).collect()
}

/// Returns the data revisions that are not wanted yet and need only schema revisions that are.
fn beside(graph: &Graph, wanted: &NodeSet) -> Vec<NodeId> {
    // Revisions come after what they need, so each is visited once.
    let mut reachable = NodeSet::new();
    let mut beside = Vec::new();
    for node in graph.order().iter().copied() {
        let mut needs = graph.parents(node).iter().chain(graph.dependencies(node));
        let is_wanted = wanted.contains(node);
        if is_wanted || !graph.is_schema(node) && needs.all(|needed| reachable.contains(*needed)) {
            reachable.insert(node);
            if !is_wanted {
                beside.push(node);
            }
        }
    }
    beside
}
