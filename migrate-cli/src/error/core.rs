//! Exit codes of the library's errors.

use migrate_core::{ConfigError, Error, OfflineError, PlanError, RunError, TargetError, UrlError};

use crate::error::{CommandError, Exit};

/// Returns the exit code of a command that ends with this error.
pub(super) fn exit(error: &Error) -> Exit {
    if is_usage(error) {
        Exit::USAGE
    } else if matches!(error, Error::Run(RunError::Stopped { .. })) {
        // The caller replaces it with the exit code of the signal.
        Exit::INTERRUPTED
    } else {
        Exit::FAILED
    }
}

/// Returns whether the command line is wrong, regardless of the database.
fn is_usage(error: &Error) -> bool {
    matches!(
        error,
        Error::Url(_)
            | Error::Target(TargetError::Syntax { .. } | TargetError::RangeSyntax { .. })
            | Error::Offline(OfflineError::NoStart)
    )
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

through_core!(TargetError, UrlError, RunError, OfflineError, ConfigError);

impl From<PlanError> for CommandError {
    fn from(error: PlanError) -> Self {
        RunError::from(error).into()
    }
}
