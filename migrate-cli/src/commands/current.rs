//! `current`

use migrate_core::{
    Current as Standing, Graph, History, Holder, Kind, State, Status, current as standing, statuses,
};

use crate::args::Current;
use crate::commands::history::details;
use crate::error::{Exit, Outcome};
use crate::io::{Printer, Talk};
use crate::json;
use crate::observer::waiting;
use crate::report;
use crate::session::{Access, Session};
use crate::titles::{count, name};

pub(super) async fn current(session: &mut Session<'_>, args: &Current) -> Outcome {
    let mut database = session.database(Access::Read).await?;
    let history = database.read_history().await?;
    let all = statuses(&database.graph, &history, Some(database.dialect));
    let run = database.at_work(&all).await?;
    let graph = &database.graph;
    let found = standing(graph, &history);
    tell_strangers(session.printer.talk(), graph, &all, run.as_ref());
    if session.printer.is_json() {
        session.printer.json(&json::Current {
            heads: found.heads.iter().map(|key| name(graph, key)).collect(),
            pending: found.pending,
            pending_data: found.pending_data,
        });
    } else {
        print(session.printer, graph, &history, &found, &all);
    }
    if let Some(waiting) = waiting(graph, &found.waiting_data) {
        session.printer.talk().say(waiting);
    }
    database.close().await;
    if args.check_heads && found.pending > 0 {
        let pending = count(found.pending, "schema revision");
        session
            .printer
            .talk()
            .say(format_args!("not at the head: {pending} pending\n\nhint: run `migrate up`"));
        return Ok(Exit::NO);
    }
    Ok(Exit::DONE)
}

fn print(
    printer: &mut Printer,
    graph: &Graph,
    history: &History,
    found: &Standing,
    all: &[Status],
) {
    for key in &found.heads {
        let mut line = printer.revision(name(graph, key));
        if found.at_head.contains(key) {
            line.push_str(" (head)");
        }
        if history.get(key).is_some_and(|row| row.state != State::Applied) {
            line.push_str(" (unfinished)");
        }
        printer.line(line);
        if let (true, Some(status)) =
            (printer.talk().verbose, all.iter().find(|status| status.key == *key))
        {
            printer.details(&details(graph, status));
        }
    }
    if printer.talk().verbose {
        let pending = count(found.pending, "schema revision");
        let data = count(found.pending_data, "data revision");
        printer.talk().say(format_args!("pending: {pending}, {data}"));
    }
}

/// Warns about unknown and unfinished revisions, which the heads do not show.
fn tell_strangers(talk: &Talk, graph: &Graph, all: &[Status], run: Option<&Holder>) {
    for status in all {
        let shown = name(graph, &status.key);
        match status.state {
            migrate_core::Standing::Unknown => {
                talk.warn(format_args!(
                    "the database has applied `{shown}`, which this program does not know"
                ));
            }
            migrate_core::Standing::Failed => {
                let kind = if status.kind == Kind::Data { "data migration " } else { "" };
                let run = run.map(|run| format!("; {}", report::at_work(run))).unwrap_or_default();
                talk.warn(format_args!("{kind}`{shown}` is unfinished{run}"));
            }
            migrate_core::Standing::Applied | migrate_core::Standing::Pending | _ => {}
        }
    }
}
