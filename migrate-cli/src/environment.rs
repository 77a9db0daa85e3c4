//! What a process is born into.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::io::{IsTerminal, stderr, stdin, stdout};
use std::path::PathBuf;

use crate::error::{CommandError, Problem};
#[cfg(feature = "commands")]
use crate::signal::StopSwitch;

/// The project's settings file.
pub(crate) const CONFIG_FILE: &str = "migrate.toml";

/// What a process is born into.
#[derive(Clone, Default)]
pub struct Environment {
    /// The environment variables.
    pub variables: BTreeMap<String, String>,
    /// The names of those whose values are not UTF-8.
    pub unreadable: BTreeSet<String>,
    /// The folder it was started in.
    pub directory: PathBuf,
    /// Whether somebody types the input.
    pub input_is_terminal: bool,
    /// Whether somebody reads the output.
    pub output_is_terminal: bool,
    /// Whether somebody reads the errors.
    pub error_is_terminal: bool,
    /// What random ids are made from.
    pub seed: u64,
    /// How a run is told to stop.
    #[cfg(feature = "commands")]
    pub stop: StopSwitch,
}

/// Without the variables' values, which are where passwords are kept.
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
    /// That of this process: the one place that looks.
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

    /// A variable's value; an empty one counts as not set.
    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The value of a variable that decides what is changed, and where: if it is set, it must say something. A secret that
    /// is missing in CI leaves an empty one.
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

    /// The nearest file of this name, here or in a folder above.
    pub(crate) fn nearest(&self, name: &str) -> Option<PathBuf> {
        // A pipe counts: some tools hand out secrets by one.
        let is_there = |path: &PathBuf| path.exists() && !path.is_dir();
        self.directory.ancestors().map(|folder| folder.join(name)).find(is_there)
    }
}
