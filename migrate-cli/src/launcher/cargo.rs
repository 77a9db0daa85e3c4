//! Starts cargo as from the user's own shell.

use std::ffi::OsStr;
use std::io;
use std::process::Command;

use crate::environment::Environment;
use crate::error::{CommandError, Problem};

/// The variable with cargo's own path, set for programs that it runs.
const CARGO: &str = "CARGO";

/// Variables about a program's own package that cargo sets, besides `CARGO_PKG_…`.
const OF_PACKAGE: [&str; 8] = [
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "CARGO_MANIFEST_LINKS",
    "CARGO_CRATE_NAME",
    "CARGO_BIN_NAME",
    "CARGO_PRIMARY_PACKAGE",
    "CARGO_TARGET_TMPDIR",
    "OUT_DIR",
];

/// Returns the cargo command, without the variables in which another cargo described the package of this program.
///
/// Some build scripts run again if these change (`ring`'s does), and the user's shell does not have them: with them, each
/// `cargo run -p migrate-cli` and each plain `cargo build` would compile again what the other has compiled.
pub(super) fn command(world: &Environment) -> Command {
    program(world.variable(CARGO).unwrap_or("cargo"), world)
}

/// Returns a command in the environment of the user's shell.
pub(super) fn program(path: impl AsRef<OsStr>, world: &Environment) -> Command {
    let mut command = Command::new(path);
    command.env_remove(CARGO);
    for name in world.variables.keys().filter(|name| is_of_package(name)) {
        command.env_remove(name);
    }
    command.current_dir(&world.directory);
    command
}

/// Returns the error if cargo cannot be started.
pub(super) fn not_run(error: &io::Error) -> CommandError {
    Problem::new("cargo", format_args!("cannot run `cargo`: {error}")).into()
}

fn is_of_package(name: &str) -> bool {
    name.starts_with("CARGO_PKG_")
        || name.starts_with("CARGO_BIN_EXE_")
        || OF_PACKAGE.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_user_sets_for_cargo_stays() {
        for name in ["CARGO_TARGET_DIR", "CARGO_HOME", "CARGO_TERM_COLOR", "CARGO_BUILD_JOBS"] {
            assert!(!is_of_package(name), "{name}");
        }
        assert!(is_of_package("CARGO_PKG_NAME") && is_of_package("CARGO_MANIFEST_DIR"));
    }
}
