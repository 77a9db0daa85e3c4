//! Extracts the failure that a case expects from an error.

use migrate_core::{Error, LockError, PlanError, RunError, StepError};

pub(crate) fn step(error: Error) -> StepError {
    match error {
        Error::Run(RunError::Step(step)) => *step,
        other => panic!("expected a failed step, not {other:?}"),
    }
}

pub(crate) fn plan(error: Error) -> PlanError {
    match error {
        Error::Run(RunError::Plan(plan)) => plan,
        other => panic!("expected a refused plan, not {other:?}"),
    }
}

pub(crate) fn lock(error: Error) -> LockError {
    match error {
        Error::Run(RunError::Lock(lock)) => lock,
        other => panic!("expected a lock that was not had, not {other:?}"),
    }
}
