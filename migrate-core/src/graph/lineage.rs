//! Parents of revisions: declared, or by default from the ids.

use std::collections::BTreeMap;

use crate::declare::migration::After;
use crate::graph::branch::Branches;
use crate::graph::edges::Edges;
use crate::graph::error::GraphFault;
use crate::graph::labels::{LabelId, Labels};
use crate::graph::node::{NodeId, PerNode};
use crate::graph::nodes::Nodes;
use crate::graph::similar::{MANY, similar};

/// The parents of each revision, and the branch it belongs to.
#[derive(Clone, Debug)]
pub(super) struct Lineage {
    pub(super) parents: Edges,
    pub(super) branches: PerNode<Option<LabelId>>,
}

impl Lineage {
    pub(super) fn new(nodes: &Nodes, labels: &Labels, faults: &mut Vec<GraphFault>) -> Self {
        let declared = Edges::new(nodes.len(), declared_parents(nodes, faults));
        let mut branches = Branches::new(nodes, labels, &declared);
        let mut pairs: Vec<_> = declared.pairs().collect();
        let mut lower = Lower::default();
        for node in nodes.ids() {
            lower.enter(nodes.krate(node));
            if nodes.migration(node).after != After::Default {
                branches.settle(node);
            } else if nodes.migration(node).key.id.is_number() {
                pairs.extend(default_parent(nodes, node, &mut branches, &lower, faults));
            } else {
                faults.push(GraphFault::UndeclaredParent { revision: nodes.reference(node) });
            }
            if nodes.is_schema(node) {
                lower.last.insert(branches.of(node), node);
            }
        }
        Self { parents: Edges::new(nodes.len(), pairs), branches: branches.into_table() }
    }
}

/// The greatest schema revision of each branch, among those of the crate that were visited.
#[derive(Default)]
struct Lower<'g> {
    krate: &'g str,
    last: BTreeMap<Option<LabelId>, NodeId>,
}

impl<'g> Lower<'g> {
    fn enter(&mut self, krate: &'g str) {
        if self.krate != krate {
            *self = Self { krate, last: BTreeMap::new() };
        }
    }
}

/// Returns the edge to the greatest lower schema revision of the branch; `None` for a base.
///
/// A branch without lower revisions begins on the trunk, which is the revisions without a branch. A revision without a
/// branch continues the trunk, or the only branch where there is no trunk.
fn default_parent(
    nodes: &Nodes,
    node: NodeId,
    branches: &mut Branches<'_>,
    lower: &Lower<'_>,
    faults: &mut Vec<GraphFault>,
) -> Option<(NodeId, NodeId)> {
    let trunk = lower.last.get(&None);
    let parent = if let Some(branch) = branches.declared(node) {
        lower.last.get(&Some(branch)).or(trunk)
    } else if trunk.is_some() || branches.is_settled(node) {
        trunk
    } else if lower.last.len() > 1 {
        let names = lower
            .last
            .keys()
            .filter_map(|branch| branches.name(*branch))
            .map(str::to_owned)
            .collect();
        faults.push(GraphFault::UndeclaredBranch {
            revision: nodes.reference(node),
            branches: names,
        });
        None
    } else {
        lower.last.values().next()
    };
    branches.inherit(node, parent.copied());
    parent.map(|&parent| (node, parent))
}

/// Returns the parents that `after` names.
fn declared_parents(nodes: &Nodes, faults: &mut Vec<GraphFault>) -> Vec<(NodeId, NodeId)> {
    let mut pairs = Vec::new();
    let mut siblings: (&str, &[NodeId]) = ("", &[]);
    for node in nodes.ids() {
        let After::Revisions(parents) = &nodes.migration(node).after else { continue };
        if siblings.0 != nodes.krate(node) {
            siblings = (nodes.krate(node), nodes.of_crate(nodes.krate(node)));
        }
        for parent in parents {
            match nodes.find_among(siblings.1, parent.as_str()) {
                None => {
                    let suggest = faults.len() < MANY;
                    faults.push(missing_parent(nodes, node, parent.as_str(), suggest));
                }
                Some(parent) if parent == node => {
                    faults.push(GraphFault::SelfParent { revision: nodes.reference(node) });
                }
                Some(parent) if nodes.is_schema(node) && !nodes.is_schema(parent) => {
                    let (revision, parent) = (nodes.reference(node), nodes.reference(parent));
                    faults.push(GraphFault::DataParent { revision, parent });
                }
                Some(parent) => pairs.push((node, parent)),
            }
        }
    }
    pairs
}

fn missing_parent(nodes: &Nodes, node: NodeId, parent: &str, suggest: bool) -> GraphFault {
    // Its own id is often the most similar, but never the intended one.
    let siblings =
        nodes.of_crate(nodes.krate(node)).iter().filter(|&&sibling| suggest && sibling != node);
    GraphFault::MissingParent {
        revision: nodes.reference(node),
        parent: parent.to_owned(),
        similar: similar(parent, siblings.map(|&sibling| nodes.id(sibling))).map(str::to_owned),
    }
}
