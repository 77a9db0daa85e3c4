//! What makes a command end without success.

#[cfg(feature = "commands")]
mod core;

#[cfg(feature = "commands")]
use migrate_core::Error;

pub(crate) use crate::exit::Exit;
pub(crate) use crate::problem::{Problem, file_problem};

/// What a command ends with.
pub(crate) type Outcome = Result<Exit, CommandError>;

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum CommandError {
    /// The framework says so.
    #[cfg(feature = "commands")]
    Core(Box<Error>),
    /// The command line's own affairs.
    Problem(Box<Problem>),
}

impl CommandError {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Problem(problem) => problem.exit,
            #[cfg(feature = "commands")]
            Self::Core(error) => core::exit(error),
        }
    }
}

impl From<Problem> for CommandError {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}
