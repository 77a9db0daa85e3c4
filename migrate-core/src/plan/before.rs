//! Which data revisions come before a revision. The graph does not order them: they hang beside its line.

use crate::graph::{Graph, NodeId, NodeSet};

/// A revision, and what comes before it.
///
/// A data revision does if the schema revisions that it follows come before as well, and so does its number, where both
/// ids are numbers. Other ids say nothing about their order.
pub(super) struct Before<'g> {
    graph: &'g Graph,
    node: NodeId,
    /// It and all that it comes after.
    lineage: NodeSet,
    /// It and all that need it.
    above: NodeSet,
}

impl<'g> Before<'g> {
    pub(super) fn new(graph: &'g Graph, node: NodeId) -> Self {
        let (lineage, above) = (graph.lineage_above(node), graph.descendants([node]));
        Self { graph, node, lineage, above }
    }

    /// Whether `data` comes before the revision, of whose crate it is.
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

/// The nearest schema revisions that a revision comes after.
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
