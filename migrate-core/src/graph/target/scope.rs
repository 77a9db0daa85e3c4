//! The part of the graph named before an `@`.

use crate::graph::{Graph, NodeId, NodeSet};

/// A crate, the descendants of a revision, or everything.
#[derive(Debug)]
pub(super) struct Scope {
    name: Option<String>,
    /// The revisions in it; `None` for everything.
    members: Option<NodeSet>,
    /// The revisions that can be named in it: its members and, for a branch, their ancestors.
    line: Option<NodeSet>,
}

impl Scope {
    pub(super) const fn everything() -> Self {
        Self { name: None, members: None, line: None }
    }

    pub(super) fn of_crate(graph: &Graph, krate: &str) -> Self {
        let members = graph.of_crate(krate);
        Self { name: Some(krate.to_owned()), line: Some(members.clone()), members: Some(members) }
    }

    pub(super) fn below(graph: &Graph, name: &str, node: NodeId) -> Self {
        let members = graph.lineage_below(node);
        let mut line = graph.lineage_above(node);
        line.extend(members.iter());
        Self { name: Some(name.to_owned()), members: Some(members), line: Some(line) }
    }

    pub(super) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    pub(super) fn members(&self) -> Option<&NodeSet> {
        self.members.as_ref()
    }

    pub(super) fn holds(&self, node: NodeId) -> bool {
        self.members.as_ref().is_none_or(|members| members.contains(node))
    }

    /// Returns whether a revision is on the line of the scope, from the base to the heads.
    pub(super) fn reaches(&self, node: NodeId) -> bool {
        self.line.as_ref().is_none_or(|line| line.contains(node))
    }
}
