//! Completion scripts.

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use crate::args::Cli;

/// Returns the completion script for `shell`.
pub(crate) fn script(shell: Shell) -> String {
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "migrate", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}
