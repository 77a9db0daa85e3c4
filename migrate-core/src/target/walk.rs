//! Steps from child to child, or from parent to parent.

use crate::graph::NodeId;
use crate::target::TargetError;
use crate::target::resolve::Resolver;
use crate::target::scope::Scope;

/// Where a walk begins.
#[derive(Clone, Copy, Debug)]
pub(super) enum Start {
    /// Before the first revision.
    Bottom,
    At(NodeId),
}

/// A walk of so many steps; up if positive.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    pub(super) resolver: &'a Resolver<'a>,
    pub(super) scope: &'a Scope,
    pub(super) steps: i32,
}

impl Walk<'_> {
    pub(super) fn from(&self, start: Start) -> Result<NodeId, TargetError> {
        let mut place = start;
        for done in 0..self.steps.unsigned_abs() {
            place = Start::At(self.step(place, done)?);
        }
        match place {
            Start::At(node) => Ok(node),
            // Only a walk of no steps from the bottom ends there.
            Start::Bottom => Err(TargetError::Syntax { written: self.resolver.written() }),
        }
    }

    fn step(&self, place: Start, done: u32) -> Result<NodeId, TargetError> {
        let next = self.next(place);
        match next.as_slice() {
            [node] => Ok(*node),
            [] => Err(TargetError::TooFar {
                written: self.resolver.written(),
                asked: self.steps,
                possible: done,
            }),
            _ => Err(self.several(place, next)),
        }
    }

    fn next(&self, place: Start) -> Vec<NodeId> {
        let graph = self.resolver.graph;
        let reaches = |&node: &NodeId| self.scope.reaches(node);
        match (place, self.steps > 0) {
            (Start::At(node), true) => graph.schema_children(node).filter(reaches).collect(),
            (Start::At(node), false) => {
                graph.parents(node).iter().copied().filter(reaches).collect()
            }
            (Start::Bottom, true) => self.bottom(),
            (Start::Bottom, false) => Vec::new(),
        }
    }

    /// The schema revisions of the scope whose parents lie outside.
    fn bottom(&self) -> Vec<NodeId> {
        let graph = self.resolver.graph;
        let is_first =
            |node: NodeId| !graph.parents(node).iter().any(|&parent| self.scope.holds(parent));
        let order = graph.order().iter().copied();
        order
            .filter(|&node| graph.is_schema(node) && self.scope.holds(node) && is_first(node))
            .collect()
    }

    fn several(&self, place: Start, next: Vec<NodeId>) -> TargetError {
        let (written, candidates) = (self.resolver.written(), self.resolver.references(next));
        let Start::At(node) = place else { return TargetError::Ambiguous { written, candidates } };
        let at = Box::new(self.resolver.graph.reference(node));
        if self.steps > 0 {
            TargetError::BranchPoint { written, at, candidates }
        } else {
            TargetError::Merge { written, at, candidates }
        }
    }
}
