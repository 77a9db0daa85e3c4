//! `lint`

mod choice;
mod git;
mod github;
mod rules;
mod sarif;

use migrate_core::{Graph, Level};

use self::choice::Choice;
use crate::args::{Format, Lint};
use crate::error::{Exit, Outcome};
use crate::inspect::{Found, Inspected};
use crate::io::Printer;
use crate::json::{Finding, Linted};
use crate::report;
use crate::session::Session;
use crate::titles::{count, name};

pub(super) async fn lint(session: &mut Session<'_>, args: &Lint) -> Outcome {
    if args.rules {
        return Ok(rules::list(session));
    }
    if let Some(rule) = &args.explain {
        return rules::explain(session, rule);
    }
    let Choice { graph, nodes, inspector } = choice::choose(session, args).await?;
    let mut all = Inspected::default();
    for node in &nodes {
        let one = inspector.migration(graph.migration(*node)).await;
        all.found.extend(one.found);
        all.unseen.extend(one.unseen);
    }
    let denied = all.found.iter().filter(|found| found.level == Level::Deny).count();
    print(session.printer, &graph, &all);
    for unseen in &all.unseen {
        let revision = name(&graph, &unseen.key);
        let way = report::direction(unseen.direction);
        session.printer.talk().warn(format_args!(
            "`{way}` of `{revision}` is code whose SQL cannot be checked: {}",
            unseen.reason
        ));
    }
    session.printer.talk().say(summary(all.found.len(), denied, nodes.len()));
    Ok(if denied == 0 { Exit::DONE } else { Exit::NO })
}

fn print(printer: &mut Printer, graph: &Graph, all: &Inspected) {
    let named = |found: &Found| name(graph, &found.key);
    match printer.format() {
        Format::Sarif => {
            let log = sarif::log(&all.found, named);
            printer.json(&log);
        }
        Format::Github => {
            for found in &all.found {
                printer.line(github::annotation(found, &named(found)));
            }
        }
        Format::Json => {
            let finding = |found: &Found| Finding::in_sql(found, named(found));
            printer.json(&Linted {
                ok: all.found.iter().all(|found| found.level < Level::Deny),
                findings: all.found.iter().map(finding).collect(),
                unseen: all.unseen.iter().map(|unseen| name(graph, &unseen.key)).collect(),
            });
        }
        Format::Text | Format::Mermaid | Format::Dot => {
            for found in &all.found {
                let text = report::finding(found, &named(found), printer.color);
                printer.line(format_args!("{text}\n"));
            }
        }
    }
}

fn summary(found: usize, denied: usize, revisions: usize) -> String {
    if revisions == 0 {
        return "no revisions to check".to_owned();
    }
    let looked_at = count(revisions, "revision");
    if found == 0 {
        return format!("nothing found in {looked_at}");
    }
    let warned = found - denied;
    format!(
        "{} in {looked_at}: {}, {}",
        count(found, "finding"),
        count(denied, "error"),
        count(warned, "warning")
    )
}
