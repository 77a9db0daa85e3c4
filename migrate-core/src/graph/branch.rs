//! The branch of each revision: the declared one, or the one that all its parents share.

use crate::declare::migration::After;
use crate::graph::edges::Edges;
use crate::graph::labels::{LabelId, Labels};
use crate::graph::node::{NodeId, PerNode};
use crate::graph::nodes::Nodes;

#[derive(Clone, Copy, Debug)]
enum State {
    Unknown,
    /// Its parents are being visited.
    Open,
    Settled(Option<LabelId>),
}

/// The branches, as far as they are known while the nodes are visited in ascending order.
#[derive(Debug)]
pub(super) struct Branches<'g> {
    nodes: &'g Nodes,
    labels: &'g Labels,
    declared_parents: &'g Edges,
    states: PerNode<State>,
}

impl<'g> Branches<'g> {
    pub(super) fn new(nodes: &'g Nodes, labels: &'g Labels, declared_parents: &'g Edges) -> Self {
        Self {
            nodes,
            labels,
            declared_parents,
            states: PerNode::filled(State::Unknown, nodes.len()),
        }
    }

    pub(super) fn declared(&self, node: NodeId) -> Option<LabelId> {
        self.labels.id(self.nodes.migration(node).branch.as_deref()?)
    }

    pub(super) fn name(&self, branch: Option<LabelId>) -> Option<&str> {
        self.labels.name(branch?)
    }

    /// Returns whether the branch of this revision is already known.
    pub(super) fn is_settled(&self, node: NodeId) -> bool {
        matches!(self.states[node], State::Settled(_))
    }

    /// Returns the branch; `None` while it is not known.
    pub(super) fn of(&self, node: NodeId) -> Option<LabelId> {
        match self.states[node] {
            State::Settled(branch) => branch,
            State::Unknown | State::Open => None,
        }
    }

    /// Sets the branch of a revision with a default parent.
    pub(super) fn inherit(&mut self, node: NodeId, parent: Option<NodeId>) {
        let inherited = parent.and_then(|parent| self.of(parent));
        self.states[node] = State::Settled(self.declared(node).or(inherited));
    }

    /// Sets the branch of a revision with declared parents, and those of its ancestors.
    pub(super) fn settle(&mut self, node: NodeId) {
        // An explicit stack, because lines may be long and parents higher than their children.
        let mut open = vec![node];
        while let Some(&node) = open.last() {
            match self.states[node] {
                State::Settled(_) => {
                    open.pop();
                }
                State::Open => self.states[node] = State::Settled(self.shared(node)),
                State::Unknown => {
                    self.states[node] = self.without_parents(node);
                    if matches!(self.states[node], State::Open) {
                        let parents = self.declared_parents.of(node).iter().copied();
                        // An open one is on a cycle, which another stage reports.
                        open.extend(
                            parents.filter(|&parent| matches!(self.states[parent], State::Unknown)),
                        );
                    }
                }
            }
        }
    }

    /// Returns the state of a revision without declared parents. Its default parent is not known yet if a lower revision
    /// needs it: it then counts as trunk; either it is, or the lower one closes a cycle.
    fn without_parents(&self, node: NodeId) -> State {
        match (self.declared(node), &self.nodes.migration(node).after) {
            (None, After::Revisions(_)) => State::Open,
            (declared, After::Revisions(_) | After::Default) => State::Settled(declared),
        }
    }

    fn shared(&self, node: NodeId) -> Option<LabelId> {
        let (first, rest) = self.declared_parents.of(node).split_first()?;
        let branch = self.of(*first);
        if rest.iter().all(|&parent| self.of(parent) == branch) { branch } else { None }
    }

    pub(super) fn into_table(self) -> PerNode<Option<LabelId>> {
        PerNode::new(self.nodes.ids().map(|node| self.of(node)).collect())
    }
}
