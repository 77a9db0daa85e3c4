//! Walks from child to child, or from parent to parent.

use crate::graph::target::scope::Scope;
use crate::graph::target::{Target, TargetError};
use crate::graph::{Graph, NodeId};

/// The start of a walk.
#[derive(Clone, Copy, Debug)]
pub(super) enum Start {
    /// Before the first revision.
    Bottom,
    At(NodeId),
}

/// A walk of a number of steps, up if positive.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    pub(super) graph: &'a Graph,
    /// The target as written.
    pub(super) target: &'a Target,
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
            // Only a walk of zero steps from the bottom ends there.
            Start::Bottom => Err(TargetError::Syntax { written: self.target.to_string() }),
        }
    }

    fn step(&self, place: Start, done: u32) -> Result<NodeId, TargetError> {
        let next = self.next(place);
        match next.as_slice() {
            [node] => Ok(*node),
            [] => Err(TargetError::TooFar {
                written: self.target.to_string(),
                asked: self.steps,
                possible: done,
            }),
            _ => Err(self.several(place, next)),
        }
    }

    fn next(&self, place: Start) -> Vec<NodeId> {
        let graph = self.graph;
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

    /// Returns the schema revisions of the scope whose parents are outside.
    fn bottom(&self) -> Vec<NodeId> {
        let graph = self.graph;
        let is_first =
            |node: NodeId| !graph.parents(node).iter().any(|&parent| self.scope.holds(parent));
        let order = graph.order().iter().copied();
        order
            .filter(|&node| graph.is_schema(node) && self.scope.holds(node) && is_first(node))
            .collect()
    }

    fn several(&self, place: Start, next: Vec<NodeId>) -> TargetError {
        let written = self.target.to_string();
        let candidates = self.graph.references(next);
        let Start::At(node) = place else { return TargetError::Ambiguous { written, candidates } };
        let at = Box::new(self.graph.reference(node));
        if self.steps > 0 {
            TargetError::BranchPoint { written, at, candidates }
        } else {
            TargetError::Merge { written, at, candidates }
        }
    }
}
