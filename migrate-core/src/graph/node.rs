//! A revision's index in the graph, and tables with one entry per revision.

use std::ops::{Index, IndexMut};

/// A revision of one [`Graph`](crate::Graph): its index among all, sorted by crate and natural id.
///
/// It is only valid in its own graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    /// Returns the index, from 0, for the caller's own tables.
    #[expect(
        clippy::as_conversions,
        reason = "a u32 fits into usize wherever sqlx runs, and `try_from` would need a lie"
    )]
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// Creates the id. Four billion migrations do not fit into memory, so the limit is never reached.
    pub(crate) fn from_index(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }
}

/// One `T` per revision of a graph.
#[derive(Clone, Debug)]
pub(crate) struct PerNode<T>(Vec<T>);

impl<T> PerNode<T> {
    /// Creates a table from entries in the order of the nodes.
    pub(crate) fn new(entries: Vec<T>) -> Self {
        Self(entries)
    }

    /// Creates a table with the same entry for `len` nodes.
    pub(crate) fn filled(entry: T, len: usize) -> Self
    where
        T: Clone,
    {
        Self(vec![entry; len])
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn ids(&self) -> impl DoubleEndedIterator<Item = NodeId> + use<T> {
        (0..self.0.len()).map(NodeId::from_index)
    }
}

impl<T> Index<NodeId> for PerNode<T> {
    type Output = T;

    #[expect(
        clippy::indexing_slicing,
        reason = "the table has an entry for every node of the graph that made the id"
    )]
    fn index(&self, node: NodeId) -> &T {
        &self.0[node.index()]
    }
}

impl<T> IndexMut<NodeId> for PerNode<T> {
    #[expect(
        clippy::indexing_slicing,
        reason = "the table has an entry for every node of the graph that made the id"
    )]
    fn index_mut(&mut self, node: NodeId) -> &mut T {
        &mut self.0[node.index()]
    }
}
