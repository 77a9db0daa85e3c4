//! The library's error type.

use crate::api::config::ConfigError;
use crate::api::offline::OfflineError;
use crate::declare::revision::RevisionKey;
use crate::engine::connection::{DatabaseError, hint};
use crate::engine::url::UrlError;
use crate::graph::GraphError;
use crate::graph::target::TargetError;
use crate::history::store::HistoryError;
use crate::plan::PlanError;
use crate::run::executor::{RunError, StepCause};

/// An error of a [`Migrator`](crate::Migrator).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The migrations do not form a graph.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// `migrate.toml` is not valid.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Not a valid database URL.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// The connection to the database failed.
    #[error("cannot connect to {url}")]
    Connect {
        /// The URL, without its password.
        url: String,
        /// Why it failed.
        source: DatabaseError,
    },
    /// A target cannot be resolved.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// History cannot be read.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// A run failed.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A script cannot be written.
    #[error(transparent)]
    Offline(#[from] OfflineError),
    /// The schema is behind the program.
    #[error("the schema is behind: {pending} {} pending", if *pending == 1 { "revision is" } else { "revisions are" })]
    Behind {
        /// The number of schema revisions that are not applied.
        pending: usize,
    },
}

impl Error {
    /// Returns what to do about it, one hint each.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Graph(error) => error.hints(),
            Self::Config(_) => Vec::new(),
            Self::Url(error) => vec![error.hint()],
            Self::Connect { source, .. } => source.connecting_hint().into_iter().collect(),
            Self::Target(error) => error.hint().into_iter().collect(),
            Self::History(error) => error.hint().into_iter().collect(),
            Self::Offline(error) => error.hint().into_iter().collect(),
            Self::Run(error) => run_hints(error),
            Self::Behind { .. } => {
                vec!["run `migrate up` before the application starts".to_owned()]
            }
        }
    }

    /// Returns a short name for programs, which stays when the words change.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Graph(_) => "graph",
            Self::Config(_) => "config",
            Self::Url(_) => "url",
            Self::Connect { .. } => "connect",
            Self::Target(error) => error.code(),
            Self::History(_) | Self::Run(RunError::History(_)) => "history",
            Self::Offline(error) => error.code(),
            Self::Run(RunError::Plan(error)) => error.code(),
            Self::Run(RunError::Review(_)) => "review",
            Self::Run(RunError::Lock(_)) => "lock",
            Self::Run(RunError::Step(error)) if matches!(error.cause, StepCause::Lock(_)) => "lock",
            Self::Run(RunError::Undecided(_)) => "undecided",
            Self::Run(RunError::Step(_)) => "step",
            Self::Run(RunError::Stopped { .. }) => "stopped",
            Self::Run(RunError::Outdated { .. }) => "outdated",
            Self::Run(
                RunError::Session(_)
                | RunError::Release(_)
                | RunError::Lost { .. }
                | RunError::NeverCurrent,
            ) => "session",
            Self::Behind { .. } => "behind",
        }
    }

    /// Returns the revision that the error is about, if it is about one.
    pub fn revision(&self) -> Option<&RevisionKey> {
        match self {
            Self::Run(RunError::Plan(error)) => error.revision(),
            Self::Run(RunError::Step(error)) => Some(&error.key),
            Self::Run(RunError::Undecided(error)) => Some(&error.key),
            Self::Run(RunError::Stopped { step, .. }) => step.as_ref().map(|step| &step.key),
            Self::Offline(error) => error.revision(),
            Self::Graph(_)
            | Self::Config(_)
            | Self::Url(_)
            | Self::Connect { .. }
            | Self::Target(_)
            | Self::History(_)
            | Self::Run(_)
            | Self::Behind { .. } => None,
        }
    }
}

fn run_hints(error: &RunError) -> Vec<String> {
    match error {
        RunError::Plan(error) => PlanError::hint(error).into_iter().collect(),
        RunError::History(error) => error.hint().into_iter().collect(),
        RunError::Lock(error) => error.hint().into_iter().collect(),
        RunError::Undecided(error) => vec![error.hint()],
        RunError::Step(error) => {
            error.cause.hint().into_iter().chain(error.advice()).chain([error.hint()]).collect()
        }
        RunError::Stopped { .. } => {
            vec!["run the same command again to continue".to_owned()]
        }
        RunError::Outdated { .. } => {
            vec!["run the command again to see what has to be done now".to_owned()]
        }
        RunError::Lost { source, .. } => source
            .hint
            .clone()
            .into_iter()
            .chain(["run the same command again to continue".to_owned()])
            .collect(),
        RunError::Session(error) | RunError::Release(error) => {
            let access = || hint::of_access(error).map(str::to_owned);
            error.hint.clone().or_else(access).into_iter().collect()
        }
        RunError::Review(_) | RunError::NeverCurrent => Vec::new(),
    }
}
