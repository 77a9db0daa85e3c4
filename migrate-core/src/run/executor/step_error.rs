//! Why a step failed, the state it leaves, and what to do about it.

use std::fmt;

use crate::db::{DbError, DbErrorCause};
use crate::declare::body::BoxError;
use crate::declare::excerpt::Excerpt;
use crate::declare::migration::{Kind, Origin};
use crate::declare::revision::RevisionKey;
use crate::engine::connection::{DatabaseError, ErrorKind, hint};
use crate::history::{State, StatementJournal};
use crate::plan::{Action, Mode, Step, start_over};
use crate::run::blocker::Blocker;
use crate::run::executor::undecided::outcome_hint;
use crate::run::lock::LockError;
use crate::run::observer::Report;

/// A step that failed. The steps before it remain done.
#[derive(Debug)]
#[non_exhaustive]
pub struct StepError {
    /// The revision.
    pub key: RevisionKey,
    /// Schema or data.
    pub kind: Kind,
    /// The action that failed.
    pub action: Action,
    /// Where it is declared.
    pub origin: Option<Origin>,
    /// The statement that failed, from 1, if one did.
    pub statement: Option<usize>,
    /// The number of statements; 0 where it is not known.
    pub statements: usize,
    /// The SQL around the fault, and its place in the sources.
    pub excerpt: Option<Excerpt>,
    /// The state the database is in now.
    pub aftermath: Aftermath,
    /// The statement, from 1, whose outcome is unknown.
    pub outcome_unknown: Option<usize>,
    /// The sessions that blocked it when it failed, as far as they are known.
    pub blockers: Vec<Blocker>,
    /// The revisions that were sent together, if the connection was lost before the outcome of any was known.
    pub in_flight: Vec<RevisionKey>,
    /// The steps done before.
    pub report: Report,
    /// Why it failed.
    pub cause: StepCause,
}

/// Why a step failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StepCause {
    /// The database refused a statement.
    #[error(transparent)]
    Database(DatabaseError),
    /// A call of a code migration failed.
    #[error(transparent)]
    Call(DbError),
    /// A code migration returned an error of its own.
    #[error(transparent)]
    Code(BoxError),
    /// A code migration ended the transaction it runs in.
    #[error(
        "the code ended its own transaction, with `COMMIT`, `ROLLBACK` or a statement that commits implicitly{}",
        because(.0.as_ref())
    )]
    Escaped(Option<BoxError>),
    /// The lock was lost to another run.
    #[error(transparent)]
    Lock(LockError),
    /// The step's row in history was removed or changed while it ran.
    #[error("its row in history was removed or changed while it ran, by another run or by hand")]
    Displaced,
    /// Rows would remain that refer to missing rows.
    #[error("foreign keys would be violated: {}", violations.join(", "))]
    ForeignKeys {
        /// The violations, in words.
        violations: Vec<String>,
    },
}

impl StepCause {
    /// Returns the advice that comes with the cause.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::Database(error) => {
                error.hint.clone().or_else(|| hint::of_access(error).map(str::to_owned))
            }
            Self::Call(error) => error.hint(),
            Self::Lock(error) => error.hint(),
            Self::Escaped(_) => Some(
                "do not end the transaction; `begin()` on the connection creates a savepoint inside it"
                    .to_owned(),
            ),
            Self::Code(_) | Self::Displaced | Self::ForeignKeys { .. } => None,
        }
    }
}

fn because(error: Option<&BoxError>) -> String {
    error.map_or_else(String::new, |error| format!("; after that it failed: {error}"))
}

/// The state in which a failed step leaves the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Aftermath {
    /// The database is as it was before this step.
    RolledBack,
    /// The statements before the failed one remain in effect.
    Half {
        /// The number of statements that succeeded.
        done: usize,
    },
    /// Writes to tables without transactions remain: the statements that succeeded and, perhaps, a part of the failed
    /// one.
    Torn {
        /// The number of statements that succeeded; `None` where it is not known which of them remain.
        done: Option<usize>,
    },
    /// Code ended the transaction it runs in: what it committed remains.
    Escaped,
    /// The connection was lost: the step may or may not have been applied.
    Unknown,
}

