//! `history`

use std::collections::BTreeMap;
use std::sync::Arc;

use migrate_core::{
    Graph, Kind, NodeId, NodeSet, Resolved, RevisionKey, Standing, Status, Target, TargetRange,
    current, statuses,
};

use crate::args::History;
use crate::error::{CommandError, Exit, Outcome, Problem};
use crate::escape::value;
use crate::graph_view;
use crate::io::{FRAME, Printer, paint};
use crate::json;
use crate::session::Session;
use crate::titles::{elapsed, name};

pub(super) async fn history(session: &mut Session<'_>, args: &History) -> Outcome {
    let range: Option<TargetRange> = args.range.as_deref().map(str::parse).transpose()?;
    let Known { graph, all, heads, asked } = Known::read(session).await?;
    let applied = applied(&graph, &all);
    let within = range.map(|range| members(&graph, &applied, &range)).transpose()?;
    let is_shown = |status: &Status| match (&within, graph.find(&status.key)) {
        (None, _) => true,
        (Some(within), Some(node)) => within.contains(node),
        (Some(_), None) => false,
    };
    let shown: Vec<&Status> = all.iter().filter(|status| is_shown(status)).collect();
    let printer = &mut *session.printer;
    if printer.is_json() {
        let revisions =
            shown.into_iter().map(|status| json::Revision::new(status, asked)).collect();
        printer.json(&json::History { revisions });
        return Ok(Exit::DONE);
    }
    let lines = Lines { graph: &graph, heads: &heads, asked };
    if args.graph {
        lines.draw(printer, &shown);
    } else {
        shown.iter().rev().for_each(|status| lines.print(printer, status));
    }
    Ok(Exit::DONE)
}

/// The revisions and their states.
pub(super) struct Known {
    pub(super) graph: Arc<Graph>,
    pub(super) all: Vec<Status>,
    /// The revisions that the database is at.
    pub(super) heads: Vec<RevisionKey>,
    /// Whether a database was queried.
    pub(super) asked: bool,
}

impl Known {
    /// Queries the database, if one is named or the default one exists.
    pub(super) async fn read(session: &mut Session<'_>) -> Result<Self, CommandError> {
        let Some(mut database) = session.database_if_any().await? else {
            session.printer.talk().say("no database is named: cannot show what is applied");
            let graph = session.graph()?;
            let all = statuses(&graph, &migrate_core::History::default(), session.dialect()?);
            return Ok(Self { graph, all, heads: Vec::new(), asked: false });
        };
        let history = database.read_history().await?;
        let all = statuses(&database.graph, &history, Some(database.dialect));
        let heads = current(&database.graph, &history).heads;
        let graph = Arc::clone(&database.graph);
        database.close().await;
        Ok(Self { graph, all, heads, asked: true })
    }

    pub(super) fn applied(&self) -> NodeSet {
        applied(&self.graph, &self.all)
    }
}

fn applied(graph: &Graph, all: &[Status]) -> NodeSet {
    all.iter()
        .filter(|status| status.row.is_some())
        .filter_map(|status| graph.find(&status.key))
        .collect()
}

/// Returns the revisions from one target to another, inclusive.
fn members(graph: &Graph, applied: &NodeSet, range: &TargetRange) -> Result<NodeSet, CommandError> {
    let every = || graph.order().iter().copied().collect::<NodeSet>();
    let below = match &range.to {
        Some(to) => {
            place(graph, applied, to)?.map_or_else(NodeSet::new, |nodes| graph.ancestors(nodes))
        }
        None => every(),
    };
    let above = match &range.from {
        Some(from) => {
            place(graph, applied, from)?.map_or_else(every, |nodes| graph.descendants(nodes))
        }
        None => every(),
    };
    let mut between: NodeSet = below.iter().filter(|node| above.contains(*node)).collect();
    // Within a branch or a crate, only its own revisions between two places count, and the places themselves.
    let mut ends: Vec<NodeId> = Vec::new();
    for target in range.from.iter().chain(&range.to) {
        ends.extend(place(graph, applied, target)?.unwrap_or_default());
    }
    for target in range.from.iter().chain(&range.to) {
        if let Some(own) = target.members(graph)? {
            let is_own = |node: &NodeId| own.contains(*node) || ends.contains(node);
            between = between.iter().filter(is_own).collect();
        }
    }
    Ok(between)
}

/// Returns the revisions that a target means; empty for `base`, and for `current` of an empty database.
fn place(
    graph: &Graph,
    applied: &NodeSet,
    target: &Target,
) -> Result<Option<Vec<NodeId>>, CommandError> {
    match target.resolve(graph, applied)? {
        Resolved::At(nodes) if nodes.is_empty() => Ok(None),
        Resolved::At(nodes) => Ok(Some(nodes)),
        Resolved::Base(_) => Ok(None),
        Resolved::Relative(..) => {
            let problem = Problem::usage(
                "target-syntax",
                format_args!("`{target}` is not a place in a range"),
            );
            Err(problem.hint(format!("count from a revision: `current{target}`")).into())
        }
    }
}

