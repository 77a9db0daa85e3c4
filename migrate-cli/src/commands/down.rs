//! `down`

use migrate_core::{Plan, Request, Target, Work};

use crate::args::Down;
use crate::commands::confirm::{Deed, confirm};
use crate::commands::{plan, script};
use crate::error::{Exit, Outcome};
use crate::handle::Handle;
use crate::json::{Notice, Ran, Reverted};
use crate::observer;
use crate::session::{Access, Session, target};
use crate::visible::value;

pub(super) async fn down(session: &mut Session<'_>, args: &Down) -> Outcome {
    let revision = args.revision.as_deref().map(target).transpose()?;
    if let Some(range) = &args.sql {
        let range = script::range(range, revision)?;
        return script::print(
            session,
            &Request::Down(range.to.unwrap_or(Target::Base)),
            range.from.as_ref(),
        )
        .await;
    }
    let request = if args.from_history {
        Request::DownFromHistory(args.number.map(usize::from))
    } else {
        Request::Down(revision.unwrap_or_else(|| steps(args.number)))
    };
    if args.plan {
        return plan::show(session, &request, Access::Read).await;
    }
    let mut database = session.database(Access::Alter).await?;
    let plan = database.plan(&request).await?;
    announce(session, &database, &plan);
    if args.from_history {
        show_sql(session, &plan);
    }
    if !plan.is_empty() {
        let would = "destroy data";
        confirm(session, &database, Deed { would, everywhere: args.from_history }).await?;
    }
    let report = database.run(&request).await?;
    observer::summary(session.printer.talk(), &database, &report);
    if session.printer.is_json() {
        session.printer.json(&Reverted {
            database: (&database.address).into(),
            reverted: Ran::of(&database.graph, &report.done),
            notices: Notice::of(&database.graph, &report.notices, session.printer.talk()),
        });
    }
    database.close().await;
    Ok(Exit::DONE)
}

/// Plain `down` undoes one.
fn steps(number: Option<u16>) -> Target {
    Target::Relative(-i32::from(number.unwrap_or(1)))
}

/// Says what will be undone before it is.
fn announce(session: &Session<'_>, database: &Handle, plan: &Plan) {
    let talk = session.printer.talk();
    for step in &plan.steps {
        let name = observer::name(&database.graph, step.key());
        let what = observer::titled(&value(&name), step.migration.summary());
        talk.say(format_args!("will {} {what}", step.action.name()));
    }
}

/// What nobody has written here is shown before it runs.
fn show_sql(session: &Session<'_>, plan: &Plan) {
    for step in &plan.steps {
        if let Work::Sql(script) = &step.work {
            let lines: Vec<String> =
                script.text().trim().lines().map(|line| format!("    {}", value(line))).collect();
            session.printer.talk().say(format_args!(
                "\n`{}`, as history has kept it:\n{}",
                value(&step.key().to_string()),
                lines.join("\n")
            ));
        }
    }
}
