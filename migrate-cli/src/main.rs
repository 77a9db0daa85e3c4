//! `migrate`: finds the project's migrations crate and runs its commands.

use std::process::ExitCode;

fn main() -> ExitCode {
    migrate_cli::find_and_main()
}
