//! Pending data revisions, and schema revisions that overtake them.

use migrate_core::{
    Dialect, Graph, History, Overtaking, PlanError, RevisionKey, current, overtakings,
};

use crate::json::Finding;
use crate::observer::waiting;
use crate::session::Session;
use crate::titles::name;

/// Finds data revisions that were skipped, and those that `up` would skip. A data revision that is only pending is not a
/// finding.
pub(super) fn find(
    session: &Session<'_>,
    graph: &Graph,
    history: &History,
    dialect: Dialect,
) -> Vec<Finding> {
    let talk = session.printer.talk();
    let mut findings: Vec<Finding> = Vec::new();
    // One overtaking revision is enough to report a data revision.
    let mut told: Vec<RevisionKey> = Vec::new();
    for one in overtakings(graph, history, dialect) {
        let is_told = told.contains(&one.data);
        match &one.does {
            Some(does) if !one.applied => findings.push(pending(graph, &one, does)),
            None | Some(_) if is_told => {}
            Some(does) => {
                findings.push(skip(graph, &one, does));
                told.push(one.data);
            }
            None => {
                talk.warn(&one);
                told.push(one.data);
            }
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

fn pending(graph: &Graph, one: &Overtaking, does: &str) -> Finding {
    let (schema, data) = (name(graph, &one.schema), name(graph, &one.data));
    let message = format!(
        "`{schema}` {does}, and data revision `{data}`, which comes before it, has not run"
    );
    Finding {
        revision: Some(schema),
        location: location(graph, &one.schema),
        hint: PlanError::PendingData { revisions: vec![one.clone()] }.hint(),
        ..Finding::new("pending-data", message)
    }
}

fn location(graph: &Graph, key: &RevisionKey) -> Option<String> {
    let origin = graph.find(key).and_then(|node| graph.migration(node).origin());
    origin.map(|origin| origin.to_string())
}
