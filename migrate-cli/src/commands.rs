//! The commands, a file each.

mod branches;
mod check;
mod confirm;
mod create;
mod current;
mod down;
mod edit;
mod graph;
mod heads;
mod history;
mod lint;
mod lock;
mod merge;
mod plan;
mod production;
mod repair;
mod script;
mod show;
mod stamp;
mod up;

use crate::args::{Command, Format};
use crate::environment::Environment;
use crate::error::{CommandError, Exit, Outcome, Problem};
use crate::program::Program;
use crate::session::Session;
use crate::{args::Global, io::Printer, local::local};

/// Runs a command.
pub(crate) async fn dispatch(
    command: Command,
    program: &Program,
    (world, global): (&Environment, &Global),
    printer: &mut Printer,
) -> Outcome {
    refuse_format(&command, global.format)?;
    if let Some(outcome) = local(&command, (world, global), printer) {
        return outcome;
    }
    let mut session = Session::new(program, world, global, printer)?;
    let session = &mut session;
    match command {
        Command::Up(args) => up::up(session, &args).await,
        Command::Down(args) => down::down(session, &args).await,
        Command::Production(args) => production::production(session, &args).await,
        Command::Current(args) => current::current(session, &args).await,
        Command::History(args) => history::history(session, &args).await,
        Command::Plan(args) => plan::plan(session, &args).await,
        Command::Check(_) => check::check(session).await,
        Command::Lint(args) => lint::lint(session, &args).await,
        Command::Create(args) => create::create(session, &args),
        Command::Merge(args) => merge::merge(session, &args),
        Command::Edit(args) => edit::edit(session, &args),
        Command::Show(args) => show::show(session, &args).await,
        Command::Heads(_) => heads::heads(session),
        Command::Branches(_) => branches::branches(session),
        Command::Stamp(args) => stamp::stamp(session, &args).await,
        Command::Repair(args) => repair::repair(session, &args).await,
        Command::Graph(_) => graph::graph(session),
        Command::Lock(args) => lock::lock(session, &args).await,
        // Handled by `local`.
        Command::Init(_) | Command::Completions(_) => Ok(Exit::DONE),
    }
}

fn refuse_format(command: &Command, format: Format) -> Result<(), CommandError> {
    let (only, is_it) = match format {
        Format::Text | Format::Json => return Ok(()),
        Format::Mermaid | Format::Dot => ("graph", matches!(command, Command::Graph(_))),
        Format::Sarif | Format::Github => ("lint", matches!(command, Command::Lint(_))),
    };
    if is_it {
        return Ok(());
    }
    let message = format!("`--format {}` is only for `{only}`", format.name());
    Err(Problem::usage("usage", message).hint("choose `text` or `json`").into())
}
