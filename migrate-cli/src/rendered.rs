//! Formats errors for people and programs.

use crate::error::CommandError;
use crate::failure::Failure;
use crate::io::Talk;
#[cfg(feature = "commands")]
use crate::report;
use crate::wording;

/// Returns the error as text, like a compiler's.
pub(crate) fn text(error: &CommandError, color: bool) -> String {
    match error {
        CommandError::Problem(problem) => wording::text(problem, color),
        #[cfg(feature = "commands")]
        CommandError::Core(error) => report::text(error, color),
    }
}

/// Returns the error as a document.
pub(crate) fn document(error: &CommandError, talk: &Talk) -> Failure {
    match error {
        CommandError::Problem(problem) => wording::document(problem, talk),
        #[cfg(feature = "commands")]
        CommandError::Core(error) => report::document(error, talk),
    }
}
