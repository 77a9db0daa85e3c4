//! Why a run failed.

use crate::declare::body::BoxError;
use crate::engine::connection::DatabaseError;
use crate::history::store::HistoryError;
use crate::plan::PlanError;
use crate::run::executor::step_error::StepError;
use crate::run::executor::undecided::Undecided;
use crate::run::lock::LockError;
use crate::run::observer::Report;

/// A run failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The request cannot be planned. Nothing was done.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The review of the plan refused it. Nothing was done.
    #[error(transparent)]
    Review(BoxError),
    /// History cannot be read or written.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// The migration lock could not be acquired.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// A step failed.
    #[error(transparent)]
    Step(Box<StepError>),
    /// An earlier run ended during a statement whose outcome cannot be determined.
    #[error(transparent)]
    Undecided(Box<Undecided>),
    /// The session could not be set up or restored.
    #[error("the session cannot be prepared for migrations")]
    Session(#[source] DatabaseError),
    /// All steps are done, but the lock could not be released.
    #[error("all steps are done, but the migration lock could not be released")]
    Release(#[source] DatabaseError),
    /// The run was stopped. The statement in flight was cancelled and, as far as the engine can, rolled back.
    #[error("{}", stopped(step.as_deref()))]
    Stopped {
        /// The steps done before.
        report: Report,
        /// The step that was running, if there was one, and its state.
        step: Option<Box<StepError>>,
    },
    /// The given plan is no longer what has to be done.
    #[error("history has changed since the plan was made: {}", left_undone(report))]
    Outdated {
        /// The steps of the plan that were done before.
        report: Report,
    },
    /// The connection was lost between two steps.
    #[error("the connection to the database was lost before all steps were done")]
    Lost {
        /// The steps done before.
        report: Report,
        /// The error that ended it.
        source: DatabaseError,
    },
    /// Every plan was out of date before it could run.
    #[error("history kept changing while plans were made")]
    NeverCurrent,
}

impl RunError {
    pub(crate) fn outdated() -> Self {
        Self::Outdated { report: Report::default() }
    }

    /// Returns the error of a stopped run, with the step that was cancelled.
    pub(crate) fn stopped(step: Option<StepError>) -> Self {
        Self::Stopped { report: Report::default(), step: step.map(Box::new) }
    }

    /// Adds the steps done before the failure.
    pub(crate) fn with_report(self, report: Report) -> Self {
        match self {
            Self::Step(step) => Self::Step(Box::new(StepError { report, ..*step })),
            Self::Stopped { step, .. } => Self::Stopped { report, step },
            Self::Outdated { .. } => Self::Outdated { report },
            Self::Lost { source, .. } => Self::Lost { report, source },
            other @ (Self::Plan(_)
            | Self::Review(_)
            | Self::History(_)
            | Self::Lock(_)
            | Self::Undecided(_)
            | Self::Session(_)
            | Self::Release(_)
            | Self::NeverCurrent) => other,
        }
    }
}

impl From<StepError> for RunError {
    fn from(error: StepError) -> Self {
        Self::Step(Box::new(error))
    }
}

fn left_undone(report: &Report) -> String {
    match report.done.len() {
        0 => "nothing was done".to_owned(),
        1 => "it was abandoned after 1 step".to_owned(),
        done => format!("it was abandoned after {done} steps"),
    }
}

fn stopped(step: Option<&StepError>) -> String {
    match step {
        Some(step) => format!("stopped while `{}` was running", step.key),
        None => "stopped before all steps were done".to_owned(),
    }
}
