//! `plan`, and `--plan` of the commands that run one.

use migrate_core::{Graph, Mode, Plan, Request, Step, Target, Work};

use crate::args::PlanArgs;
use crate::error::{Exit, Outcome};
use crate::escape::value;
use crate::io::Printer;
use crate::json::Steps;
use crate::observer::{nothing, waiting};
use crate::session::{Access, Session, target};
use crate::titles::{count, name, titled};

pub(super) async fn plan(session: &mut Session<'_>, args: &PlanArgs) -> Outcome {
    let revision = args.revision.as_deref().map(target).transpose()?;
    let request = match (args.down, args.production) {
        (true, _) => Request::Down(revision.unwrap_or(Target::Relative(-1))),
        (false, true) => Request::Production(revision.unwrap_or(Target::Head)),
        (false, false) => Request::Up(revision.unwrap_or(Target::Head)),
    };
    show(session, &request, Access::Read).await
}

/// Shows what `request` would do now.
pub(super) async fn show(session: &mut Session<'_>, request: &Request, access: Access) -> Outcome {
    // A plan only reads, even for a command that would write. But a release's database must be named.
    let mut database = match access {
        Access::Release => session.named_database_to_read().await?,
        Access::Read | Access::Alter | Access::Write => session.database(Access::Read).await?,
    };
    let plan = database.plan(request).await?;
    for notice in &plan.notices {
        session.printer.talk().warn(notice);
    }
    if session.printer.is_json() {
        let steps = Steps::of(&database.graph, &plan, session.printer.talk());
        session.printer.json(&steps);
    } else {
        print(session.printer, &database.graph, &plan);
    }
    database.close().await;
    Ok(Exit::DONE)
}

fn print(printer: &mut Printer, graph: &Graph, plan: &Plan) {
    let upwards = matches!(plan.request, Request::Up(_) | Request::Production(_));
    let waiting = waiting(graph, &plan.pending_data).filter(|_| upwards);
    if plan.is_empty() {
        match &waiting {
            Some(waiting) => {
                printer.talk().say(format_args!("{}; {waiting}", nothing(&plan.request)));
            }
            None => printer.talk().say("nothing to do"),
        }
    }
    for step in &plan.steps {
        let revision = printer.revision(name(graph, step.key()));
        let title = titled(&revision, step.migration.summary());
        printer.line(format_args!("{} {title} ({})", step.action.name(), facts(step)));
        if let (true, Work::Sql(script)) = (printer.talk().verbose, &step.work) {
            let lines: Vec<String> =
                script.text().trim().lines().map(|line| value(line).into_owned()).collect();
            printer.details(&lines);
        }
    }
    if let Some(waiting) = waiting.filter(|_| !plan.is_empty()) {
        printer.talk().say(waiting);
    }
}

fn facts(step: &Step) -> String {
    let work = match &step.work {
        Work::Sql(script) => count(script.len(), "statement"),
        Work::Code(_) => "code".to_owned(),
        Work::Nothing | _ => "history only".to_owned(),
    };
    let mode = if step.mode == Mode::Journaled { ", not in a transaction" } else { "" };
    format!("{}, {work}{mode}", step.kind())
}
