//! The progress of messages: the results of their steps, and the statement that failed.

use migrate_sql::Dialect;

use crate::declare::excerpt::{Excerpt, Sent};
use crate::engine::connection::{DatabaseError, ErrorKind, ErrorPlace};
use crate::history::{StatementJournal, is_miss, statement_hash};
use crate::plan::{Mode, Step, Work};
use crate::run::executor::borrowed::is_fence;
use crate::run::executor::{Aftermath, Failure, Journal, StepCause};
use crate::run::message::{Message, Part, Role};
use crate::run::probe::engine;
use crate::sql::script::Hold;

/// The progress of some messages.
#[derive(Default)]
pub(super) struct Progress {
    /// The statements that succeeded, with their results.
    pub(super) completed: Vec<(Part, Option<i64>)>,
    /// The statement that failed.
    pub(super) refused: Option<Refused>,
    /// The number of statements that code has run between the messages.
    pub(super) of_code: usize,
}

/// The statement that failed.
pub(super) struct Refused {
    /// `None` if the message failed as a whole.
    part: Option<Part>,
    pub(super) error: DatabaseError,
}

/// The result of a step.
#[derive(Clone, Default)]
pub(super) struct Tally {
    /// The number of its own statements that succeeded.
    pub(super) statements: usize,
    /// Its duration in milliseconds, as the database returned it.
    pub(super) milliseconds: Option<i64>,
}

impl Progress {
    /// Returns the result of each of a group's steps, in order.
    pub(super) fn tallies(&self, steps: usize) -> Vec<Tally> {
        let mut tallies = vec![Tally { statements: self.of_code, milliseconds: None }; steps];
        let (mut in_transaction, mut held) = (false, 0);
        for (part, answer) in &self.completed {
            let Some(tally) = tallies.get_mut(part.step) else { continue };
            match part.role {
                Role::Begin => (in_transaction, held) = (true, 0),
                Role::Statement(_) if in_transaction => held += 1,
                Role::Statement(_) => tally.statements += 1,
                Role::Commit => {
                    tally.statements += held;
                    (in_transaction, held) = (false, 0);
                }
                Role::Answer => tally.milliseconds = *answer,
                Role::Set | Role::Record | Role::Mark | Role::Fence | Role::Guard | Role::Held => {}
            }
        }
        tallies
    }
}

impl Refused {
    /// Determines the failed statement: the one after the last that succeeded, or the one in a text that was refused before
    /// any of it ran.
    pub(super) fn of(message: &Message, completed: usize, mut error: DatabaseError) -> Self {
        let Some(ErrorPlace::Character(character)) = error.place else {
            return Self { part: message.parts().get(completed).copied(), error };
        };
        let byte = message.text().char_indices().map(|(byte, _)| byte).nth(character);
        let part = match byte {
            Some(byte) if completed == 0 => message.part_at(byte),
            Some(_) | None => message.parts().get(completed),
        };
        // The server counts from the beginning of the message, users from the beginning of the statement.
        let before = part
            .and_then(|part| message.text().get(..part.start))
            .map_or(0, |text| text.chars().count());
        error.place = character.checked_sub(before).map(ErrorPlace::Character);
        Self { part: part.copied(), error }
    }

    /// Determines the failed statement of a message before code, where the server does not report it: usually the row.
    pub(super) fn of_record(message: &Message, error: DatabaseError) -> Self {
        let part = message.parts().iter().find(|part| part.role == Role::Record).copied();
        Self { part, error }
    }

    /// Creates the failure of this statement.
    pub(super) fn at(part: Part, error: DatabaseError) -> Self {
        Self { part: Some(part), error }
    }

    /// Returns the index, in its group, of the step that failed.
    pub(super) fn step(&self) -> usize {
        self.part.map_or(0, |part| part.step)
    }

    /// Returns whether another run was faster: the step's row already exists, or has changed since the plan.
    pub(super) fn is_race(&self, dialect: Dialect) -> bool {
        self.part.is_some_and(|part| part.role == Role::Record)
            && (self.error.kind == ErrorKind::UniqueViolation || is_miss(&self.error, dialect))
    }

    /// Returns whether the row of a running step was changed by others.
    fn is_displaced(&self, dialect: Dialect) -> bool {
        self.part.is_some_and(|part| part.role == Role::Mark) && is_miss(&self.error, dialect)
    }

