//! How a run fails.

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
    /// What was asked for cannot be done, and nothing was.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// Whoever looks at plans before they are run refuses this one, and nothing was done.
    #[error(transparent)]
    Review(BoxError),
    /// History cannot be read or written.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// The lock was not had.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// A step failed.
    #[error(transparent)]
    Step(Box<StepError>),
    /// An earlier run ended within a statement, and nobody but a human can tell whether it took effect.
    #[error(transparent)]
    Undecided(Box<Undecided>),
    /// The session could not be set up or put back.
    #[error("the session cannot be prepared for migrations")]
    Session(#[source] DatabaseError),
    /// All is done, but the lock could not be given back.
    #[error("everything is applied, but the migration lock could not be released")]
    Release(#[source] DatabaseError),
    /// The run was told to stop. What was in flight was cancelled and undone as far as the engine can.
    #[error("{}", stopped(step.as_deref()))]
    Stopped {
        /// What was done before.
        report: Report,
        /// The step that was in flight, if one was, and what became of it.
        step: Option<Box<StepError>>,
    },
    /// The plan that was to be run is no longer what is to be done.
    #[error("history has changed since the plan was made, {}", left_undone(report))]
    Outdated {
        /// What was done of the plan before that was noticed.
        report: Report,
    },
    /// The connection was lost when everything that was under way was done.
    #[error("the connection to the database was lost before everything was done")]
    Lost {
        /// What was done before.
        report: Report,
        /// How it was lost.
        source: DatabaseError,
    },
    /// Every plan was out of date before it could be run.
    #[error("history changed under every plan that was made")]
    NeverCurrent,
}

impl RunError {
    pub(crate) fn outdated() -> Self {
        Self::Outdated { report: Report::default() }
    }

    /// A run that was told to stop, and the step in flight that was cancelled.
    pub(crate) fn stopped(step: Option<StepError>) -> Self {
        Self::Stopped { report: Report::default(), step: step.map(Box::new) }
    }

    /// Tells what was done before the failure.
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
        1 => "the rest of it was not run after 1 step".to_owned(),
        done => format!("the rest of it was not run after {done} steps"),
    }
}

fn stopped(step: Option<&StepError>) -> String {
    match step {
        Some(step) => format!("stopped while `{}` was running", step.key),
        None => "stopped before everything was done".to_owned(),
    }
}
