//! Edges between revisions, stored in two flat tables.

use crate::graph::node::NodeId;
#[cfg(test)]
use crate::graph::steps;

/// The edges that leave each node, ascending and without duplicates.
#[derive(Clone, Debug)]
pub(crate) struct Edges {
    /// The index in `ends` of each node's first edge; one more entry than there are nodes.
    starts: Vec<usize>,
    ends: Vec<NodeId>,
}

impl Edges {
    /// Creates the edges from `(from, to)` pairs of a graph with `nodes` nodes, in any order.
    pub(crate) fn new(nodes: usize, mut pairs: Vec<(NodeId, NodeId)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let mut starts = Vec::with_capacity(nodes + 1);
        for (position, (from, _)) in pairs.iter().enumerate() {
            while starts.len() <= from.index() {
                starts.push(position);
            }
        }
        starts.resize(nodes + 1, pairs.len());
        Self { starts, ends: pairs.into_iter().map(|(_, to)| to).collect() }
    }

    /// Returns the ends of the edges of `node`.
    pub(crate) fn of(&self, node: NodeId) -> &[NodeId] {
        #[cfg(test)]
        steps::count();
        let start = self.starts.get(node.index());
        let end = self.starts.get(node.index() + 1);
        start.zip(end).and_then(|(&start, &end)| self.ends.get(start..end)).unwrap_or_default()
    }

    /// Returns all edges, sorted.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (NodeId, NodeId)> + '_ {
        let nodes = self.starts.len().saturating_sub(1);
        (0..nodes)
            .map(NodeId::from_index)
            .flat_map(|from| self.of(from).iter().map(move |&to| (from, to)))
    }

    /// Returns the same edges in the other direction.
    pub(crate) fn reversed(&self) -> Self {
        let pairs = self.pairs().map(|(from, to)| (to, from)).collect();
        Self::new(self.starts.len().saturating_sub(1), pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(nodes: usize, pairs: &[(usize, usize)]) -> Edges {
        let pairs =
            pairs.iter().map(|&(from, to)| (NodeId::from_index(from), NodeId::from_index(to)));
        Edges::new(nodes, pairs.collect())
    }

    fn indices(nodes: &[NodeId]) -> Vec<usize> {
        nodes.iter().map(|node| node.index()).collect()
    }

    #[test]
    fn each_node_has_its_own_edges_sorted_and_once() {
        let edges = edges(5, &[(3, 1), (1, 0), (3, 0), (3, 1)]);
        let all: Vec<_> = (0..5).map(|node| indices(edges.of(NodeId::from_index(node)))).collect();
        assert_eq!(all, [vec![], vec![0], vec![], vec![0, 1], vec![]]);
    }

    #[test]
    fn reversed_twice_is_the_same() {
        let edges = edges(4, &[(3, 1), (1, 0), (3, 0)]);
        assert_eq!(indices(edges.reversed().of(NodeId::from_index(0))), [1, 3]);
        assert!(edges.reversed().reversed().pairs().eq(edges.pairs()));
    }
}
