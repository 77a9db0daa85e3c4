//! How a step fails, what state it leaves, and what to do then.

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
use crate::run::executor::undecided::ask_for_a_word;
use crate::run::lock::LockError;
use crate::run::observer::Report;

/// One step failed; those before it stand.
#[derive(Debug)]
#[non_exhaustive]
pub struct StepError {
    /// The revision.
    pub key: RevisionKey,
    /// Schema or data.
    pub kind: Kind,
    /// What was being done with it.
    pub action: Action,
    /// Where it is declared.
    pub origin: Option<Origin>,
    /// The statement that failed, from 1, as far as one is to blame.
    pub statement: Option<usize>,
    /// How many statements there are, as far as it is known.
    pub statements: usize,
    /// The SQL around the fault, and where it stands.
    pub excerpt: Option<Excerpt>,
    /// What state the database is in now.
    pub aftermath: Aftermath,
    /// The statement, from 1, of which it is not known how much of it has taken effect.
    pub outcome_unknown: Option<usize>,
    /// Who was in the way when it failed, as far as it was seen.
    pub blockers: Vec<Blocker>,
    /// The revisions that were sent together, if the connection was lost before anything was known of them.
    pub in_flight: Vec<RevisionKey>,
    /// What was done before.
    pub report: Report,
    /// Why it failed.
    pub cause: StepCause,
}

/// Why a step failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StepCause {
    /// The database refused.
    #[error(transparent)]
    Database(DatabaseError),
    /// A call of a code migration failed.
    #[error(transparent)]
    Call(DbError),
    /// A code migration ended with an error of its own.
    #[error(transparent)]
    Code(BoxError),
    /// A code migration has ended its own transaction.
    #[error(
        "the code ended its own transaction, by `COMMIT`, `ROLLBACK` or a statement that commits by itself{}",
        because(.0.as_ref())
    )]
    Escaped(Option<BoxError>),
    /// The lock was lost to another run.
    #[error(transparent)]
    Lock(LockError),
    /// The step's row in history was removed or changed while it ran.
    #[error("its row in history was removed or changed while it ran, by another run or by hand")]
    Displaced,
    /// Rows would be left whose parents are gone.
    #[error("foreign keys would be violated: {}", violations.join(", "))]
    ForeignKeys {
        /// What is violated, in words.
        violations: Vec<String>,
    },
}

impl StepCause {
    /// What the database's refusal or the SQL itself says is to be done.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::Database(error) => {
                error.hint.clone().or_else(|| hint::of_access(error).map(str::to_owned))
            }
            Self::Call(error) => error.hint(),
            Self::Lock(error) => error.hint(),
            Self::Escaped(_) => Some(
                "leave the transaction to the framework: within it, `begin()` on the lent connection makes a savepoint"
                    .to_owned(),
            ),
            Self::Code(_) | Self::Displaced | Self::ForeignKeys { .. } => None,
        }
    }
}

fn because(error: Option<&BoxError>) -> String {
    error.map_or_else(String::new, |error| format!("; then it failed: {error}"))
}

/// What state a failed step leaves the database in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Aftermath {
    /// As it was before this step.
    RolledBack,
    /// The statements before the failing one stay.
    Half {
        /// Statements that ended well.
        done: usize,
    },
    /// What was written into tables without transactions stays: the statements that are done, if they are counted, and
    /// perhaps a part of the one that failed.
    Torn {
        /// Statements that ended well; nothing where it is not known which of them stay.
        done: Option<usize>,
    },
    /// Code has ended the transaction that was to hold it: what it did before and after stays, or is undone, as it said.
    Escaped,
    /// The connection was lost: the server may or may not have done it.
    Unknown,
}

impl fmt::Display for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match self.action {
            Action::Apply => "failed",
            Action::Revert => "failed to be undone",
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

/// What is known of a step that failed.
pub(crate) struct Failure {
    /// The statement to blame, from 1.
    pub(crate) statement: Option<usize>,
    pub(crate) excerpt: Option<Excerpt>,
    pub(crate) aftermath: Aftermath,
    pub(crate) journal: Journal,
    pub(crate) cause: StepCause,
}

/// What the journal is to tell the next run.
#[derive(Debug)]
pub(crate) enum Journal {
    /// This.
    Is(StatementJournal),
    /// What the marks have written, and that its last statement failed.
    Failed,
    /// What the marks have written: what became of its last statement is not known.
    Kept,
}

impl Failure {
    /// Notes that what was written could not be rolled back: by the statement that failed, or by any of its step.
    pub(crate) fn tear(&mut self, mode: Mode) {
        let done = match (mode, self.aftermath) {
            (Mode::Journaled, Aftermath::Half { done }) => Some(done),
            (Mode::Journaled | Mode::Transaction, _) => None,
        };
        self.aftermath = Aftermath::Torn { done };
        // What code has accounted for says so itself.
        if matches!(self.journal, Journal::Failed) {
            self.journal = Journal::Kept;
        }
    }

    /// A failure that no statement is to blame for.
    pub(crate) fn new(aftermath: Aftermath, cause: StepCause) -> Self {
        let journal = Journal::Is(StatementJournal::default());
        Self { statement: None, excerpt: None, aftermath, journal, cause }
    }

    /// The statement, from 1, that was begun and is not known to have failed as a whole.
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

    /// The database's own refusal, if it was one.
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