    /// Returns whether a step failed because the log is missing: history itself was accessed before.
    pub(super) fn lacks_log(&self) -> bool {
        let is_ours = self.part.is_some_and(|part| match part.role {
            Role::Record | Role::Mark | Role::Answer => true,
            Role::Begin
            | Role::Set
            | Role::Statement(_)
            | Role::Fence
            | Role::Guard
            | Role::Held
            | Role::Commit => false,
        });
        is_ours && self.error.kind == ErrorKind::UndefinedTable
    }

    /// Returns whether another run has taken over the lock: the fence found another token.
    pub(super) fn is_fenced_off(&self) -> bool {
        self.part.is_some_and(|part| part.role == Role::Fence) && is_fence(&self.error)
    }

    /// Returns whether the step would write to a table without transactions, and has not started.
    pub(super) fn is_guarded(&self) -> bool {
        self.part.is_some_and(|part| part.role == Role::Guard) && is_fence(&self.error)
    }

    /// Returns whether code has ended the transaction it runs in, so that its savepoint is gone.
    pub(super) fn has_escaped(&self) -> bool {
        self.part.is_some_and(|part| part.role == Role::Held) && is_missing_point(&self.error)
    }

    /// Returns the failure, after `done` statements of the step.
    pub(super) fn failure(&self, step: &Step, done: usize, dialect: Dialect) -> Failure {
        let statement = match self.part.map(|part| part.role) {
            Some(Role::Statement(index)) => Some(index),
            Some(
                Role::Begin
                | Role::Set
                | Role::Record
                | Role::Mark
                | Role::Answer
                | Role::Fence
                | Role::Guard
                | Role::Held
                | Role::Commit,
            )
            | None => None,
        };
        let done = match &step.work {
            // Code has counted the calls of earlier runs.
            Work::Code(_) if step.mode == Mode::Journaled => step.already_done(),
            Work::Code(_) | Work::Sql(_) | Work::Nothing => step.already_done() + done,
        };
        Failure {
            statement: statement.map(|index| index + 1),
            excerpt: statement.and_then(|index| excerpt(step, index, &self.error)),
            aftermath: match step.mode {
                Mode::Transaction => Aftermath::RolledBack,
                Mode::Journaled => Aftermath::Half { done },
            },
            journal: match statement {
                Some(index) if index == done && is_marked(step, index) => Journal::Failed,
                Some(_) | None => Journal::Is(journal(step, done, statement == Some(done))),
            },
            cause: if self.is_displaced(dialect) {
                StepCause::Displaced
            } else {
                StepCause::Database(self.error.clone())
            },
        }
    }
}

/// Returns whether a journal entry before a statement recorded the earlier state, and the statement is atomic.
fn is_marked(step: &Step, index: usize) -> bool {
    let Work::Sql(script) = &step.work else { return false };
    let hold = script.statements().nth(index).map(|statement| statement.hold());
    step.mode == Mode::Journaled && matches!(hold, Some(Hold::Alone | Hold::Together))
}

/// Returns whether an error means that there is no such savepoint, or no transaction for one.
pub(super) fn is_missing_point(error: &DatabaseError) -> bool {
    let code = error.code.as_deref().unwrap_or_default();
    let sqlstates = ["3B001", "25P01"];
    sqlstates.contains(&code)
        || code.ends_with("error 1305")
        || error.message.starts_with("no such savepoint")
}

/// Returns the excerpt for the fault of the statement with this index.
fn excerpt(step: &Step, index: usize, error: &DatabaseError) -> Option<Excerpt> {
    let Work::Sql(script) = &step.work else { return None };
    let statement = script.statements().nth(index)?;
    let sent = Sent {
        text: script.text(),
        offset: statement.offset(),
        statement: statement.text(),
        source: step.source(),
        origin: step.migration.origin(),
        caller: None,
    };
    Some(Excerpt::of(&sent, error))
}

/// Returns the journal after `done` statements, where the next one has `failed`.
pub(super) fn journal(step: &Step, done: usize, failed: bool) -> StatementJournal {
    let mut journal = StatementJournal::default();
    let Work::Sql(script) = &step.work else {
        return step.resume.as_ref().map(|resume| resume.journal.clone()).unwrap_or_default();
    };
    for statement in script.statements().take(done) {
        journal.push(statement_hash(statement.text(), script.dialect()));
    }
    if let Some(statement) = script.statements().nth(done).filter(|_| failed) {
        journal.push(statement_hash(statement.text(), script.dialect()));
        // A statement that commits internally may be applied in part.
        if statement.hold() != Hold::Opaque {
            journal.note_failure();
        }
        if statement.hold() == Hold::Together {
            // Its writes were rolled back, or it would not be retried.
            journal.note_before(engine::HELD);
        }
    }
    journal
}
