//! Runs a command line: from arguments to an exit code.

use std::ffi::OsString;
use std::future::Future;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use migrate_core::MigrationSet;
use tokio::runtime::Builder;

use crate::args::{Cli, Global};
use crate::command_line::{answer, finish, parse, requested};
use crate::commands;
use crate::environment::Environment;
use crate::error::{Exit, Problem};
use crate::io::{Io, Printer};
use crate::program::Program;
use crate::signal::{Asked, Listener, Speech};
use crate::wording;

/// Runs the command line of a set of migrations: the whole `main` of a migrations crate's binary.
pub fn main(set: impl MigrationSet) -> ExitCode {
    // The rest does not depend on the set's type, so it is compiled here and not with each binary.
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
                // The run has finished in spite of the signal.
                exit = &mut run => return match signalled.or_else(|| signals.pending()) {
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

/// Messages from outside of the run, which has its own printer.
#[derive(Clone)]
struct Voice {
    global: Global,
    world: Environment,
    has_left: Arc<AtomicBool>,
}

impl Voice {
    fn new(arguments: &[OsString], world: &Environment) -> Self {
        Self {
            global: requested(arguments),
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
            ..Problem::new("stopped", "stopped; completed revisions stay applied")
        };
        let problem = problem.hint("run the same command again to continue");
        finish(self.printer(), Err(problem.into()));
    }
}

/// The message at the first signal.
const STOPPING: &str =
    "stopping: cancelling the running statement (press Ctrl-C again to exit at once)";

/// Runs the command line with these arguments, the first of which is the program's name.
pub async fn run<A>(program: &Program, arguments: A, world: &Environment, io: Io) -> Exit
where
    A: IntoIterator<Item: Into<OsString>>,
{
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let Cli { global, command } = match parse(&arguments) {
        Ok(cli) => cli,
        Err(error) => return answer(&error, &arguments, world, io),
    };
    let mut printer = Printer::new(io, &global, world);
    let outcome = commands::dispatch(command, program, (world, &global), &mut printer).await;
    finish(printer, outcome)
}

fn in_runtime(run: impl Future<Output = Exit>) -> ExitCode {
    // One worker is enough, and allows migrations to block in place.
    match Builder::new_multi_thread().worker_threads(1).enable_all().build() {
        Ok(runtime) => {
            let exit = runtime.block_on(run);
            // Does not wait for the answer to an open question.
            runtime.shutdown_background();
            ExitCode::from(exit.code())
        }
        Err(error) => {
            let mut printer =
                Printer::new(Io::of_process(), &Global::default(), &Environment::of_process());
            let problem =
                Problem::new("runtime", format_args!("the runtime cannot be started: {error}"));
            printer.error(&wording::text(&problem, false));
            ExitCode::from(Exit::FAILED.code())
        }
    }
}