    /// Whether code is no longer what an earlier run did of it.
    fn has_diverged(&self) -> bool {
        let diverged = |cause: &DbErrorCause| {
            matches!(cause, DbErrorCause::Diverged { .. } | DbErrorCause::Unrepeatable { .. })
        };
        matches!(&self.cause, StepCause::Call(call) if diverged(&call.cause))
    }

    /// What state the database is in now, in words.
    pub fn state(&self) -> String {
        let unit = if self.statements == 0 { "call" } else { "statement" };
        let in_flight = match self.outcome_unknown {
            Some(number) => {
                format!("; {unit} {number} may have taken effect, wholly or in part")
            }
            None => String::new(),
        };
        match self.aftermath {
            Aftermath::RolledBack => format!("the database is as it was before `{}`", self.key),
            Aftermath::Half { done: 0 } if self.outcome_unknown.is_some() => {
                format!("it is not known whether the first {unit} of `{}` took effect", self.key)
            }
            Aftermath::Half { done: 0 } => {
                format!("no statement of `{}` is known to have taken effect", self.key)
            }
            // Of code it is not known how many statements there would have been.
            Aftermath::Half { done } if self.statements == 0 => {
                format!(
                    "what `{}` did in {done} calls has taken effect and stays{in_flight}",
                    self.key
                )
            }
            Aftermath::Half { done } => {
                format!(
                    "{done} of {} statements of `{}` have taken effect and stay{in_flight}",
                    self.statements, self.key
                )
            }
            Aftermath::Torn { done: None } => format!(
                "`{}` wrote into a table that has no transactions, and a part of what it did stays",
                self.key
            ),
            Aftermath::Torn { done: Some(done) } if self.statements == 0 => format!(
                "what `{}` did in {done} calls has taken effect and stays; so does a part of the next, which wrote into a \
                 table that has no transactions",
                self.key
            ),
            Aftermath::Torn { done: Some(done) } => format!(
                "{done} of {} statements of `{}` have taken effect and stay; so does a part of the next, which wrote into \
                 a table that has no transactions",
                self.statements, self.key
            ),
            Aftermath::Escaped => format!(
                "the transaction of `{}` was ended by its own code: what was committed stays, and so does what came after \
                 that; it is recorded as failed",
                self.key
            ),
            Aftermath::Unknown => {
                let flight: Vec<String> = match self.in_flight.as_slice() {
                    [] => vec![format!("`{}`", self.key)],
                    keys => keys.iter().map(|key| format!("`{key}`")).collect(),
                };
                format!(
                    "the connection was lost while {} {} in flight, so it is not known whether {} took effect",
                    flight.join(", "),
                    if flight.len() == 1 { "was" } else { "were" },
                    if flight.len() == 1 { "it" } else { "they" }
                )
            }
        }
    }

    /// Whether it was another session that kept it from being done.
    pub(crate) fn passes(&self) -> bool {
        self.database().is_some_and(|error| {
            matches!(error.kind, ErrorKind::LockTimeout | ErrorKind::Serialization)
        })
    }

    /// Whether it was the place where the database keeps its files, and not what the step says.
    fn is_storage(&self) -> bool {
        self.database().is_some_and(|error| {
            matches!(error.kind, ErrorKind::ReadOnly | ErrorKind::Full | ErrorKind::Corrupt)
        })
    }

    /// What to do about whoever was in the way, and about the time that a statement has.
    pub fn advice(&self) -> Vec<String> {
        let mut advice: Vec<String> = self.blockers.iter().filter_map(Blocker::hint).collect();
        let raise = |what: &str| {
            format!(
                "raise it with `--{what}-timeout DURATION`, or for this revision by `{what}_timeout = \"…\"` in its attribute"
            )
        };
        match self.database().map(|error| error.kind) {
            Some(ErrorKind::StatementTimeout) => advice.push(raise("statement")),
            Some(ErrorKind::LockTimeout) => advice.push(
                "it is tried again as long as `--wait SECONDS` lasts; `--lock-timeout DURATION` is for each attempt"
                    .to_owned(),
            ),
            _ => {}
        }
        advice
    }

    /// What to do about it.
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
                    "run `migrate {command}` again when the others are done: it goes on from here"
                )
            }
            Aftermath::RolledBack if self.is_storage() => {
                format!("then run `migrate {command}` again: it goes on from here")
            }
            Aftermath::RolledBack => {
                format!("correct it and run `migrate {command}` again: it goes on from here")
            }
            Aftermath::Half { .. } if self.has_diverged() => start_over(&self.key.id),
            Aftermath::Half { .. } if self.outcome_unknown.is_some() => {
                ask_for_a_word(&self.key.id)
            }
            Aftermath::Torn { done: Some(_) } => ask_for_a_word(&self.key.id),
            Aftermath::Torn { done: None } | Aftermath::Escaped => {
                let reverting = matches!(self.action, Action::Revert | Action::Forget);
                let state = if reverting { State::Reverting } else { State::Failed };
                state.hint(&self.key.id)
            }
            Aftermath::Half { .. } => format!(
                "correct what failed and run `migrate {command}` again: it goes on with the statement that failed"
            ),
            Aftermath::Unknown => {
                format!(
                    "run `migrate {command}` again: it reads from history what is true, and goes on from there"
                )
            }
        }
    }
}
