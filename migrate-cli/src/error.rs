//! Errors of commands.

#[cfg(feature = "commands")]
mod core;

#[cfg(feature = "commands")]
use migrate_core::Error;

pub(crate) use crate::exit::Exit;
pub(crate) use crate::problem::{Problem, file_problem};

/// The result of a command.
pub(crate) type Outcome = Result<Exit, CommandError>;

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum CommandError {
    /// The error of migrate-core.
    #[cfg(feature = "commands")]
    Core(Box<Error>),
    /// A failure of the command line itself.
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
