//! Parses the arguments, and turns a command's result into an exit code.

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{ColorChoice, CommandFactory, Error, FromArgMatches};

use crate::args::{Cli, Color, Format, Global};
use crate::environment::Environment;
use crate::error::{CommandError, Exit};
use crate::io::{Io, Printer};
use crate::{rendered, wording};

/// Reads the arguments, the first of which is the program's name.
pub(crate) fn parse(arguments: &[OsString]) -> Result<Cli, Error> {
    let mut matches = Cli::command().color(ColorChoice::Auto).try_get_matches_from(arguments)?;
    Cli::from_arg_matches_mut(&mut matches)
}

/// Prints clap's answer instead of a command: help, the version, or an error in the arguments.
pub(crate) fn answer(error: &Error, arguments: &[OsString], world: &Environment, io: Io) -> Exit {
    let mut printer = Printer::new(io, &requested(arguments), world);
    let rendered = error.render();
    let text = |color: bool| if color { rendered.ansi().to_string() } else { rendered.to_string() };
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let text = text(printer.color);
        printer.raw(text);
        return finish(printer, Ok(Exit::DONE));
    }
    if printer.is_json() {
        printer.json(&wording::usage(&rendered.to_string()));
    } else {
        let text = text(printer.talk().color);
        printer.usage(text.trim_end());
    }
    finish(printer, Ok(Exit::USAGE))
}

/// Prints the error, if there is one, and writes the collected data.
pub(crate) fn finish(mut printer: Printer, outcome: Result<Exit, CommandError>) -> Exit {
    let exit = outcome.unwrap_or_else(|error| {
        if printer.is_json() {
            let document = rendered::document(&error, printer.talk());
            printer.json(&document);
        } else {
            let text = rendered::text(&error, printer.talk().color);
            printer.error(&text);
        }
        error.exit()
    });
    match printer.finish() {
        Ok(()) => exit,
        Err(_) => Exit::FAILED,
    }
}

/// Reads the options for the format of errors, without clap.
pub(crate) fn requested(arguments: &[OsString]) -> Global {
    Global { format: format(arguments), color: color(arguments), ..Global::default() }
}

/// Returns the value of a flag: `--flag word` or `--flag=word`.
fn value_of<'a>(arguments: &'a [OsString], flag: &str) -> Option<&'a str> {
    let words: Vec<&str> = arguments.iter().filter_map(|word| word.to_str()).collect();
    let apart = words
        .iter()
        .zip(words.iter().skip(1))
        .find(|(word, _)| **word == flag)
        .map(|(_, value)| *value);
    apart.or_else(|| words.iter().find_map(|word| word.strip_prefix(flag)?.strip_prefix('=')))
}

fn format(arguments: &[OsString]) -> Format {
    match value_of(arguments, "--format") {
        Some("json") => Format::Json,
        _ => Format::Text,
    }
}

fn color(arguments: &[OsString]) -> Color {
    match value_of(arguments, "--color") {
        Some("always") => Color::Always,
        Some("never") => Color::Never,
        _ => Color::Auto,
    }
}
