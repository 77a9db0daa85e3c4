//! The transaction around code: one that sqlx counts, so that a transaction that code begins is a savepoint inside it; and
//! detecting whether code has ended it nevertheless.

use std::error::Error as StdError;
use std::slice;

use migrate_sql::Dialect;

use crate::declare::body::BoxError;
use crate::engine::connection::End;
use crate::history::State;
use crate::plan::{Action, Mode, Step};
use crate::run::executor::progress::{Progress, Refused, is_missing_point};
use crate::run::executor::transaction::Transaction;
use crate::run::executor::{Aftermath, Executor, Failure, StepCause, Stop};
use crate::run::message::{BACK, HELD, Message};

impl Executor<'_> {
    /// Sends the message before code. A transaction around code is one that sqlx counts, so that `begin()` on the lent
    /// connection creates a savepoint.
    pub(super) async fn open_code(&mut self, step: &Step, before: &Message) -> Progress {
        match step.mode {
            Mode::Journaled => self.send(slice::from_ref(before)).await,
            Mode::Transaction => {
                let begun = self.begin_attended(before.text()).await;
                let refused = begun.err().map(|error| Refused::of_record(before, error));
                Progress { refused, ..Progress::default() }
            }
        }
    }

    /// Sends the message after code, and commits the transaction that sqlx counts.
    pub(super) async fn close_code(&mut self, step: &Step, after: Message) -> Progress {
        if step.mode == Mode::Journaled {
            return self.send(&[after]).await;
        }
        // Ends a transaction that the code has begun and not ended.
        self.connection.end(End::Commit, true).await.ok();
        if self.connection.dialect() == Dialect::Sqlite {
            return self.send(&[after]).await;
        }
        let (after, commit) = after.split_commit();
        let mut progress = self.send(&[after]).await;
        if let Some(commit) = commit.filter(|_| progress.refused.is_none()) {
            match self.commit_attended().await {
                Ok(()) => progress.completed.push((commit, None)),
                Err(error) => progress.refused = Some(Refused::at(commit, error)),
            }
        }
        progress
    }

    /// Returns whether the transaction around code has already ended.
    pub(super) async fn is_out(&mut self, step: &Step) -> bool {
        if step.mode == Mode::Journaled {
            return false;
        }
        self.connection.end(End::Rollback, true).await.ok();
        let ask = match self.connection.dialect() {
            // After an error, only a rollback is allowed.
            Dialect::Postgres => BACK,
            // MariaDB reports a rollback past a new temporary table as incomplete.
            Dialect::Mysql | Dialect::Sqlite => HELD,
        };
        self.connection.execute(ask).await.is_err_and(|error| is_missing_point(&error))
    }

    /// Returns whether a part of the code's changes remains although its transaction has ended: it was committed, or the code
    /// continued without one.
    pub(super) async fn has_kept(&mut self, step: &Step, went_on: bool) -> bool {
        let state =
            self.connection.fetch_value::<String>(&self.table.select_state(step.key())).await;
        let state = state.ok().flatten();
        let committed = match step.action {
            Action::Revert => state.as_deref() == Some(State::Reverting.name()),
            Action::Apply | Action::Forget | Action::Stamp | Action::Unstamp | Action::Repair => {
                state.is_some()
            }
        };
        committed || went_on
    }

    /// Fails a step whose code has ended its own transaction.
    pub(super) async fn escaped(
        &mut self,
        step: &Step,
        transaction: &Transaction,
        error: Option<BoxError>,
    ) -> Stop {
        self.undo_step(transaction).await;
        self.abandon(transaction).await;
        let failure = Failure::new(Aftermath::Escaped, StepCause::Escaped(error));
        self.fail(step, failure).await
    }
}

/// Returns whether the server has rolled back the whole transaction, according to an error of sqlx in the chain.
pub(super) fn is_deadlock(error: &(dyn StdError + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        let database = error.downcast_ref::<sqlx::Error>().and_then(sqlx::Error::as_database_error);
        if database.is_some_and(|error| error.code().is_some_and(|code| code == "40001")) {
            return true;
        }
        next = error.source();
    }
    false
}
