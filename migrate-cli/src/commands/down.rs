//! `down`

use migrate_core::{Plan, Request, Target};

use crate::args::Down;
use crate::commands::{plan, script};
use crate::error::{CommandError, Exit, Outcome, Problem};
use crate::json::{Ran, Reverted};
use crate::observer;
use crate::session::{Access, Handle, Session, target};

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
    let request = Request::Down(revision.unwrap_or_else(|| steps(args.number)));
    if args.plan {
        return plan::show(session, &request, Access::Read).await;
    }
    let mut database = session.database(Access::Read).await?;
    let plan = database.plan(&request).await?;
    announce(session, &database, &plan);
    confirm(session, &database, &plan)?;
    let report = database.run(&request).await?;
    observer::summary(session.printer.talk(), &database, &report);
    if session.printer.is_json() {
        session.printer.json(&Reverted { reverted: Ran::of(&database.graph, &report.done) });
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
        let what = observer::titled(&name, step.migration.summary());
        talk.say(format_args!("will {} {what}", step.action.name()));
    }
}

/// In a protected environment, only somebody who names the database goes on.
fn confirm(session: &mut Session<'_>, database: &Handle, plan: &Plan) -> Result<(), CommandError> {
    if plan.is_empty() || !session.resolved.is_protected() {
        return Ok(());
    }
    let path = database.database.url.database();
    let name = path.rsplit('/').next().unwrap_or(path).to_owned();
    let is_named = |answer: &str| !answer.is_empty() && (answer == name || answer == path);
    let environment = session.resolved.environment.as_ref().map_or("", |(name, _)| name).to_owned();
    let given = session.global.yes.clone().unwrap_or_default();
    if is_named(&given) {
        return Ok(());
    }
    let problem = |message: String| Problem::usage("not-confirmed", message);
    if !given.is_empty() {
        let message = format!("`--yes={given}` does not name the database of `{environment}`");
        return Err(problem(message).hint(format!("it is `{name}`")).into());
    }
    if !session.printer.can_ask() {
        let message = format!("`{environment}` is protected, and this would destroy data");
        return Err(problem(message)
            .hint(format!("to go on, name the database: `--yes={name}`"))
            .into());
    }
    let question =
        format!("`{environment}` is protected. To go on, type the database's name, `{name}`:");
    if is_named(&session.printer.ask(&question)) {
        return Ok(());
    }
    Err(Problem::new("not-confirmed", "nothing was done: the answer was not the database's name")
        .into())
}
