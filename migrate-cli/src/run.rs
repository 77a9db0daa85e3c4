//! From arguments to an exit code.

use std::ffi::OsString;
use std::future::Future;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::error::ErrorKind;
use clap::{ColorChoice, CommandFactory, FromArgMatches};
use migrate_core::MigrationSet;
use tokio::runtime::Builder;

use crate::args::{Cli, Color, Format, Global};
use crate::commands;
use crate::error::{CommandError, Exit, Problem};
use crate::find;
use crate::io::{Io, Printer};
use crate::program::Program;
use crate::report;
use crate::settings::Environment;
use crate::signal::{Asked, Listener, Speech};

/// Runs the command line of a set of migrations: the whole `main` of a migrations crate's binary.
pub fn main(set: impl MigrationSet) -> ExitCode {
    // What follows does not depend on the set's type, so that it is compiled here and not with each binary.
    main_of(Program::new(set))
}

fn main_of(program: Program) -> ExitCode {
    in_runtime(async move {
        let world = Environment::of_process();
        let arguments: Vec<OsString> = std::env::args_os().collect();
        let voice = Voice::new(&arguments, &world);
        let mut signals = Listener::start(world.stop.clone(), voice.clone());
        let mut run = Box::pin(run(&program, arguments, &world, Io::of_process()));
        let mut signalled = None;
        loop {
            tokio::select! {
                biased;
                // What was done in spite of the signal is done.
                exit = &mut run => return match signalled {
                    Some(signalled) if exit == Exit::INTERRUPTED => signalled,
                    _ => exit,
                },
                asked = signals.next() => match asked {
                    Asked::Stop(exit) => signalled = Some(exit),
                    Asked::Leave(exit) => {
                        voice.left(exit);
                        return exit;
                    }
                },
            }
        }
    })
}

/// What is said beside the run, which has a printer of its own.
#[derive(Clone)]
struct Voice {
    global: Global,
    world: Environment,
    has_left: Arc<AtomicBool>,
}

impl Voice {
    fn new(arguments: &[OsString], world: &Environment) -> Self {
        Self {
            global: wanted(arguments),
            world: world.clone(),
            has_left: Arc::new(AtomicBool::new(false)),
        }
    }

    fn printer(&self) -> Printer {
        Printer::new(Io::of_process(), &self.global, &self.world)
    }
}

impl Speech for Voice {
    fn stopping(&self) {
        self.printer().talk().say(STOPPING);
    }

    fn left(&self, exit: Exit) {
        if self.has_left.swap(true, Ordering::Relaxed) {
            return;
        }
        let problem = Problem {
            exit,
            ..Problem::new("stopped", "stopped; the revisions that were done stay")
        };
        let problem = problem.hint("run the same command again: it goes on from there");
        finish(self.printer(), Err(problem.into()));
    }
}

/// What is said at the first signal.
const STOPPING: &str =
    "stopping: what is in flight is cancelled (press Ctrl-C again to leave at once)";

/// Finds the migrations crate of the project and runs its binary: the whole `main` of `migrate`.
pub fn find_and_main() -> ExitCode {
    let world = Environment::of_process();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    ExitCode::from(run_elsewhere(&arguments, &world, Io::of_process()).code())
}

/// Runs the command line with these arguments, the first of which is the program's name.
pub async fn run<A>(program: &Program, arguments: A, world: &Environment, io: Io) -> Exit
where
    A: IntoIterator<Item: Into<OsString>>,
{
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let Cli { global, command } = match parse(&arguments) {
        Ok(cli) => cli,
        Err(error) => return refuse(&error, &arguments, world, io),
    };
    let mut printer = Printer::new(io, &global, world);
    let outcome = commands::dispatch(command, program, (world, &global), &mut printer).await;
    finish(printer, outcome)
}

/// `init` and `completions` here; every other command in the migrations crate's own binary.
fn run_elsewhere(arguments: &[OsString], world: &Environment, io: Io) -> Exit {
    let Cli { global, command } = match parse(arguments) {
        Ok(cli) => cli,
        Err(error) => return refuse(&error, arguments, world, io),
    };
    let mut printer = Printer::new(io, &global, world);
    let outcome = commands::local(&command, (world, &global), &mut printer);
    let outcome = outcome.unwrap_or_else(|| find::run(arguments, &global, world));
    finish(printer, outcome)
}

fn in_runtime(run: impl Future<Output = Exit>) -> ExitCode {
    // One worker is enough, and lets migrations block in place.
    match Builder::new_multi_thread().worker_threads(1).enable_all().build() {
        Ok(runtime) => {
            let exit = runtime.block_on(run);
            // Somebody who was asked a question need not answer it first.
            runtime.shutdown_background();
            ExitCode::from(exit.code())
        }
        Err(error) => {
            let mut printer =
                Printer::new(Io::of_process(), &Global::default(), &Environment::of_process());
            let problem =
                Problem::new("runtime", format_args!("the runtime cannot be started: {error}"));
            printer.error(&report::text(&problem.into(), false));
            ExitCode::from(Exit::FAILED.code())
        }
    }
}

fn parse(arguments: &[OsString]) -> Result<Cli, clap::Error> {
    let mut matches = Cli::command().color(ColorChoice::Auto).try_get_matches_from(arguments)?;
    Cli::from_arg_matches_mut(&mut matches)
}

/// Help, version, or a fault in the arguments.
fn refuse(error: &clap::Error, arguments: &[OsString], world: &Environment, io: Io) -> Exit {
    let mut printer = Printer::new(io, &wanted(arguments), world);
    let rendered = error.render();
    let text = |color: bool| if color { rendered.ansi().to_string() } else { rendered.to_string() };
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let text = text(printer.color);
        printer.raw(text);
        return finish(printer, Ok(Exit::DONE));
    }
    if printer.is_json() {
        printer.json(&report::usage(&rendered.to_string()));
    } else {
        let text = text(printer.talk().color);
        printer.usage(text.trim_end());
    }
    finish(printer, Ok(Exit::USAGE))
}

/// What can be told of the arguments without clap.
fn wanted(arguments: &[OsString]) -> Global {
    Global { format: wanted_format(arguments), color: wanted_color(arguments), ..Global::default() }
}

/// The words after a flag, where clap could not tell: `--flag word` or `--flag=word`.
fn value_of<'a>(arguments: &'a [OsString], flag: &str) -> Option<&'a str> {
    let words: Vec<&str> = arguments.iter().filter_map(|word| word.to_str()).collect();
    let apart = words
        .iter()
        .zip(words.iter().skip(1))
        .find(|(word, _)| **word == flag)
        .map(|(_, value)| *value);
    apart.or_else(|| words.iter().find_map(|word| word.strip_prefix(flag)?.strip_prefix('=')))
}

fn wanted_format(arguments: &[OsString]) -> Format {
    match value_of(arguments, "--format") {
        Some("json") => Format::Json,
        _ => Format::Text,
    }
}

fn wanted_color(arguments: &[OsString]) -> Color {
    match value_of(arguments, "--color") {
        Some("always") => Color::Always,
        Some("never") => Color::Never,
        _ => Color::Auto,
    }
}

fn finish(mut printer: Printer, outcome: Result<Exit, CommandError>) -> Exit {
    let exit = outcome.unwrap_or_else(|error| {
        if printer.is_json() {
            let document = report::json(&error, printer.talk());
            printer.json(&document);
        } else {
            let text = report::text(&error, printer.talk().color);
            printer.error(&text);
        }
        error.exit()
    });
    match printer.finish() {
        Ok(()) => exit,
        Err(_) => Exit::FAILED,
    }
}
