//! Resolves targets to revisions.

use std::collections::BTreeMap;

use crate::graph::target::scope::Scope;
use crate::graph::target::walk::{Start, Walk};
use crate::graph::target::{Resolved, Target, TargetError, lookup};
use crate::graph::{Graph, NodeId, NodeSet};

/// A target, and what it is resolved against.
#[derive(Debug)]
pub(super) struct Resolver<'a> {
    graph: &'a Graph,
    applied: &'a NodeSet,
    target: &'a Target,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(graph: &'a Graph, applied: &'a NodeSet, target: &'a Target) -> Self {
        Self { graph, applied, target }
    }

    pub(super) fn resolve(&self) -> Result<Resolved, TargetError> {
        if let Target::Within(name, inner) = self.target {
            return self.within(inner, &lookup::scope(self.graph, name)?);
        }
        self.within(self.target, &Scope::everything())
    }

    fn within(&self, target: &Target, scope: &Scope) -> Result<Resolved, TargetError> {
        match target {
            Target::Head => self.head(scope).map(Resolved::At),
            Target::Heads => self.some_head(self.heads(scope), scope).map(Resolved::At),
            Target::Base => Ok(Resolved::Base(self.all_of(scope))),
            Target::Current => Ok(Resolved::At(self.current(scope))),
            Target::Revision(name) => {
                Ok(Resolved::At(vec![lookup::revision(self.graph, name, scope)?]))
            }
            Target::Relative(0) | Target::Within(..) => Err(self.syntax()),
            Target::Relative(steps) => Ok(Resolved::Relative(*steps, scope.members().cloned())),
            Target::Offset(from, steps) => {
                let (graph, target) = (self.graph, self.target);
                let walk = Walk { graph, target, scope, steps: *steps };
                walk.from(self.start(from, scope)?).map(|node| Resolved::At(vec![node]))
            }
        }
    }

    /// Returns the head of each crate in the scope.
    fn head(&self, scope: &Scope) -> Result<Vec<NodeId>, TargetError> {
        let heads = self.some_head(self.heads(scope), scope)?;
        let krate = |node: NodeId| self.graph.migration(node).key().krate.as_ref();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for &head in &heads {
            *counts.entry(krate(head)).or_default() += 1;
        }
        let is_one_of_several =
            |&head: &NodeId| counts.get(krate(head)).is_some_and(|&count| count > 1);
        let several: Vec<NodeId> = heads.iter().copied().filter(is_one_of_several).collect();
        if several.is_empty() {
            return Ok(heads);
        }
        Err(TargetError::MultipleHeads {
            written: self.written(),
            heads: self.graph.references(several),
        })
    }

    fn heads(&self, scope: &Scope) -> Vec<NodeId> {
        let mut heads = self.graph.heads();
        heads.retain(|&node| scope.holds(node));
        heads
    }

    /// Checks that there is a head. A graph may have none; but a scope without schema revisions is probably a mistake.
    fn some_head(&self, heads: Vec<NodeId>, scope: &Scope) -> Result<Vec<NodeId>, TargetError> {
        if heads.is_empty() && scope.name().is_some() {
            return Err(TargetError::NoHead { written: self.written() });
        }
        Ok(heads)
    }

    fn all_of(&self, scope: &Scope) -> NodeSet {
        match scope.members() {
            Some(members) => self.graph.descendants(members.iter()),
            None => self.graph.order().iter().copied().collect(),
        }
    }

    fn current(&self, scope: &Scope) -> Vec<NodeId> {
        let is_last = |node: NodeId| {
            !self.graph.schema_children(node).any(|child| self.applied.contains(child))
        };
        let order = self.graph.order().iter().copied();
        order
            .filter(|&node| self.applied.contains(node) && self.graph.is_schema(node))
            .filter(|&node| scope.holds(node) && is_last(node))
            .collect()
    }

    /// Returns where a walk starts.
    fn start(&self, from: &Target, scope: &Scope) -> Result<Start, TargetError> {
        match from {
            Target::Revision(name) => lookup::revision(self.graph, name, scope).map(Start::At),
            Target::Base => Ok(Start::Bottom),
            Target::Head | Target::Heads => self.one_crate(self.head(scope)?),
            Target::Current => self.one(self.current(scope)),
            Target::Relative(_) | Target::Within(..) | Target::Offset(..) => Err(self.syntax()),
        }
    }

    fn one_crate(&self, heads: Vec<NodeId>) -> Result<Start, TargetError> {
        if heads.len() < 2 {
            return self.one(heads);
        }
        let crates =
            heads.iter().map(|&node| self.graph.migration(node).key().krate.to_string()).collect();
        Err(TargetError::SeveralCrates { written: self.written(), crates })
    }

    fn one(&self, nodes: Vec<NodeId>) -> Result<Start, TargetError> {
        match nodes.as_slice() {
            [] => Ok(Start::Bottom),
            [node] => Ok(Start::At(*node)),
            _ => Err(TargetError::Ambiguous {
                written: self.written(),
                candidates: self.graph.references(nodes),
            }),
        }
    }

    fn written(&self) -> String {
        self.target.to_string()
    }

    fn syntax(&self) -> TargetError {
        TargetError::Syntax { written: self.written() }
    }
}