/// Lines of text about revisions.
struct Lines<'a> {
    graph: &'a Graph,
    heads: &'a [RevisionKey],
    asked: bool,
}

impl Lines<'_> {
    fn print(&self, printer: &mut Printer, status: &Status) {
        let revision = printer.revision(name(self.graph, &status.key));
        let parents = match status.after.as_slice() {
            [] => "<base>".to_owned(),
            parents => {
                parents.iter().map(|key| name(self.graph, key)).collect::<Vec<_>>().join(", ")
            }
        };
        let description = if status.description.is_empty() {
            String::new()
        } else {
            format!(", {}", value(&status.description))
        };
        let arrow = if status.state == Standing::Unknown {
            String::new()
        } else {
            format!("{parents} -> ")
        };
        printer.line(format_args!("{arrow}{revision}{}{description}", self.marks(status)));
        if printer.talk().verbose {
            printer.details(&details(self.graph, status));
            printer.line("");
        }
    }

    fn draw(&self, printer: &mut Printer, shown: &[&Status]) {
        let by_node: BTreeMap<NodeId, &&Status> = shown
            .iter()
            .filter_map(|status| Some((self.graph.find(&status.key)?, status)))
            .collect();
        // Revisions that only history knows have no place in the graph.
        for status in shown.iter().filter(|status| status.state == Standing::Unknown).rev() {
            printer.line(format_args!(
                "? {}{} {}",
                printer.revision(name(self.graph, &status.key)),
                self.marks(status),
                value(&status.description)
            ));
        }
        let order: Vec<NodeId> = self
            .graph
            .order()
            .iter()
            .rev()
            .copied()
            .filter(|node| by_node.contains_key(node))
            .collect();
        for row in graph_view::draw(self.graph, &order) {
            let Some(status) = row.node.and_then(|node| by_node.get(&node)) else {
                printer.line(paint(&row.lines, FRAME, printer.color));
                continue;
            };
            let revision = printer.revision(name(self.graph, &status.key));
            let description = value(&status.description);
            let text = format!("{} {revision}{} {description}", row.lines, self.marks(status));
            printer.line(text.trim_end());
        }
    }

    /// Returns the marks of a revision, each in parentheses.
    fn marks(&self, status: &Status) -> String {
        let node = self.graph.find(&status.key);
        let mut marks = Vec::new();
        if let (Some(branch), Some(node)) = (&status.branch, node)
            && self.graph.labelled(branch) == Some(node)
        {
            marks.push(branch.as_str());
        }
        if status.kind == Kind::Data {
            marks.push("data");
        }
        if node.is_some_and(|node| self.graph.is_merge(node)) {
            marks.push("merge");
        }
        if node.is_some_and(|node| self.graph.is_branch_point(node)) {
            marks.push("branch point");
        }
        if status.head {
            marks.push("head");
        }
        if self.heads.contains(&status.key) {
            marks.push("current");
        }
        match status.state {
            Standing::Pending if self.asked => marks.push("pending"),
            Standing::Failed => marks.push("unfinished"),
            Standing::Unknown => marks.push("unknown here"),
            Standing::Applied | Standing::Pending | _ => {}
        }
        marks.iter().flat_map(|mark| [" (", *mark, ")"]).collect()
    }
}

/// Returns all details about a revision, one per line.
pub(super) fn details(graph: &Graph, status: &Status) -> Vec<String> {
    let names = |keys: &[RevisionKey]| {
        keys.iter().map(|key| name(graph, key)).collect::<Vec<_>>().join(", ")
    };
    let mut lines = Vec::new();
    let mut say = |label: &str, text: String| {
        if !text.is_empty() {
            lines.push(format!("{:<13}{}", format!("{label}:"), value(&text)));
        }
    };
    say("description", status.description.clone());
    say("kind", status.kind.to_string());
    say("after", names(&status.after));
    say("depends on", names(&status.depends_on));
    say("branch", status.branch.clone().unwrap_or_default());
    say("file", status.origin.map(|origin| origin.to_string()).unwrap_or_default());
    say("checksum", status.checksum.map(|checksum| checksum.to_string()).unwrap_or_default());
    if let Some(row) = &status.row {
        let took =
            row.duration.map(|duration| format!(" in {}", elapsed(duration))).unwrap_or_default();
        let by = if row.applied_by.is_empty() {
            String::new()
        } else {
            format!(" by {}", row.applied_by)
        };
        say("applied", format!("{}{by}{took}, {}", row.started_at, row.tool_version));
    }
    for waived in &status.waivers {
        say("waived", waived.to_string());
    }
    lines
}
