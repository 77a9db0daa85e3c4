//! `graph`

use migrate_core::{Graph, History, Kind, NodeId, NodeSet, statuses};

use crate::args::Format;
use crate::error::{Exit, Outcome};
use crate::graph_view;
use crate::io::{FRAME, Printer, paint};
use crate::json;
use crate::session::Session;

pub(super) fn graph(session: &mut Session<'_>) -> Outcome {
    let graph = session.graph()?;
    match session.printer.format() {
        Format::Text | Format::Sarif | Format::Github => text(session.printer, &graph),
        Format::Mermaid => mermaid(session.printer, &graph),
        Format::Dot => dot(session.printer, &graph),
        Format::Json => {
            let all = statuses(&graph, &History::default(), session.dialect()?);
            let revisions = all.iter().map(|status| json::Revision::new(status, false)).collect();
            session.printer.json(&json::History { revisions });
        }
    }
    Ok(Exit::DONE)
}

fn text(printer: &mut Printer, graph: &Graph) {
    let newest_first: Vec<NodeId> = graph.order().iter().rev().copied().collect();
    let heads: NodeSet = graph.heads().into_iter().collect();
    for row in graph_view::draw(graph, &newest_first) {
        let Some(node) = row.node else {
            printer.line(paint(&row.lines, FRAME, printer.color));
            continue;
        };
        let mut marks = String::new();
        if let Some(branch) =
            graph.branch(node).filter(|branch| graph.labelled(branch) == Some(node))
        {
            marks = format!(" ({branch})");
        }
        if graph.migration(node).changes() == Kind::Data {
            marks.push_str(" (data)");
        }
        if heads.contains(node) {
            marks.push_str(" (head)");
        }
        let revision = printer.revision(graph.reference(node));
        let line = format!("{} {revision}{marks} {}", row.lines, graph.migration(node).summary());
        printer.line(line.trim_end());
    }
}

fn mermaid(printer: &mut Printer, graph: &Graph) {
    printer.line("flowchart TD");
    for node in graph.order() {
        let label =
            label(graph, *node).replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
        let (open, close) =
            if graph.migration(*node).changes() == Kind::Data { ("([", "])") } else { ("[", "]") };
        printer.line(format_args!("    r{}{open}\"{label}\"{close}", node.index()));
    }
    for (from, to, dependency) in edges(graph) {
        let arrow = if dependency { "-.->" } else { "-->" };
        printer.line(format_args!("    r{} {arrow} r{}", from.index(), to.index()));
    }
}

fn dot(printer: &mut Printer, graph: &Graph) {
    printer.line("digraph revisions {");
    printer.line("    node [shape=box];");
    for node in graph.order() {
        let label = label(graph, *node).replace('\\', "\\\\").replace('"', "\\\"");
        let style =
            if graph.migration(*node).changes() == Kind::Data { ", style=rounded" } else { "" };
        printer.line(format_args!("    r{} [label=\"{label}\"{style}];", node.index()));
    }
    for (from, to, dependency) in edges(graph) {
        let style = if dependency { " [style=dashed]" } else { "" };
        printer.line(format_args!("    r{} -> r{}{style};", from.index(), to.index()));
    }
    printer.line("}");
}

fn label(graph: &Graph, node: NodeId) -> String {
    crate::titles::titled(&graph.reference(node).to_string(), graph.migration(node).summary())
}

/// Returns the edges, from earlier to later revision; the third value is true for `depends_on`.
fn edges(graph: &Graph) -> Vec<(NodeId, NodeId, bool)> {
    let of = |node: &NodeId| {
        let node = *node;
        let parents = graph.parents(node).iter().map(move |parent| (*parent, node, false));
        parents
            .chain(graph.dependencies(node).iter().map(move |first| (*first, node, true)))
            .collect::<Vec<_>>()
    };
    graph.order().iter().flat_map(of).collect()
}
