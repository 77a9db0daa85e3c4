//! The revisions that can be reached from some others.

use crate::graph::edges::Edges;
use crate::graph::node::NodeId;
use crate::graph::set::NodeSet;

/// Returns `from` and everything that can be reached through any of `edges`.
pub(super) fn reach(from: impl IntoIterator<Item = NodeId>, edges: &[&Edges]) -> NodeSet {
    let mut reached = NodeSet::new();
    // An explicit stack: lines of 100,000 revisions would overflow the thread's.
    let mut open: Vec<NodeId> = from.into_iter().filter(|&node| reached.insert(node)).collect();
    while let Some(node) = open.pop() {
        for &next in edges.iter().flat_map(|edges| edges.of(node)) {
            if reached.insert(next) {
                open.push(next);
            }
        }
    }
    reached
}
