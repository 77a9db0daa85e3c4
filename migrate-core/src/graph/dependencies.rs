//! `depends_on`: revisions that must run first without being parents.

use crate::graph::edges::Edges;
use crate::graph::error::GraphFault;
use crate::graph::node::NodeId;
use crate::graph::nodes::Nodes;
use crate::graph::similar::{MANY, similar};

/// Returns the edges from each revision to those it depends on.
pub(super) fn resolve(nodes: &Nodes, faults: &mut Vec<GraphFault>) -> Edges {
    let mut pairs = Vec::new();
    for node in nodes.ids() {
        for written in nodes.migration(node).depends_on.iter().flatten() {
            let (krate, id) = written.split_once('@').unwrap_or((nodes.krate(node), written));
            match nodes.find(krate, id) {
                None => {
                    let suggest = faults.len() < MANY;
                    faults.push(missing(nodes, node, written, suggest));
                }
                Some(dependency) if dependency == node => {
                    faults.push(GraphFault::SelfDependency { revision: nodes.reference(node) });
                }
                Some(dependency) => pairs.push((node, dependency)),
            }
        }
    }
    Edges::new(nodes.len(), pairs)
}

fn missing(nodes: &Nodes, node: NodeId, written: &str, suggest: bool) -> GraphFault {
    let (revision, dependency) = (nodes.reference(node), written.to_owned());
    let near = |krate, id| suggest.then(|| similar_in(nodes, node, krate, id)).flatten();
    let Some((krate, id)) = written.split_once('@') else {
        let similar = elsewhere(nodes, written).or_else(|| near(nodes.krate(node), written));
        return GraphFault::MissingDependency { revision, dependency, similar };
    };
    if nodes.of_crate(krate).is_empty() {
        let crates = nodes.crates().map(|(known, _)| known);
        let similar = similar(krate, crates).map(|known| format!("{known}@{id}"));
        return GraphFault::MissingCrate { revision, dependency, krate: krate.to_owned(), similar };
    }
    let similar = near(krate, id).map(|id| format!("{krate}@{id}"));
    GraphFault::MissingDependency { revision, dependency, similar }
}

/// Returns the same id in another crate, written as it should be.
fn elsewhere(nodes: &Nodes, id: &str) -> Option<String> {
    let found = nodes.crates().find(|(_, of_crate)| nodes.find_among(of_crate, id).is_some());
    found.map(|(krate, _)| format!("{krate}@{id}"))
}

fn similar_in(nodes: &Nodes, node: NodeId, krate: &str, id: &str) -> Option<String> {
    let others = nodes.of_crate(krate).iter().filter(|&&other| other != node);
    similar(id, others.map(|&other| nodes.id(other))).map(str::to_owned)
}
