//! Branch labels: their names, and where each branch begins.

use crate::graph::closure::reach;
use crate::graph::edges::Edges;
use crate::graph::error::GraphFault;
use crate::graph::node::{NodeId, PerNode};
use crate::graph::nodes::{Nodes, is_reserved};

/// A label's index among all labels, sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LabelId(usize);

/// The declared labels.
#[derive(Clone, Debug)]
pub(super) struct Labels {
    /// The labels, sorted, each with the first revision of its branch.
    labels: Vec<(String, NodeId)>,
}

impl Labels {
    /// Collects the labels. The beginnings of branches are not known before the order is.
    pub(super) fn new(nodes: &Nodes) -> Self {
        let declared = |node| nodes.migration(node).branch.as_deref().map(|label| (label, node));
        let mut labels: Vec<(&str, NodeId)> = nodes.ids().filter_map(declared).collect();
        labels.sort_unstable();
        labels.dedup_by_key(|(label, _)| *label);
        Self { labels: labels.into_iter().map(|(label, node)| (label.to_owned(), node)).collect() }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, NodeId)> {
        self.labels.iter().map(|(label, node)| (label.as_str(), *node))
    }

    pub(super) fn id(&self, label: &str) -> Option<LabelId> {
        self.labels.binary_search_by(|(known, _)| known.as_str().cmp(label)).ok().map(LabelId)
    }

    pub(super) fn name(&self, id: LabelId) -> Option<&str> {
        self.labels.get(id.0).map(|(label, _)| label.as_str())
    }

    /// Returns the first revision of the branch with this name.
    pub(super) fn start(&self, label: &str) -> Option<NodeId> {
        self.labels.get(self.id(label)?.0).map(|(_, node)| *node)
    }

    /// Finds the faults in the names.
    pub(super) fn check(&self, nodes: &Nodes, faults: &mut Vec<GraphFault>) {
        for (label, node) in self.iter() {
            let (label, revision) = (label.to_owned(), nodes.reference(node));
            if !is_word(&label) || is_reserved(&label) {
                faults.push(GraphFault::InvalidLabel { label, revision });
            } else if !nodes.of_crate(&label).is_empty() {
                faults.push(GraphFault::LabelIsCrate { label, revision });
            } else if let Some(other) =
                nodes.crates().find_map(|(_, of_crate)| nodes.find_among(of_crate, &label))
            {
                faults.push(GraphFault::LabelIsRevision {
                    label,
                    revision,
                    other: nodes.reference(other),
                });
            }
        }
    }

    /// Determines where each branch begins, and finds labels of several branches.
    ///
    /// The `branch` of a data migration names the branch it belongs to; it begins a branch only if no schema revision does.
    pub(super) fn settle(&mut self, nodes: &Nodes, line: &Line<'_>, faults: &mut Vec<GraphFault>) {
        let mut starts: Vec<Vec<NodeId>> = vec![Vec::new(); self.labels.len()];
        for &node in line.order {
            let Some(label) =
                nodes.migration(node).branch.as_deref().and_then(|label| self.id(label))
            else {
                continue;
            };
            // A label that is repeated in its own branch does not begin another one.
            if line.parents.of(node).iter().any(|&parent| line.branches[parent] == Some(label)) {
                continue;
            }
            if let Some(starts) = starts.get_mut(label.0) {
                starts.push(node);
            }
        }
        for ((label, start), starts) in self.labels.iter_mut().zip(starts) {
            let first = starts
                .iter()
                .copied()
                .find(|&node| nodes.is_schema(node))
                .or_else(|| starts.first().copied());
            let Some(first) = first else { continue };
            *start = first;
            let others: Vec<NodeId> =
                starts.into_iter().filter(|&node| node != first && nodes.is_schema(node)).collect();
            if others.is_empty() {
                continue;
            }
            let below = reach([first], &[line.children]);
            faults.extend(others.into_iter().filter(|&node| !below.contains(node)).map(|node| {
                GraphFault::LabelTwice {
                    label: label.clone(),
                    first: nodes.reference(first),
                    second: nodes.reference(node),
                }
            }));
        }
    }
}

/// What is known after the revisions are ordered.
#[derive(Debug)]
pub(super) struct Line<'g> {
    pub(super) order: &'g [NodeId],
    pub(super) parents: &'g Edges,
    pub(super) children: &'g Edges,
    pub(super) branches: &'g PerNode<Option<LabelId>>,
}

/// Returns whether a target can name it: letters, digits, `_`, `.` and inner `-`, and no ending like `-1`, which is a step.
pub(crate) fn is_word(text: &str) -> bool {
    let letters = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'));
    let step =
        text.rsplit_once('-').is_some_and(|(_, end)| end.bytes().all(|b| b.is_ascii_digit()));
    !text.is_empty() && letters && !text.starts_with('-') && !step
}
