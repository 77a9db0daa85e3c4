//! `branches`

use std::collections::BTreeMap;

use migrate_core::{Graph, Kind, NodeId};

use crate::error::{Exit, Outcome};
use crate::json::{Branch, BranchPoint, Branches};
use crate::session::Session;
use crate::titles::titled;

pub(super) fn branches(session: &mut Session<'_>) -> Outcome {
    let graph = session.graph()?;
    let points: Vec<NodeId> =
        graph.order().iter().copied().filter(|node| graph.is_branch_point(*node)).collect();
    let name = |node: NodeId| graph.reference(node).to_string();
    let mut heads: BTreeMap<Option<&str>, Vec<String>> = BTreeMap::new();
    for head in graph.heads() {
        heads.entry(graph.branch(head)).or_default().push(name(head));
    }
    let found = Branches {
        branches: graph
            .labels()
            .map(|(label, start)| Branch {
                branch: label.to_owned(),
                start: name(start),
                heads: heads.remove(&Some(label)).unwrap_or_default(),
            })
            .collect(),
        branch_points: points
            .iter()
            .map(|node| BranchPoint {
                revision: name(*node),
                children: children(&graph, *node).map(name).collect(),
            })
            .collect(),
    };
    let printer = &mut *session.printer;
    if printer.is_json() {
        printer.json(&found);
        return Ok(Exit::DONE);
    }
    for branch in &found.branches {
        let start = printer.revision(&branch.start);
        let end = match branch.heads.as_slice() {
            [] => "merged".to_owned(),
            heads => format!("to {}", heads.join(", ")),
        };
        printer.line(format_args!("{} from {start}, {end}", branch.branch));
    }
    for node in points {
        let revision = printer.revision(graph.reference(node));
        printer.line(format_args!("{revision} (branch point)"));
        for child in children(&graph, node) {
            let revision = printer.revision(graph.reference(child));
            printer.line(format_args!(
                "    -> {}",
                titled(&revision, graph.migration(child).summary())
            ));
        }
    }
    Ok(Exit::DONE)
}

fn children(graph: &Graph, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
    graph
        .children(node)
        .iter()
        .copied()
        .filter(|child| graph.migration(*child).changes() == Kind::Schema)
}
