//! `migrate`: finds the project's migrations crate and starts its binary.

mod build;
mod cargo;
mod project;
mod workspace;

use std::env;
use std::ffi::{OsStr, OsString};
use std::process::{Command, ExitCode};

use self::build::{Built, build, is_run_by_cargo};
use self::cargo::not_run;
use self::project::Project;
use self::workspace::Workspace;
use crate::args::{Cli, Global};
use crate::command_line::{answer, finish, parse};
use crate::environment::Environment;
use crate::error::Outcome;
use crate::flag::{FLAG_VARIABLE, handed_on};
use crate::io::{Io, Printer, Talk};
use crate::local::local;

const URL_FLAG: &str = "--database-url";

/// Finds the migrations crate of the project and starts its binary: the whole `main` of `migrate`.
///
/// `init` and `completions`, which need no migrations, are run here.
pub fn find_and_main() -> ExitCode {
    let world = Environment::of_process();
    let arguments: Vec<OsString> = env::args_os().collect();
    let Cli { global, command } = match parse(&arguments) {
        Ok(cli) => cli,
        Err(error) => {
            return ExitCode::from(answer(&error, &arguments, &world, Io::of_process()).code());
        }
    };
    let mut printer = Printer::new(Io::of_process(), &global, &world);
    let outcome = local(&command, (&world, &global), &mut printer);
    let outcome = outcome.unwrap_or_else(|| start(&arguments, &global, &world, printer.talk()));
    ExitCode::from(finish(printer, outcome).code())
}

/// Starts the binary of the project's migrations crate with these arguments.
fn start(arguments: &[OsString], global: &Global, world: &Environment, talk: &Talk) -> Outcome {
    let workspace = Workspace::read(world)?;
    let project = Project::find(&workspace, world)?;
    let built = if global.verbose || is_run_by_cargo(&project) {
        Built::ByCargo
    } else {
        build(&project, talk)?
    };
    let mut command = match built {
        Built::Program(path) => cargo::program(path, world),
        Built::ByCargo => run_by_cargo(&project, global),
        Built::Failed(exit) => return Ok(exit),
    };
    command.args(without_url(arguments.iter().skip(1)));
    match &global.database_url {
        // Command-line arguments are visible to all users of the machine.
        Some(url) => command.envs(handed_on(&url.0)),
        // An inherited one is not a flag of this command.
        None => command.env_remove(FLAG_VARIABLE),
    };
    become_it(command)
}

/// Returns the cargo command that runs the binary, after it has printed the compiler's warnings.
fn run_by_cargo(project: &Project<'_>, global: &Global) -> Command {
    let mut command = cargo::command(project.world);
    command.arg("run");
    if !global.verbose {
        command.arg("--quiet");
    }
    command.args(project.selection()).arg("--");
    command
}

/// Replaces this process by the binary, or by cargo, which is replaced by the binary: signals reach it, and its exit code is
/// the process's.
#[cfg(unix)]
fn become_it(mut command: Command) -> Outcome {
    use std::os::unix::process::CommandExt;

    Err(not_run(&command.exec()))
}

#[cfg(not(unix))]
fn become_it(mut command: Command) -> Outcome {
    let status = command.status().map_err(|error| not_run(&error))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(crate::exit::Exit::FAILED, crate::exit::Exit::of_child))
}

/// Returns the arguments without the database's URL.
fn without_url<'a>(arguments: impl Iterator<Item = &'a OsString>) -> Vec<&'a OsStr> {
    let mut kept = Vec::new();
    let mut arguments = arguments.map(OsString::as_os_str);
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy();
        if text == "--" {
            kept.push(argument);
            kept.extend(arguments);
            break;
        } else if text == URL_FLAG {
            arguments.next();
        } else if !text.strip_prefix(URL_FLAG).is_some_and(|rest| rest.starts_with('=')) {
            kept.push(argument);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_is_taken_out_of_the_arguments() {
        let arguments: Vec<OsString> = [
            "--database-url",
            "postgres://u:p@h/d",
            "up",
            "--database-url=x",
            "-r",
            "+1",
            "--",
            "--database-url",
        ]
        .map(OsString::from)
        .to_vec();
        assert_eq!(without_url(arguments.iter()), ["up", "-r", "+1", "--", "--database-url"]);
    }
}