impl fmt::Display for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match self.action {
            Action::Apply => "failed",
            Action::Revert => "could not be undone: it failed",
            Action::Forget | Action::Unstamp => "could not be removed from history",
            Action::Stamp => "could not be written to history",
            Action::Repair => "could not be corrected in history",
        };
        write!(f, "`{}` {verb}", self.key)?;
        match (self.statement, self.statements) {
            (Some(statement), 0) => write!(f, " at statement {statement}"),
            (Some(statement), total) => write!(f, " at statement {statement} of {total}"),
            (None, _) => Ok(()),
        }
    }
}

impl std::error::Error for StepError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.cause)
    }
}

/// What is known about a failed step.
pub(crate) struct Failure {
    /// The statement that failed, from 1.
    pub(crate) statement: Option<usize>,
    pub(crate) excerpt: Option<Excerpt>,
    pub(crate) aftermath: Aftermath,
    pub(crate) journal: Journal,
    pub(crate) cause: StepCause,
}

/// What the next run finds in the journal.
#[derive(Debug)]
pub(crate) enum Journal {
    /// This journal.
    Is(StatementJournal),
    /// The journal as written so far, its last statement marked as failed.
    Failed,
    /// The journal as written so far: the outcome of its last statement is unknown.
    Kept,
}

impl Failure {
    /// Records that writes could not be rolled back: those of the failed statement, or of the whole step.
    pub(crate) fn tear(&mut self, mode: Mode) {
        let done = match (mode, self.aftermath) {
            (Mode::Journaled, Aftermath::Half { done }) => Some(done),
            (Mode::Journaled | Mode::Transaction, _) => None,
        };
        self.aftermath = Aftermath::Torn { done };
        // The journal of code already states the outcome of each call.
        if matches!(self.journal, Journal::Failed) {
            self.journal = Journal::Kept;
        }
    }

    /// Creates a failure that no single statement caused.
    pub(crate) fn new(aftermath: Aftermath, cause: StepCause) -> Self {
        let journal = Journal::Is(StatementJournal::default());
        Self { statement: None, excerpt: None, aftermath, journal, cause }
    }

    /// Returns the statement, from 1, that was started and may have taken effect.
    fn outcome_unknown(&self) -> Option<usize> {
        let Aftermath::Half { done } = self.aftermath else { return None };
        let Journal::Is(journal) = &self.journal else { return None };
        let begun = journal.begun().get(done)?;
        (!begun.failed).then_some(done + 1)
    }
}

impl StepError {
    pub(crate) fn new(step: &Step, failure: Failure) -> Self {
        let outcome_unknown = failure.outcome_unknown();
        Self {
            key: step.key().clone(),
            kind: step.kind(),
            action: step.action,
            origin: step.migration.origin(),
            statement: failure.statement,
            statements: step.statements(),
            excerpt: failure.excerpt,
            aftermath: failure.aftermath,
            outcome_unknown,
            blockers: Vec::new(),
            in_flight: Vec::new(),
            report: Report::default(),
            cause: failure.cause,
        }
    }

    /// Returns the database's error, if it caused the failure.
    pub fn database(&self) -> Option<&DatabaseError> {
        match &self.cause {
            StepCause::Database(error) => Some(error),
            StepCause::Call(error) => error.database_error(),
            StepCause::Code(_)
            | StepCause::Escaped(_)
            | StepCause::Lock(_)
            | StepCause::Displaced
            | StepCause::ForeignKeys { .. } => None,
        }
    }

    /// Returns whether code differs from what an earlier run executed.
    fn has_diverged(&self) -> bool {
        let diverged = |cause: &DbErrorCause| {
            matches!(cause, DbErrorCause::Diverged { .. } | DbErrorCause::Unrepeatable { .. })
        };
        matches!(&self.cause, StepCause::Call(call) if diverged(&call.cause))
    }

