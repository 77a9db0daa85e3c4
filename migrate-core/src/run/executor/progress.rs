//! How far messages came, what their steps came to, and which statement was refused.

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

/// How far some messages came.
#[derive(Default)]
pub(super) struct Progress {
    /// The statements that ended well, with their answers.
    pub(super) completed: Vec<(Part, Option<i64>)>,
    /// The statement that was refused.
    pub(super) refused: Option<Refused>,
    /// Statements that code has run between the messages.
    pub(super) of_code: usize,
}

/// The statement that was refused.
pub(super) struct Refused {
    /// Nothing when the message failed as a whole.
    part: Option<Part>,
    pub(super) error: DatabaseError,
}

/// What a step came to.
#[derive(Clone, Default)]
pub(super) struct Tally {
    /// How many of its own statements ended well.
    pub(super) statements: usize,
    /// The milliseconds it took, by its answer.
    pub(super) milliseconds: Option<i64>,
}

impl Progress {
    /// What each of a group's steps came to, in their order.
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
    /// Blames the statement after the last that ended well, or the one in a text refused before anything of it ran.
    pub(super) fn of(message: &Message, completed: usize, mut error: DatabaseError) -> Self {
        let Some(ErrorPlace::Character(character)) = error.place else {
            return Self { part: message.parts().get(completed).copied(), error };
        };
        let byte = message.text().char_indices().map(|(byte, _)| byte).nth(character);
        let part = match byte {
            Some(byte) if completed == 0 => message.part_at(byte),
            Some(_) | None => message.parts().get(completed),
        };
        // The server counts from the beginning of the message, and the user from the beginning of the statement.
        let before = part
            .and_then(|part| message.text().get(..part.start))
            .map_or(0, |text| text.chars().count());
        error.place = character.checked_sub(before).map(ErrorPlace::Character);
        Self { part: part.copied(), error }
    }

    /// A text that begins code was refused, and it is not told by which statement: by the row, most often.
    pub(super) fn of_record(message: &Message, error: DatabaseError) -> Self {
        let part = message.parts().iter().find(|part| part.role == Role::Record).copied();
        Self { part, error }
    }

    /// This statement was refused.
    pub(super) fn at(part: Part, error: DatabaseError) -> Self {
        Self { part: Some(part), error }
    }

    /// The step to blame, counted within its group.
    pub(super) fn step(&self) -> usize {
        self.part.map_or(0, |part| part.step)
    }

    /// Whether another runner was faster: the step's row is there already, or is no longer as the plan has it.
    pub(super) fn is_race(&self, dialect: Dialect) -> bool {
        self.part.is_some_and(|part| part.role == Role::Record)
            && (self.error.kind == ErrorKind::UniqueViolation || is_miss(&self.error, dialect))
    }

    /// Whether the row of a step in flight is no longer as the step has left it.
    fn is_displaced(&self, dialect: Dialect) -> bool {
        self.part.is_some_and(|part| part.role == Role::Mark) && is_miss(&self.error, dialect)
    }

    /// Whether it was for the log that a step was refused: history itself was written to or read before.
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

    /// Whether another run has taken the lock over: the fence has met a number that is not its own.
    pub(super) fn is_fenced_off(&self) -> bool {
        self.part.is_some_and(|part| part.role == Role::Fence) && is_fence(&self.error)
    }

    /// Whether the step is to write into a table that has no transactions, and has not begun.
    pub(super) fn is_guarded(&self) -> bool {
        self.part.is_some_and(|part| part.role == Role::Guard) && is_fence(&self.error)
    }

    /// Whether code has ended the transaction that was to hold it, so that the point in it is gone.
    pub(super) fn has_escaped(&self) -> bool {
        self.part.is_some_and(|part| part.role == Role::Held) && is_missing_point(&self.error)
    }

    /// What is known of it, after `done` statements of the step.
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
            // Code has counted what earlier runs did.
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

/// Whether a mark before it says what there was then, and it is known as a whole whether it took effect.
fn is_marked(step: &Step, index: usize) -> bool {
    let Work::Sql(script) = &step.work else { return false };
    let hold = script.statements().nth(index).map(|statement| statement.hold());
    step.mode == Mode::Journaled && matches!(hold, Some(Hold::Alone | Hold::Together))
}

/// Whether the refusal says that there is no such savepoint, or no transaction for one.
pub(super) fn is_missing_point(error: &DatabaseError) -> bool {
    let code = error.code.as_deref().unwrap_or_default();
    let sqlstates = ["3B001", "25P01"];
    sqlstates.contains(&code)
        || code.ends_with("error 1305")
        || error.message.starts_with("no such savepoint")
}

/// The SQL around the fault of the statement of this index.
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

/// What the journal is to say after `done` statements, where the next has `failed`.
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
        // What committed inside may have done a part.
        if statement.hold() != Hold::Opaque {
            journal.note_failure();
        }
        if statement.hold() == Hold::Together {
            // What it wrote was rolled back, or it would not be tried again.
            journal.note_before(engine::HELD);
        }
    }
    journal
}
