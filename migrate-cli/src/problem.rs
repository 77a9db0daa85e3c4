//! A failure of the command line itself.

use std::fmt;
use std::io;
use std::path::Path;

use crate::exit::Exit;

/// A failure of the command line itself.
#[derive(Debug)]
pub(crate) struct Problem {
    /// A short, stable name.
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) hints: Vec<String>,
    pub(crate) exit: Exit,
}

impl Problem {
    pub(crate) fn new(code: &'static str, message: impl fmt::Display) -> Self {
        Self { code, message: message.to_string(), hints: Vec::new(), exit: Exit::FAILED }
    }

    /// Creates a problem that another command line would avoid.
    pub(crate) fn usage(code: &'static str, message: impl fmt::Display) -> Self {
        Self { exit: Exit::USAGE, ..Self::new(code, message) }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

/// Returns the problem of a failed operation on a file.
pub(crate) fn file_problem(verb: &str, path: &Path, error: &io::Error) -> Problem {
    Problem::new("file", format_args!("cannot {verb} `{}`: {error}", path.display()))
}