    /// Describes the state the database is in now.
    pub fn state(&self) -> String {
        let unit = if self.statements == 0 { "call" } else { "statement" };
        let in_flight = match self.outcome_unknown {
            Some(number) => {
                format!("; {unit} {number} may have been applied, completely or in part")
            }
            None => String::new(),
        };
        match self.aftermath {
            Aftermath::RolledBack => format!("the database is as it was before `{}`", self.key),
            Aftermath::Half { done: 0 } if self.outcome_unknown.is_some() => {
                format!("the first {unit} of `{}` may or may not have been applied", self.key)
            }
            Aftermath::Half { done: 0 } => {
                format!("no statement of `{}` has been applied", self.key)
            }
            // The total number of calls that code makes is not known.
            Aftermath::Half { done } if self.statements == 0 => {
                format!(
                    "the first {done} calls of `{}` have been applied and remain{in_flight}",
                    self.key
                )
            }
            Aftermath::Half { done } => {
                format!(
                    "{done} of {} statements of `{}` have been applied and remain{in_flight}",
                    self.statements, self.key
                )
            }
            Aftermath::Torn { done: None } => format!(
                "`{}` wrote to a table without transactions, and a part of its changes remains",
                self.key
            ),
            Aftermath::Torn { done: Some(done) } if self.statements == 0 => format!(
                "the first {done} calls of `{}` have been applied and remain; so does a part of the next one, which wrote to a \
                table without transactions",
                self.key
            ),
            Aftermath::Torn { done: Some(done) } => format!(
                "{done} of {} statements of `{}` have been applied and remain; so does a part of the next one, which wrote to a \
                table without transactions",
                self.statements, self.key
            ),
            Aftermath::Escaped => format!(
                "the code of `{}` ended its own transaction: what it committed, and what it did after that, remains; it is \
                recorded as failed",
                self.key
            ),
            Aftermath::Unknown => {
                let flight: Vec<String> = match self.in_flight.as_slice() {
                    [] => vec![format!("`{}`", self.key)],
                    keys => keys.iter().map(|key| format!("`{key}`")).collect(),
                };
                format!(
                    "the connection was lost while {} {} running, so {} may or may not have been applied",
                    flight.join(", "),
                    if flight.len() == 1 { "was" } else { "were" },
                    if flight.len() == 1 { "it" } else { "they" }
                )
            }
        }
    }

    /// Returns whether it failed because of another session.
    pub(crate) fn passes(&self) -> bool {
        self.database().is_some_and(|error| {
            matches!(error.kind, ErrorKind::LockTimeout | ErrorKind::Serialization)
        })
    }

    /// Returns whether the database's storage was the cause, and not the step.
    fn is_storage(&self) -> bool {
        self.database().is_some_and(|error| {
            matches!(error.kind, ErrorKind::ReadOnly | ErrorKind::Full | ErrorKind::Corrupt)
        })
    }

    /// Returns what to do about blocking sessions and about timeouts.
    pub fn advice(&self) -> Vec<String> {
        let mut advice: Vec<String> = self.blockers.iter().filter_map(Blocker::hint).collect();
        let raise = |what: &str| {
            format!(
                "raise it with `--{what}-timeout DURATION`, or for this revision with `{what}_timeout = \"…\"` in its attribute"
            )
        };
        match self.database().map(|error| error.kind) {
            Some(ErrorKind::StatementTimeout) => advice.push(raise("statement")),
            Some(ErrorKind::LockTimeout) => advice.push(
                "`--wait SECONDS` sets how long it is retried; `--lock-timeout DURATION` limits each attempt"
                    .to_owned(),
            ),
            _ => {}
        }
        advice
    }

    /// Returns what to do about it.
    pub fn hint(&self) -> String {
        let command = match self.action {
            Action::Revert | Action::Forget => "down",
            Action::Apply => match self.kind {
                Kind::Schema => "up",
                Kind::Data => "production",
            },
            Action::Stamp | Action::Unstamp => "stamp",
            Action::Repair => "repair",
        };
        match self.aftermath {
            Aftermath::RolledBack if self.passes() => {
                format!(
                    "run `migrate {command}` again when the other sessions are done; it continues from here"
                )
            }
            Aftermath::RolledBack if self.is_storage() => {
                format!("then run `migrate {command}` again; it continues from here")
            }
            Aftermath::RolledBack => {
                format!("fix it and run `migrate {command}` again; it continues from here")
            }
            Aftermath::Half { .. } if self.has_diverged() => start_over(&self.key.id),
            Aftermath::Half { .. } if self.outcome_unknown.is_some() => outcome_hint(&self.key.id),
            Aftermath::Torn { done: Some(_) } => outcome_hint(&self.key.id),
            Aftermath::Torn { done: None } | Aftermath::Escaped => {
                let reverting = matches!(self.action, Action::Revert | Action::Forget);
                let state = if reverting { State::Reverting } else { State::Failed };
                state.hint(&self.key.id)
            }
            Aftermath::Half { .. } => format!(
                "fix the statement that failed and run `migrate {command}` again; it resumes at that statement"
            ),
            Aftermath::Unknown => {
                format!("run `migrate {command}` again; it reads history and continues from there")
            }
        }
    }
}
