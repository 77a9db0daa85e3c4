//! Data revisions that wait, and what overtakes them.

use migrate_core::{
    Dialect, Graph, History, Overtaking, PlanError, RevisionKey, current, overtakings,
};

use crate::json::Finding;
use crate::observer::{name, waiting};
use crate::session::Session;

/// Data revisions that were skipped, and those that `up` would skip. That they wait is no finding.
pub(super) fn find(
    session: &Session<'_>,
    graph: &Graph,
    history: &History,
    dialect: Dialect,
) -> Vec<Finding> {
    let talk = session.printer.talk();
    let mut findings: Vec<Finding> = Vec::new();
    let mut skipped: Vec<RevisionKey> = Vec::new();
    for one in overtakings(graph, history, dialect) {
        let is_known = one.applied && skipped.contains(&one.data);
        match &one.does {
            None if !is_known => talk.warn(&one),
            Some(_) if !one.applied => findings.push(pending(graph, one)),
            Some(does) if !is_known => {
                findings.push(skip(graph, &one, does));
                skipped.push(one.data);
            }
            None | Some(_) => {}
        }
    }
    if let Some(waiting) = waiting(graph, &current(graph, history).waiting_data) {
        talk.say(waiting);
    }
    findings
}

fn skip(graph: &Graph, one: &Overtaking, does: &str) -> Finding {
    let (data, schema) = (name(graph, &one.data), name(graph, &one.schema));
    let message =
        format!("data revision {data} was skipped: {schema}, applied, comes after it and {does}");
    Finding {
        revision: Some(data),
        location: location(graph, &one.data),
        hint: Some(format!(
            "if {} can still run, `migrate production` runs it; if not, record that with `migrate stamp {}`",
            one.data.id, one.data.id
        )),
        ..Finding::new("skipped-data", message)
    }
}

fn pending(graph: &Graph, one: Overtaking) -> Finding {
    let (message, schema) = (one.to_string(), one.schema.clone());
    Finding {
        revision: Some(name(graph, &schema)),
        location: location(graph, &schema),
        hint: PlanError::PendingData { revisions: vec![one] }.hint(),
        ..Finding::new("pending-data", message)
    }
}

fn location(graph: &Graph, key: &RevisionKey) -> Option<String> {
    let origin = graph.find(key).and_then(|node| graph.migration(node).origin());
    origin.map(|origin| origin.to_string())
}
