//! Sends groups of steps, finds the one that failed, and keeps those before it.

use futures_core::future::BoxFuture;
use migrate_sql::Dialect;

use crate::declare::revision::RevisionKey;
use crate::history::LogEvent;
use crate::history::store;
use crate::plan::{Mode, Step, Work};
use crate::run::executor::borrowed::is_fence;
use crate::run::executor::in_flight;
use crate::run::executor::progress::{Progress, Refused};
use crate::run::executor::transaction::{Ending, Transaction};
use crate::run::executor::{
    Aftermath, Executor, Failure, Journal, RunError, StepCause, StepError, Stop,
};
use crate::run::message::Message;

impl Executor<'_> {
    /// Runs plain SQL steps that are sent together. Each of them succeeds or fails on its own.
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
            // SQLite copies the rest of a text for each statement it prepares, and sqlx keeps all statements of a text until
            // its end: one text would take quadratic time. One text per statement would wake the worker too often.
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

    /// Ends a group whose statements all succeeded.
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

    /// Runs steps again, each in its own group, to find the one that fails.
    fn singly<'s>(&'s mut self, steps: &'s [Step]) -> BoxFuture<'s, Result<(), Stop>> {
        Box::pin(async move {
            for step in steps {
                self.watchdog.go_on()?;
                self.together(std::slice::from_ref(step)).await?;
            }
            Ok(())
        })
    }

    /// Keeps the steps before the one that failed, and reports the cause.
    pub(super) async fn recover(
        &mut self,
        steps: &[Step],
        transaction: &Transaction,
        progress: &Progress,
        refused: &Refused,
    ) -> Result<(), Stop> {
        if refused.error.is_loss() {
            let tallies = progress.tallies(steps.len());
            return Err(self.lost((steps, refused.step()), &tallies, &refused.error).await);
        }
        if refused.lacks_log() && !std::mem::replace(&mut self.run.made_log, true) {
            self.undo_step(transaction).await;
            self.abandon(transaction).await;
            return Err(self.make_log().await);
        }
        let kept = self.undo_step(transaction).await;
        let torn = in_flight::could_not_roll_back(self.connection).await;
        // PostgreSQL refuses a message with a syntax error before any of it runs.
        let nothing_ran = progress.completed.is_empty();
        if steps.len() > 1 && (!kept || nothing_ran) {
            self.abandon(transaction).await;
            return self.singly(steps).await;
        }
        let before = steps.get(..refused.step()).unwrap_or_default();
        if kept {
            match self.commit(transaction).await? {
                Ending::Committed => {}
                Ending::Violated(_) | Ending::Refused(_) if before.is_empty() => {}
                Ending::Violated(_) | Ending::Refused(_) => return self.singly(steps).await,
            }
        } else {
            self.abandon(transaction).await;
        }
        self.tell(steps, progress, (refused, torn)).await
    }

    /// Creates the log again after somebody dropped it, and plans again, because the step was rolled back.
    async fn make_log(&mut self) -> Stop {
        tracing::warn!("the log of the history table is missing; creating it again");
        let made = store::create(self.connection, &self.table).await;
        if let Err(error) = made {
            return error.into();
        }
        let nowhere = RevisionKey::new("", "");
        let told = self.table.log(
            LogEvent::Repair,
            &nowhere,
            "the log was missing, and was created again",
        );
        match self.write(&[told]).await {
            Ok(()) => Stop::Stale,
            Err(error) => RunError::Session(error).into(),
        }
    }

    /// Reports the step that failed. Writing the log's row is a commit that waits for the disk, so the steps before are
    /// durable, too, and can be reported.
    async fn tell(
        &mut self,
        steps: &[Step],
        progress: &Progress,
        (refused, torn): (&Refused, bool),
    ) -> Result<(), Stop> {
        let failed = refused.step();
        let Some(step) = steps.get(failed) else { return Ok(()) };
        let tallies = progress.tallies(steps.len());
        let dialect = self.connection.dialect();
        let stop_with = if refused.is_guarded() {
            Stop::Unheld(step.key().clone())
        } else if refused.is_race(dialect) {
            let told = self.table.log(LogEvent::Failure, step.key(), "another run was faster");
            match self.write(&[told]).await {
                Ok(()) => Stop::Stale,
                Err(error) if is_fence(&error) => self.stop_at(std::slice::from_ref(step)).await,
                Err(error) => return Err(RunError::Session(error).into()),
            }
        } else {
            let done = tallies.get(failed).map_or(0, |tally| tally.statements);
            let mut failure = refused.failure(step, done, dialect);
            if torn {
                failure.tear(step.mode);
            }
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

    /// Writes a failure to history and log, and returns its error.
    pub(super) async fn fail(&mut self, step: &Step, mut failure: Failure) -> Stop {
        // If the run has lost its lock, the other run may be the cause.
        if !matches!(failure.cause, StepCause::Lock(_)) && self.is_lost().await {
            failure.cause = StepCause::Lock(self.run.lock.lost(self.connection).await);
        }
        let mut writes = self.marks_of(step, &failure);
        writes.push(self.table.log(LogEvent::Failure, step.key(), &failure.cause.to_string()));
        // The failure itself matters more than its record.
        if let Err(error) = self.write_failure(&writes).await {
            tracing::warn!(%error, "the failure could not be written to history");
        }
        StepError::new(step, failure).into()
    }

    /// Returns the statements that record a failed step in history, in addition to the log.
    fn marks_of(&self, step: &Step, failure: &Failure) -> Vec<String> {
        match (failure.aftermath, &failure.journal) {
            (
                Aftermath::Half { done } | Aftermath::Torn { done: Some(done) },
                Journal::Is(journal),
            ) => {
                vec![self.table.fail(step.key(), (done, false), Some(journal))]
            }
            (Aftermath::Half { done } | Aftermath::Torn { done: Some(done) }, journal) => {
                let failed = matches!(journal, Journal::Failed);
                vec![self.table.fail(step.key(), (done, failed), None)]
            }
            (Aftermath::Torn { done: None } | Aftermath::Escaped, _) => {
                self.composer().unaccounted(step)
            }
            (Aftermath::RolledBack | Aftermath::Unknown, _) => Vec::new(),
        }
    }

    async fn write_failure(&mut self, writes: &[String]) -> Result<(), RunError> {
        // On SQLite the tables may have been rolled back with the transaction that created them.
        self.ready_tables().await?;
        self.write(writes).await.map_err(RunError::Session)
    }
}

/// Returns whether a step is sent statement by statement: journaled ones except on MySQL, and procedures, which return any
/// number of results.
fn travels_one_by_one(step: &Step, dialect: Dialect) -> bool {
    match &step.work {
        Work::Sql(script) => {
            (step.mode == Mode::Journaled && dialect != Dialect::Mysql) || script.calls_procedure()
        }
        Work::Code(_) | Work::Nothing => false,
    }
}
