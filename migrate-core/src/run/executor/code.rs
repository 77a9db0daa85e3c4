//! Runs code migrations.

use std::slice;

use crate::db::{CallJournal, Db, DbError, Guard};
use crate::declare::body::{BoxError, CodeBody};
use crate::declare::excerpt::Excerpt;
use crate::engine::connection::{DatabaseError, End};
use crate::history::StatementJournal;
use crate::plan::{Mode, Resume, Step};
use crate::run::executor::borrowed::is_fence;
use crate::run::executor::code_journal::CodeJournal;
use crate::run::executor::held::is_deadlock;
use crate::run::executor::in_flight;
use crate::run::executor::transaction::Transaction;
use crate::run::executor::{Aftermath, Executor, Failure, Journal, StepCause, Stop};
use crate::run::message::Message;
use crate::run::probe::engine;

/// The result of code, to which the connection was lent.
struct Lent {
    outcome: Result<(), BoxError>,
    /// The first call that failed, even if the code ignored it.
    failure: Option<DbError>,
    statements: usize,
    /// If calls were recorded: how many are done, and the journal.
    account: Option<Resume>,
    /// Whether it stopped before a statement that cannot run in a transaction.
    unheld: bool,
    /// Whether it made another call after the first failed one.
    went_on: bool,
}

impl Lent {
    /// Returns the step, with the progress of the code.
    fn accounted(&self, step: &Step) -> Step {
        match &self.account {
            Some(account) => Step { resume: Some(account.clone()), ..step.clone() },
            None => step.clone(),
        }
    }
}

/// The check before a statement of code that may write to a table without transactions.
const GUARD: Guard = |statement, dialect| engine::guard([statement], dialect);

