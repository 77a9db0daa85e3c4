//! A user's own binary, one of whose revisions runs until it is stopped; with `DEAF` in the environment, not even then.

use std::process::ExitCode;

use migrate_tests::suite::stopping::{deaf, endless};

fn main() -> ExitCode {
    let is_deaf = std::env::var_os("DEAF").is_some();
    migrate_cli::main(if is_deaf { deaf() } else { endless() })
}
