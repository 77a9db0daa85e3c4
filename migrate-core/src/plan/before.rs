//! Which data revisions come before a revision. The graph does not order them, because nothing comes after them.

use crate::graph::{Graph, NodeId, NodeSet};

/// A revision, and the revisions before and after it.
///
/// A data revision comes before it if the schema revisions that it follows do, and its number is lower, where both ids
/// are numbers. Other ids have no order.
pub(super) struct Before<'g> {
    graph: &'g Graph,
    node: NodeId,
    /// It and its ancestors.
    lineage: NodeSet,
    /// It and its descendants.
    above: NodeSet,
}

impl<'g> Before<'g> {
    pub(super) fn new(graph: &'g Graph, node: NodeId) -> Self {
        let (lineage, above) = (graph.lineage_above(node), graph.descendants([node]));
        Self { graph, node, lineage, above }
    }

    /// Returns whether `data`, of the same crate, comes before the revision.
    pub(super) fn holds(&self, data: NodeId) -> bool {
        let [one, other] = [data, self.node].map(|node| self.graph.migration(node));
        if one.key.krate != other.key.krate || self.above.contains(data) {
            return false;
        }
        let follows = || {
            schema_parents(self.graph, data)
                .into_iter()
                .all(|parent| parent != self.node && self.lineage.contains(parent))
        };
        if one.key.id.is_number() && other.key.id.is_number() {
            let same_branch = self.graph.branch(data) == self.graph.branch(self.node);
            data < self.node && (same_branch || follows())
        } else {
            follows()
        }
    }
}

/// Returns the nearest schema revisions that a revision comes after.
pub(super) fn schema_parents(graph: &Graph, node: NodeId) -> Vec<NodeId> {
    let mut seen = NodeSet::new();
    let mut open = graph.parents(node).to_vec();
    let mut found = Vec::new();
    while let Some(parent) = open.pop() {
        if !seen.insert(parent) {
            continue;
        }
        if graph.is_schema(parent) {
            found.push(parent);
        } else {
            open.extend(graph.parents(parent));
        }
    }
    found
}