impl Executor<'_> {
    /// Runs one code migration, and records it in history.
    pub(super) async fn code(&mut self, step: &Step, body: &CodeBody) -> Result<(), Stop> {
        let outcome = self.code_in_row(step, body).await;
        // If its transaction was part of the group's, sqlx does not know yet that it has ended.
        self.connection.end(End::Forget, false).await.ok();
        outcome
    }

    async fn code_in_row(&mut self, step: &Step, body: &CodeBody) -> Result<(), Stop> {
        let (before, after) = self.composer().around_code(step);
        let steps = slice::from_ref(step);
        let transaction = self.begin(steps).await?;
        let progress = self.open_code(step, &before).await;
        if let Some(refused) = &progress.refused {
            return self.recover(steps, &transaction, &progress, refused).await;
        }

        let lent = self.lend(step, body).await;
        if lent.unheld {
            self.undo_step(&transaction).await;
            self.abandon(&transaction).await;
            return Err(Stop::Unheld(step.key().clone()));
        }
        self.after_code(step, lent, &transaction, after).await
    }

    /// Ends a step whose code has returned.
    async fn after_code(
        &mut self,
        step: &Step,
        mut lent: Lent,
        transaction: &Transaction,
        after: Message,
    ) -> Result<(), Stop> {
        // Later steps must keep the progress of the code.
        let step = &lent.accounted(step);
        let steps = slice::from_ref(step);
        let lost = lent.failure.as_ref().and_then(DbError::database_error);
        if let Some(lost) = lost.filter(|error| error.was_ended_by_us()) {
            return Err(self.lost((steps, 0), &[], &lost.clone()).await);
        }
        if let Err(error) = std::mem::replace(&mut lent.outcome, Ok(())) {
            let ended = lent.failure.is_some() || is_deadlock(error.as_ref());
            if self.is_out(step).await && (!ended || self.has_kept(step, lent.went_on).await) {
                return Err(self.escaped(step, transaction, Some(error)).await);
            }
            return self.code_failed(step, transaction, (error, lent)).await;
        }
        self.close(true);
        let mut progress = self.close_code(step, after).await;
        self.close(false);
        progress.of_code = lent.statements;
        let Some(refused) = &progress.refused else {
            return self.settle(steps, transaction, &progress).await;
        };
        let call = lent.failure.clone();
        if refused.has_escaped() && (call.is_none() || self.has_kept(step, lent.went_on).await) {
            return Err(self.escaped(step, transaction, None).await);
        }
        match call {
            None => self.recover(steps, transaction, &progress, refused).await,
            // The code continued after an error that had ended its transaction: that error is the cause.
            Some(call) => self.code_failed(step, transaction, (Box::new(call), lent)).await,
        }
    }

    /// Rolls back what can be rolled back of code that failed, and reports the cause.
    async fn code_failed(
        &mut self,
        step: &Step,
        transaction: &Transaction,
        (error, lent): (BoxError, Lent),
    ) -> Result<(), Stop> {
        self.undo_step(transaction).await;
        let torn = in_flight::could_not_roll_back(self.connection).await;
        self.abandon(transaction).await;
        let call = lent.failure;
        // Journal entries between the statements of code are fenced, too.
        let refused = call.as_ref().and_then(DbError::database_error);
        let fenced_off = refused.is_some_and(is_fence) && self.is_lost().await;
        let done = match step.mode {
            Mode::Journaled => step.already_done(),
            Mode::Transaction => lent.statements,
        };
        let mut failure = failure(step, error, call, done);
        if fenced_off {
            failure.cause = StepCause::Lock(self.run.lock.lost(self.connection).await);
        }
        let stays = match step.mode {
            Mode::Transaction => torn,
            Mode::Journaled => {
                step.resume.as_ref().is_some_and(|account| account.journal.may_stay())
            }
        };
        if stays {
            failure.tear(step.mode);
        }
        Err(self.fail(step, failure).await)
    }

    /// Lends the connection to code. It is moved, so that if this future is dropped, the connection closes and the server
    /// rolls back.
    async fn lend(&mut self, step: &Step, body: &CodeBody) -> Lent {
        let validator = step.migration.validator(self.connection.dialect(), step.direction());
        let journal = (step.mode == Mode::Journaled).then(|| {
            let patience = (self.settings.wait, self.watchdog.stop_handle());
            let history = (self.table.clone(), self.run.frame.clone());
            let journal = CodeJournal::new(history, step, patience);
            let journal: Box<dyn CallJournal> = Box::new(journal);
            journal
        });
        let guard = (step.mode == Mode::Transaction).then_some(GUARD);
        let db = Db::live(self.connection.take(), validator, self.states.clone());
        let mut db = db.with_journal(journal).lending(step.migration.reruns()).with_guard(guard);
        let outcome = self.code_attended(body.run(&mut db)).await;
        let mut outcome =
            outcome.unwrap_or_else(|| Err("it did not end when the run was stopped".into()));
        let (failure, statements) = (db.take_failure(), db.statements());
        self.note_traces(db.take_traces());
        let (unheld, went_on) = (db.is_unheld(), db.went_on());
        let journal = db.take_journal();
        let mut failure = failure;
        if let Some(cause) = journal.as_ref().and_then(|journal| journal.missed())
            && outcome.is_ok()
        {
            failure = failure.or_else(|| Some(DbError::new(cause, None)));
        }
        // Even if the code ignored the error: its calls do not match the journal.
        if let Some(refused) = failure.as_ref().filter(|call| call.is_of_journal()) {
            outcome = Err(Box::new(refused.clone()));
        }
        let account = journal.map(|journal| {
            let (done, text) = journal.account();
            Resume::after(done, StatementJournal::parse(&text))
        });
        if let Some(connection) = db.into_connection() {
            *self.connection = connection;
        }
        self.settle_cancellation().await;
        Lent { outcome, failure, statements, account, unheld, went_on }
    }
}

/// Returns the failure of code after `done` statements.
fn failure(step: &Step, error: BoxError, call: Option<DbError>, done: usize) -> Failure {
    let lost = call.as_ref().and_then(DbError::database_error).is_some_and(DatabaseError::is_loss);
    let excerpt = call.as_ref().and_then(|call| Excerpt::of_call(&step.migration, call));
    Failure {
        statement: call.as_ref().and_then(|call| Some(done + call.statement()?)),
        excerpt,
        aftermath: match step.mode {
            _ if lost => Aftermath::Unknown,
            Mode::Transaction => Aftermath::RolledBack,
            Mode::Journaled => Aftermath::Half { done },
        },
        journal: Journal::Is(
            step.resume.as_ref().map(|resume| resume.journal.clone()).unwrap_or_default(),
        ),
        cause: match call {
            Some(call) if call.to_string() == error.to_string() => StepCause::Call(call),
            _ => StepCause::Code(error),
        },
    }
}
