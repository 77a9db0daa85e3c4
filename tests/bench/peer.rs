//! Who is measured, doing what.

use std::error::Error;
use std::fmt;
use std::io::ErrorKind;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use migrate_tests::{Database, run_script};

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What is measured, in the order in which a database goes through it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Action {
    /// All migrations, on an empty database.
    Up,
    /// The same again, when nothing is left to do.
    Nothing,
    /// All of them undone.
    Down,
}

impl Action {
    pub(crate) const ALL: [Self; 3] = [Self::Up, Self::Nothing, Self::Down];
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Up => "`up` from empty",
            Self::Nothing => "nothing to do",
            Self::Down => "`down` to base",
        })
    }
}

/// One who takes part.
pub(crate) trait Peer {
    fn name(&self) -> &'static str;

    /// How it does this; nothing where it has nothing to show.
    fn work(&self, database: &Database, action: Action) -> Option<Work>;
}

/// A process to run.
pub(crate) enum Work {
    Program(Command),
    /// The engine's own client, fed with this.
    Script(String),
}

impl Work {
    /// Runs it, and says how long that took.
    pub(crate) fn measure(self, database: &Database) -> Result<Duration> {
        let begun = Instant::now();
        let (success, said) = match self {
            Self::Program(mut command) => {
                let output = command.stdin(Stdio::null()).output()?;
                (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
            }
            Self::Script(script) => {
                let client = run_script(database, &script);
                (client.success, client.said)
            }
        };
        let time = begun.elapsed();
        if success { Ok(time) } else { Err(format!("it failed:\n{said}").into()) }
    }
}

/// Runs a peer's own program once, unmeasured; false where it is not installed.
pub(crate) fn is_installed(command: &mut Command) -> Result<bool> {
    match command.stdin(Stdio::null()).output() {
        Ok(output) if output.status.success() => Ok(true),
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).into()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}
