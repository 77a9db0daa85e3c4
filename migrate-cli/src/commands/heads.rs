//! `heads`

use std::collections::BTreeMap;

use migrate_core::{History, statuses};

use crate::commands::history::details;
use crate::error::{Exit, Outcome};
use crate::json;
use crate::session::Session;

pub(super) fn heads(session: &mut Session<'_>) -> Outcome {
    let graph = session.graph()?;
    let heads = graph.heads();
    let dialect = session.dialect()?;
    let printer = &mut *session.printer;
    if printer.is_json() {
        let head = |node: &migrate_core::NodeId| json::Head {
            revision: graph.reference(*node).to_string(),
            branch: graph.branch(*node).map(str::to_owned),
            description: graph.migration(*node).summary().to_owned(),
        };
        printer.json(&json::Heads { heads: heads.iter().map(head).collect() });
        return Ok(Exit::DONE);
    }
    let all = if printer.talk().verbose {
        statuses(&graph, &History::default(), dialect)
    } else {
        Vec::new()
    };
    let all: BTreeMap<_, _> =
        all.iter().filter_map(|status| Some((graph.find(&status.key)?, status))).collect();
    for node in heads {
        let branch = graph.branch(node).map(|branch| format!(" ({branch})")).unwrap_or_default();
        let revision = printer.revision(graph.reference(node));
        printer.line(format_args!("{revision}{branch} (head)"));
        if let Some(status) = all.get(&node) {
            printer.details(&details(&graph, status));
        }
    }
    Ok(Exit::DONE)
}
