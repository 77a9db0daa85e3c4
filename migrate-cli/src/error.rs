//! What makes a command end without success.

use std::fmt;

use migrate_core::{Error, OfflineError, RunError, TargetError, UrlError};

/// How a run ended, as the process's exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit(u8);

impl Exit {
    /// It is done.
    pub const DONE: Self = Self(0);
    /// It failed.
    pub const FAILED: Self = Self(1);
    /// It was asked for in a way that is not understood.
    pub const USAGE: Self = Self(2);
    /// The answer is no: something is pending, or was found.
    pub const NO: Self = Self(3);
    /// Stopped because its terminal was closed.
    pub const HUNG_UP: Self = Self(129);
    /// Stopped by Ctrl-C.
    pub const INTERRUPTED: Self = Self(130);
    /// Stopped by SIGTERM.
    pub const TERMINATED: Self = Self(143);

    /// The code of a program that was run.
    #[cfg(not(unix))]
    pub(crate) const fn of_child(code: u8) -> Self {
        Self(code)
    }

    /// The number.
    pub const fn code(self) -> u8 {
        self.0
    }
}

/// What a command ends with.
pub(crate) type Outcome = Result<Exit, CommandError>;

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum CommandError {
    /// The framework says so.
    Core(Box<Error>),
    /// The command line's own affairs.
    Problem(Box<Problem>),
}

/// A failure of the command line itself.
#[derive(Debug)]
pub(crate) struct Problem {
    /// A short name that does not change.
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) hints: Vec<String>,
    pub(crate) exit: Exit,
}

impl Problem {
    pub(crate) fn new(code: &'static str, message: impl fmt::Display) -> Self {
        Self { code, message: message.to_string(), hints: Vec::new(), exit: Exit::FAILED }
    }

    /// Something that another command line would avoid.
    pub(crate) fn usage(code: &'static str, message: impl fmt::Display) -> Self {
        Self { exit: Exit::USAGE, ..Self::new(code, message) }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl CommandError {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Problem(problem) => problem.exit,
            Self::Core(error) if is_usage(error) => Exit::USAGE,
            // Whoever has seen the signal knows better.
            Self::Core(error) if matches!(**error, Error::Run(RunError::Stopped { .. })) => {
                Exit::INTERRUPTED
            }
            Self::Core(_) => Exit::FAILED,
        }
    }
}

/// Whether the words on the command line are to blame, whatever the database holds.
fn is_usage(error: &Error) -> bool {
    matches!(
        error,
        Error::Url(_)
            | Error::Target(TargetError::Syntax { .. } | TargetError::RangeSyntax { .. })
            | Error::Offline(OfflineError::NoStart)
    )
}

impl From<Problem> for CommandError {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<Error> for CommandError {
    fn from(error: Error) -> Self {
        Self::Core(Box::new(error))
    }
}

macro_rules! through_core {
    ($($error:ty),* $(,)?) => {
        $(impl From<$error> for CommandError {
            fn from(error: $error) -> Self {
                Error::from(error).into()
            }
        })*
    };
}

through_core!(TargetError, UrlError, RunError, OfflineError, migrate_core::ConfigError);

impl From<migrate_core::PlanError> for CommandError {
    fn from(error: migrate_core::PlanError) -> Self {
        RunError::from(error).into()
    }
}

/// An operation on a file failed.
pub(crate) fn file_problem(verb: &str, path: &std::path::Path, error: &std::io::Error) -> Problem {
    Problem::new("file", format_args!("cannot {verb} `{}`: {error}", path.display()))
}
