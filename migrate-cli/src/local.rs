//! Runs commands that need no migrations in `migrate` itself.

use crate::args::{Command, Global};
use crate::environment::Environment;
use crate::error::{Exit, Outcome};
use crate::io::Printer;
use crate::{completions, scaffold};

/// Runs a command that needs no migrations; `None` for any other.
pub(crate) fn local(
    command: &Command,
    (world, global): (&Environment, &Global),
    printer: &mut Printer,
) -> Option<Outcome> {
    if let Command::Init(args) = command {
        return Some(scaffold::init(args, &global.dialect, world, printer));
    }
    if let Command::Completions(args) = command {
        printer.raw(completions::script(args.shell));
        return Some(Ok(Exit::DONE));
    }
    None
}
