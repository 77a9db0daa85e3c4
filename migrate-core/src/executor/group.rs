//! Sends steps, finds the one that failed, and keeps those before it.

use futures_core::future::BoxFuture;
use migrate_sql::Dialect;

use crate::connection::{DatabaseError, ErrorKind, ErrorPlace};
use crate::excerpt::{Excerpt, Sent};
use crate::executor::borrowed::is_fence;
use crate::executor::transaction::{Ending, Transaction};
use crate::executor::{Aftermath, Executor, Failure, RunError, StepCause, StepError, Stop};
use crate::history::{Deed, StatementJournal, statement_hash};
use crate::message::{Message, Part, Role};
use crate::plan::{Mode, Step, Work};
use crate::script::Hold;

/// How far some messages came.
#[derive(Default)]
pub(super) struct Progress {
    /// The statements that ended well, with their answers.
    completed: Vec<(Part, Option<i64>)>,
    /// The statement that was refused.
    pub(super) refused: Option<Refused>,
    /// Statements that code has run between the messages.
    pub(super) of_code: usize,
}

/// The statement that was refused.
pub(super) struct Refused {
    /// Nothing when the message failed as a whole.
    part: Option<Part>,
    error: DatabaseError,
}

/// What a step came to.
#[derive(Clone, Default)]
struct Tally {
    /// How many of its own statements ended well.
    statements: usize,
    /// The milliseconds it took, by its answer.
    milliseconds: Option<i64>,
}

impl Progress {
    /// What each of a group's steps came to, in their order.
    fn tallies(&self, steps: usize) -> Vec<Tally> {
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
                Role::Set | Role::Record | Role::Mark | Role::Fence => {}
            }
        }
        tallies
    }
}

impl Executor<'_> {
    /// Runs plain SQL steps that travel together. Each of them stands or falls alone.
    pub(super) async fn together(&mut self, steps: &[Step]) -> Result<(), Stop> {
        let messages = self.messages(steps);
        let transaction = self.begin(steps).await?;
        let progress = self.send(&messages).await;
        match &progress.refused {
            None => self.settle(steps, &transaction, &progress).await,
            Some(refused) => self.recover(steps, &transaction, &progress, refused).await,
        }
    }

    fn messages(&self, steps: &[Step]) -> Vec<Message> {
        let composer = self.composer();
        match steps {
            [step] if travels_one_by_one(step, self.connection.dialect()) => {
                composer.together(steps).cut_outside_transactions()
            }
            // SQLite copies the rest of a text for each statement it prepares, and sqlx keeps all of a text's statements
            // to its end: one text would cost the square of the steps. One for each statement would wake the worker
            // too often.
            _ if self.connection.dialect() == Dialect::Sqlite => {
                composer.together(steps).cut(16 * 1024)
            }
            _ => vec![composer.together(steps)],
        }
    }

    /// Sends messages until one fails.
    pub(super) async fn send(&mut self, messages: &[Message]) -> Progress {
        let mut progress = Progress::default();
        for message in messages {
            let ran = self.run_attended(message.text()).await;
            let completed = ran.answers.len();
            progress.completed.extend(message.parts().iter().copied().zip(ran.answers));
            if let Err(error) = ran.outcome {
                progress.refused = Some(Refused::of(message, completed, error));
                break;
            }
        }
        progress
    }

    /// Ends a group whose statements all ended well.
    pub(super) async fn settle(
        &mut self,
        steps: &[Step],
        transaction: &Transaction,
        progress: &Progress,
    ) -> Result<(), Stop> {
        match self.commit(transaction).await? {
            Ending::Committed => {
                for (step, tally) in steps.iter().zip(progress.tallies(steps.len())) {
                    self.done(step, tally.statements, tally.milliseconds);
                }
                Ok(())
            }
            Ending::Violated(_) | Ending::Refused(_) if steps.len() > 1 => self.singly(steps).await,
            Ending::Violated(violations) => {
                self.blame_commit(steps, StepCause::ForeignKeys { violations }).await
            }
            Ending::Refused(error) => self.blame_commit(steps, StepCause::Database(error)).await,
        }
    }

    /// Fails a group of one step at its end.
    async fn blame_commit(&mut self, steps: &[Step], cause: StepCause) -> Result<(), Stop> {
        let Some(step) = steps.last() else { return Ok(()) };
        let failure = Failure::new(Aftermath::RolledBack, cause);
        Err(self.fail(step, failure).await)
    }

    /// Runs steps again, each in a group of its own, to find the one that is to blame.
    fn singly<'s>(&'s mut self, steps: &'s [Step]) -> BoxFuture<'s, Result<(), Stop>> {
        Box::pin(async move {
            for step in steps {
                self.attendant.go_on()?;
                self.together(std::slice::from_ref(step)).await?;
            }
            Ok(())
        })
    }

    /// Keeps the steps before the one that failed, and tells why it did.
    pub(super) async fn recover(
        &mut self,
        steps: &[Step],
        transaction: &Transaction,
        progress: &Progress,
        refused: &Refused,
    ) -> Result<(), Stop> {
        if refused.error.kind == ErrorKind::Connection {
            let Some(step) = steps.get(refused.step()) else { return Ok(()) };
            let cause = StepCause::Database(refused.error.clone());
            let failure = Failure::new(Aftermath::Unknown, cause);
            let in_flight = steps.iter().map(|step| step.key().clone()).collect();
            return Err(StepError { in_flight, ..StepError::new(step, failure) }.into());
        }
        let kept = self.undo_step(transaction).await;
        // A syntax error stops a PostgreSQL message whole, before anything of it ran.
        let nothing_ran = progress.completed.is_empty();
        if steps.len() > 1 && (!kept || nothing_ran) {
            self.abandon(transaction).await;
            return self.singly(steps).await;
        }
        let failed = refused.step();
        let before = steps.get(..failed).unwrap_or_default();
        if kept {
            match self.commit(transaction).await? {
                Ending::Committed => {}
                Ending::Violated(_) | Ending::Refused(_) if before.is_empty() => {}
                Ending::Violated(_) | Ending::Refused(_) => return self.singly(steps).await,
            }
        } else {
            self.abandon(transaction).await;
        }
        self.tell(steps, failed, progress, refused).await
    }

    /// Blames the step that failed. The log's row is a commit that waits for the disk, so what came before the step is
    /// there too, and can be reported.
    async fn tell(
        &mut self,
        steps: &[Step],
        failed: usize,
        progress: &Progress,
        refused: &Refused,
    ) -> Result<(), Stop> {
        let Some(step) = steps.get(failed) else { return Ok(()) };
        let tallies = progress.tallies(steps.len());
        let stop_with = if refused.is_race() {
            let told = self.table.log(Deed::Failure, step.key(), "another runner was faster");
            match self.write(&[told]).await {
                Ok(()) => Stop::Stale,
                Err(error) if is_fence(&error) => self.stop_at(std::slice::from_ref(step)).await,
                Err(error) => return Err(RunError::Session(error).into()),
            }
        } else {
            let done = tallies.get(failed).map_or(0, |tally| tally.statements);
            let mut failure = refused.failure(step, done);
            if refused.is_fenced_off() {
                failure.cause = StepCause::Lock(self.run.lock.lost(self.connection).await);
            }
            self.fail(step, failure).await
        };
        for (step, tally) in steps.iter().zip(tallies).take(failed) {
            self.done(step, tally.statements, tally.milliseconds);
        }
        Err(stop_with)
    }

    /// Writes a failure into history and log, and makes the error of it.
    pub(super) async fn fail(&mut self, step: &Step, failure: Failure) -> Stop {
        let mut writes = Vec::new();
        if let Aftermath::Half { done } = failure.aftermath {
            writes.push(self.table.fail(step.key(), done, &failure.journal));
        }
        writes.push(self.table.log(Deed::Failure, step.key(), &failure.cause.to_string()));
        // The failure itself matters more than its record.
        if let Err(error) = self.write_failure(&writes).await {
            tracing::warn!(%error, "the failure could not be written to history");
        }
        StepError::new(step, failure).into()
    }

    async fn write_failure(&mut self, writes: &[String]) -> Result<(), RunError> {
        // On SQLite the tables may have gone with the transaction that was to make them.
        self.ready_tables().await?;
        self.write(writes).await.map_err(RunError::Session)
    }
}

