//! The order in which revisions can run.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::graph::edges::Edges;
use crate::graph::node::{NodeId, PerNode};

/// The nodes that each node needs, by lineage and by dependency, and the reverse.
#[derive(Clone, Copy, Debug)]
pub(super) struct Needs<'g> {
    pub(super) parents: &'g Edges,
    pub(super) dependencies: &'g Edges,
    pub(super) children: &'g Edges,
    pub(super) dependents: &'g Edges,
}

/// Sorts the nodes so that each comes after those it needs; among those that are ready, the smallest first.
///
/// Nodes on a cycle, and all that need them, are omitted.
pub(super) fn sort(nodes: usize, needs: Needs<'_>) -> Vec<NodeId> {
    let ids = || (0..nodes).map(NodeId::from_index);
    let missing =
        ids().map(|node| needs.parents.of(node).len() + needs.dependencies.of(node).len());
    let mut missing = PerNode::new(missing.collect());
    let mut ready: BinaryHeap<_> = ids().filter(|&node| missing[node] == 0).map(Reverse).collect();
    let mut order = Vec::with_capacity(nodes);
    while let Some(Reverse(node)) = ready.pop() {
        order.push(node);
        for &next in needs.children.of(node).iter().chain(needs.dependents.of(node)) {
            missing[next] -= 1;
            if missing[next] == 0 {
                ready.push(Reverse(next));
            }
        }
    }
    order
}
