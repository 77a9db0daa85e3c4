//! The environment of a process.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::io::{IsTerminal, stderr, stdin, stdout};
use std::path::PathBuf;

use crate::error::{CommandError, Problem};
#[cfg(feature = "commands")]
use crate::signal::StopSwitch;

/// The name of the settings file.
pub(crate) const CONFIG_FILE: &str = "migrate.toml";

/// The environment of a process: variables, folder, terminal.
#[derive(Clone, Default)]
pub struct Environment {
    /// The environment variables.
    pub variables: BTreeMap<String, String>,
    /// The names of variables whose values are not UTF-8.
    pub unreadable: BTreeSet<String>,
    /// The current folder.
    pub directory: PathBuf,
    /// Whether the input is a terminal.
    pub input_is_terminal: bool,
    /// Whether the output is a terminal.
    pub output_is_terminal: bool,
    /// Whether the error output is a terminal.
    pub error_is_terminal: bool,
    /// The seed of random ids.
    pub seed: u64,
    /// The switch that stops a run.
    #[cfg(feature = "commands")]
    pub stop: StopSwitch,
}

/// Omits the variables' values, which may contain passwords.
impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&String> = self.variables.keys().collect();
        f.debug_struct("Environment")
            .field("directory", &self.directory)
            .field("variables", &names)
            .finish_non_exhaustive()
    }
}

impl Environment {
    /// Returns the environment of this process: the only place that reads it.
    pub fn of_process() -> Self {
        let (mut variables, mut unreadable) = (BTreeMap::new(), BTreeSet::new());
        for (name, value) in env::vars_os() {
            let Ok(name) = name.into_string() else { continue };
            match value.into_string() {
                Ok(value) => {
                    variables.insert(name, value);
                }
                Err(_) => {
                    unreadable.insert(name);
                }
            }
        }
        Self {
            variables,
            unreadable,
            directory: env::current_dir().unwrap_or_else(|_| PathBuf::from(".")),
            input_is_terminal: stdin().is_terminal(),
            output_is_terminal: stdout().is_terminal(),
            error_is_terminal: stderr().is_terminal(),
            seed: RandomState::new().hash_one(std::process::id()),
            #[cfg(feature = "commands")]
            stop: StopSwitch::default(),
        }
    }

    /// Returns a variable's value; an empty one counts as not set.
    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Returns the value of a variable that decides what is changed, and where. If it is set, it must not be empty: a secret that
    /// is missing in CI leaves an empty variable.
    pub(crate) fn deciding(&self, name: &str) -> Result<Option<&str>, CommandError> {
        if self.unreadable.contains(name) {
            let problem = Problem::usage("not-utf8", format_args!("`{name}` is not valid UTF-8"));
            return Err(problem
                .hint("in a URL, percent-encode what is not ASCII: `é` is `%C3%A9`")
                .into());
        }
        match self.variables.get(name) {
            Some(value) if value.trim().is_empty() => {
                let problem = Problem::usage("empty", format_args!("`{name}` is set but empty"));
                Err(problem.hint(format!("give it a value, or unset it: `unset {name}`")).into())
            }
            value => Ok(value.map(String::as_str)),
        }
    }

    /// Returns the nearest file with this name, here or in a folder above.
    pub(crate) fn nearest(&self, name: &str) -> Option<PathBuf> {
        // A pipe counts: some tools provide secrets through one.
        let is_there = |path: &PathBuf| path.exists() && !path.is_dir();
        self.directory.ancestors().map(|folder| folder.join(name)).find(is_there)
    }
}
