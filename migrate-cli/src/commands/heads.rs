//! `heads`

use migrate_core::{History, statuses};

use crate::commands::history::details;
use crate::error::{Exit, Outcome};
use crate::json;
use crate::session::Session;

pub(super) fn heads(session: &mut Session<'_>) -> Outcome {
    let graph = session.graph()?;
    let all = statuses(&graph, &History::default(), session.dialect()?);
    let heads = graph.heads();
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
    for node in heads {
        let branch = graph.branch(node).map(|branch| format!(" ({branch})")).unwrap_or_default();
        let revision = printer.revision(graph.reference(node));
        printer.line(format_args!("{revision}{branch} (head)"));
        let status = all.iter().find(|status| graph.find(&status.key) == Some(node));
        if let (true, Some(status)) = (printer.talk().verbose, status) {
            printer.details(&details(&graph, status));
        }
    }
    Ok(Exit::DONE)
}