impl Refused {
    /// Blames the statement after the last that ended well, or the one in a text refused before anything of it ran.
    fn of(message: &Message, completed: usize, mut error: DatabaseError) -> Self {
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

    /// The step to blame, counted within its group.
    fn step(&self) -> usize {
        self.part.map_or(0, |part| part.step)
    }

    /// Whether another runner has written the step's row first.
    fn is_race(&self) -> bool {
        self.error.kind == ErrorKind::UniqueViolation
            && self.part.is_some_and(|part| part.role == Role::Record)
    }

    /// Whether another run has taken the lock over: the fence has met a number that is not its own.
    fn is_fenced_off(&self) -> bool {
        self.part.is_some_and(|part| part.role == Role::Fence) && is_fence(&self.error)
    }

    /// What is known of it, after `done` statements of the step.
    fn failure(&self, step: &Step, done: usize) -> Failure {
        let statement = match self.part.map(|part| part.role) {
            Some(Role::Statement(index)) => Some(index),
            Some(
                Role::Begin
                | Role::Set
                | Role::Record
                | Role::Mark
                | Role::Answer
                | Role::Fence
                | Role::Commit,
            )
            | None => None,
        };
        let done = match &step.work {
            // Code has counted what earlier runs did.
            Work::Code(_) if step.mode == Mode::Marks => step.already_done(),
            Work::Code(_) | Work::Sql(_) | Work::Nothing => step.already_done() + done,
        };
        Failure {
            statement: statement.map(|index| index + 1),
            excerpt: statement.and_then(|index| excerpt(step, index, &self.error)),
            aftermath: match step.mode {
                Mode::Transaction => Aftermath::RolledBack,
                Mode::Marks => Aftermath::Half { done },
            },
            journal: journal(step, done, statement == Some(done)),
            cause: StepCause::Database(self.error.clone()),
        }
    }
}

/// Statement by statement: marks outside MySQL, and procedures, which answer any number of times.
fn travels_one_by_one(step: &Step, dialect: Dialect) -> bool {
    match &step.work {
        Work::Sql(script) => {
            (step.mode == Mode::Marks && dialect != Dialect::Mysql) || script.calls_procedure()
        }
        Work::Code(_) | Work::Nothing => false,
    }
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
    }
    journal
}
