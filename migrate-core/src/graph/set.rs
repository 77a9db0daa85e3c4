//! A set of revisions, one bit for each.

use std::fmt;

use crate::graph::node::NodeId;
#[cfg(test)]
use crate::graph::steps;

const BITS: usize = 64;

/// A set of revisions of one graph, iterated in ascending order.
///
/// ```
/// use migrate_core::{Graph, Migration, NodeSet};
///
/// let graph = Graph::new([Migration::new("001"), Migration::new("002")])?;
/// let applied: NodeSet = graph.order().iter().copied().take(1).collect();
/// assert_eq!(applied.len(), 1);
/// assert!(applied.contains(graph.order()[0]));
/// # Ok::<(), migrate_core::GraphError>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct NodeSet {
    /// Never ends with a zero word, so that equal sets have equal fields.
    words: Vec<u64>,
    len: usize,
}

impl NodeSet {
    /// Creates an empty set.
    pub const fn new() -> Self {
        Self { words: Vec::new(), len: 0 }
    }

    /// Returns the number of revisions in the set.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Returns whether the set is empty.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns whether `node` is in the set.
    pub fn contains(&self, node: NodeId) -> bool {
        #[cfg(test)]
        steps::count();
        let (word, bit) = place(node);
        self.words.get(word).is_some_and(|bits| bits & bit != 0)
    }

    /// Adds `node`, and returns whether it was not in the set before.
    pub fn insert(&mut self, node: NodeId) -> bool {
        #[cfg(test)]
        steps::count();
        let (word, bit) = place(node);
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        let Some(bits) = self.words.get_mut(word) else { return false };
        let new = *bits & bit == 0;
        *bits |= bit;
        self.len += usize::from(new);
        new
    }

    /// Returns the revisions in the set, ascending.
    pub fn iter(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.words.iter().enumerate().flat_map(|(word, &bits)| {
            (0..BITS)
                .filter(move |bit| bits >> bit & 1 == 1)
                .map(move |bit| NodeId::from_index(word * BITS + bit))
        })
    }
}

fn place(node: NodeId) -> (usize, u64) {
    (node.index() / BITS, 1 << (node.index() % BITS))
}

impl Extend<NodeId> for NodeSet {
    fn extend<I: IntoIterator<Item = NodeId>>(&mut self, nodes: I) {
        for node in nodes {
            self.insert(node);
        }
    }
}

impl FromIterator<NodeId> for NodeSet {
    fn from_iter<I: IntoIterator<Item = NodeId>>(nodes: I) -> Self {
        let mut set = Self::new();
        set.extend(nodes);
        set
    }
}

impl fmt::Debug for NodeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_holds_what_a_btree_set_holds(indices in prop::collection::vec(0_usize..300, 0..80)) {
            let expected: BTreeSet<NodeId> = indices.iter().copied().map(NodeId::from_index).collect();
            let set: NodeSet = indices.iter().copied().map(NodeId::from_index).collect();
            prop_assert_eq!(set.len(), expected.len());
            prop_assert_eq!(set.is_empty(), expected.is_empty());
            prop_assert_eq!(set.iter().collect::<Vec<_>>(), expected.iter().copied().collect::<Vec<_>>());
            for node in (0..400).map(NodeId::from_index) {
                prop_assert_eq!(set.contains(node), expected.contains(&node));
            }
            let backwards: NodeSet = expected.into_iter().rev().collect();
            prop_assert_eq!(set, backwards);
        }
    }

    #[test]
    fn insert_says_whether_it_is_new() {
        let mut set = NodeSet::new();
        assert!(set.insert(NodeId::from_index(70)));
        assert!(!set.insert(NodeId::from_index(70)));
        assert_eq!(format!("{set:?}"), "{NodeId(70)}");
    }
}
