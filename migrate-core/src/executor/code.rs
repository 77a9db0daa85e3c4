//! Runs code migrations.

use std::slice;

use crate::body::{BoxError, CodeBody};
use crate::connection::ErrorKind;
use crate::db::{Db, DbError, DbErrorCause, Ledger};
use crate::excerpt::Excerpt;
use crate::executor::borrowed::is_fence;
use crate::executor::ledger::CodeLedger;
use crate::executor::{Aftermath, Executor, Failure, StepCause, Stop};
use crate::history::StatementJournal;
use crate::plan::{Mode, Resume, Step};

/// What code did with the connection that was lent to it.
struct Lent {
    outcome: Result<(), BoxError>,
    /// The first call that failed, whatever the code made of it.
    failure: Option<DbError>,
    statements: usize,
    /// Where each statement was accounted for, how many are done and what the journal says.
    account: Option<Resume>,
}

impl Lent {
    /// The step, with what is known of how far the code came.
    fn accounted(&self, step: &Step) -> Step {
        match &self.account {
            Some(account) => Step { resume: Some(account.clone()), ..step.clone() },
            None => step.clone(),
        }
    }
}

impl Executor<'_> {
    /// Runs one code migration, its history row around it.
    pub(super) async fn code(&mut self, step: &Step, body: &CodeBody) -> Result<(), Stop> {
        let (before, after) = self.composer().around_code(step);
        let steps = slice::from_ref(step);
        let transaction = self.begin(steps).await?;
        let progress = self.send(slice::from_ref(&before)).await;
        if let Some(refused) = &progress.refused {
            return self.recover(steps, &transaction, &progress, refused).await;
        }

        let lent = self.lend(step, body).await;
        // What comes next must not forget how far the code came.
        let step = &lent.accounted(step);
        let steps = slice::from_ref(step);
        let error = match lent.outcome {
            Ok(()) => {
                let mut progress = self.send(slice::from_ref(&after)).await;
                progress.of_code = lent.statements;
                match (&progress.refused, &lent.failure) {
                    (None, _) => return self.settle(steps, &transaction, &progress).await,
                    (Some(refused), None) => {
                        return self.recover(steps, &transaction, &progress, refused).await;
                    }
                    // The code went on after a refusal that had ended its transaction: that refusal is to blame.
                    (Some(_), Some(failure)) => Box::new(failure.clone()),
                }
            }
            Err(error) => error,
        };
        self.undo_step(&transaction).await;
        self.abandon(&transaction).await;
        let done = if step.mode == Mode::Marks { step.already_done() } else { lent.statements };
        // A mark between the statements of code is fenced as well.
        let refused = lent.failure.as_ref().and_then(DbError::database_error);
        let fenced_off = refused.is_some_and(is_fence) && self.is_lost().await;
        let mut failure = failure(step, error, lent.failure, done);
        if fenced_off {
            failure.cause = StepCause::Lock(self.run.lock.lost(self.connection).await);
        }
        Err(self.fail(step, failure).await)
    }

    /// Lends the connection to code. It moves, so that if this future is dropped the connection goes with it, and the
    /// server rolls back.
    async fn lend(&mut self, step: &Step, body: &CodeBody) -> Lent {
        let watch = step.migration.watch(self.connection.dialect(), step.direction());
        let ledger = (step.mode == Mode::Marks).then(|| {
            let patience = (self.settings.wait, self.attendant.stop_handle());
            let history = (self.table.clone(), self.run.bounds.clone());
            let ledger = CodeLedger::new(history, step, patience);
            let ledger: Box<dyn Ledger> = Box::new(ledger);
            ledger
        });
        let db = Db::live(self.connection.take(), watch, self.states.clone());
        let mut db = db.with_ledger(ledger);
        let outcome = self.code_attended(body.run(&mut db)).await;
        let mut outcome =
            outcome.unwrap_or_else(|| Err("it went on although it was told to stop".into()));
        let (failure, statements) = (db.take_failure(), db.statements());
        self.note_traces(db.take_traces());
        let ledger = db.take_ledger();
        if let Some(statement) = ledger.as_ref().and_then(|ledger| ledger.missed())
            && outcome.is_ok()
        {
            outcome = Err(DbErrorCause::Diverged { statement }.into());
        }
        let account = ledger.map(|ledger| {
            let (done, text) = ledger.account();
            Resume::after(done, StatementJournal::parse(&text))
        });
        if let Some(connection) = db.into_connection() {
            *self.connection = connection;
        }
        self.settle_cancellation().await;
        Lent { outcome, failure, statements, account }
    }
}

/// What is known of code that failed after `done` statements.
fn failure(step: &Step, error: BoxError, call: Option<DbError>, done: usize) -> Failure {
    let lost = call
        .as_ref()
        .and_then(DbError::database_error)
        .is_some_and(|e| e.kind == ErrorKind::Connection);
    let excerpt = call.as_ref().and_then(|call| Excerpt::of_call(&step.migration, call));
    Failure {
        statement: call.as_ref().and_then(|call| Some(done + call.statement()?)),
        excerpt,
        aftermath: match step.mode {
            _ if lost => Aftermath::Unknown,
            Mode::Transaction => Aftermath::RolledBack,
            Mode::Marks => Aftermath::Half { done },
        },
        journal: Some(
            step.resume.as_ref().map(|resume| resume.journal.clone()).unwrap_or_default(),
        ),
        cause: match call {
            Some(call) if call.to_string() == error.to_string() => StepCause::Call(call),
            _ => StepCause::Code(error),
        },
    }
}
