//! A user's own binary, one of whose revisions runs until it is stopped; as the environment's `WAY` says, not even then.

use std::process::ExitCode;

use migrate_tests::suite::stopping::{blocked, deaf, endless, flooding, panicking};

fn main() -> ExitCode {
    let way = std::env::var_os("WAY").unwrap_or_default();
    migrate_cli::main(match way.to_str() {
        Some("blocked") => blocked(),
        Some("deaf") => deaf(),
        Some("flooding") => flooding(),
        Some("panicking") => panicking(),
        _ => endless(),
    })
}
