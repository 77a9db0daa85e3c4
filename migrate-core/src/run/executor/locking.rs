//! The locks of a run, and what it refuses without a lock.

use std::time::Duration;

use migrate_sql::Dialect;

use crate::engine::connection::no_answer;
use crate::history::{History, State};
use crate::plan::{Mode, Plan, PlanError, Request};
use crate::run::executor::{Executor, RunError};
use crate::run::lock::{FileLock, Lock, LockError, Wanted};

/// How much longer than the wait for other runs acquiring the lock may take, for all answers together.
const ANSWERS: Duration = Duration::from_secs(30);

impl Executor<'_> {
    /// Acquires the lock, or waits for the run that holds it.
    pub(super) async fn lock(&mut self) -> Result<(), RunError> {
        let wanted =
            Wanted { table: &self.table, settings: self.settings, connector: self.connector };
        let waiting = self.watchdog.waiting(self.settings.wait);
        let limit = self.settings.wait.saturating_add(ANSWERS);
        let acquiring = Lock::acquire(self.connection, wanted, (waiting, &mut *self.observer));
        let acquired = if let Ok(acquired) = tokio::time::timeout(limit, acquiring).await {
            acquired
        } else {
            // A lock that may have been acquired ends with the connection.
            drop(self.connection.take());
            Err(LockError::Database(no_answer(limit)))
        };
        self.run.lock = acquired.map_err(|error| self.watchdog.unless_stopped(error.into()))?;
        self.run.frame.fence = self.run.lock.fence().map(str::to_owned);
        if self.connection.dialect() == Dialect::Postgres && self.run.frame.fence.is_some() {
            self.run.frame.local = Some(self.settings.for_transaction());
        }
        Ok(())
    }

    /// Acquires the file lock on SQLite, for steps that do not run in one transaction.
    pub(super) async fn lock_file(&mut self) -> Result<FileLock, RunError> {
        let waiting = self.watchdog.waiting(self.settings.wait);
        let acquired = FileLock::acquire(self.connection, waiting, self.observer).await;
        acquired.map_err(|error| self.watchdog.unless_stopped(error.into()))
    }

    /// Returns whether the file lock is needed: if another process could take a step of this run for unfinished, or this run
    /// a step of another process, or a correction of history could interfere.
    pub(super) fn needs_file_lock(
        &self,
        request: &Request,
        history: &History,
        plan: Result<&Plan, &RunError>,
    ) -> bool {
        if self.connection.dialect() != Dialect::Sqlite {
            return false;
        }
        let by_hand = match request {
            Request::Stamp(_) | Request::Repair(_) => true,
            Request::Up(_)
            | Request::Production(_)
            | Request::Down(_)
            | Request::DownFromHistory(_) => false,
        };
        let begun = history.rows().any(|(_, row)| row.state != State::Applied);
        match plan {
            Ok(plan) => {
                by_hand || begun || plan.steps.iter().any(|step| step.mode == Mode::Journaled)
            }
            Err(RunError::Plan(error)) => begun || is_of_unfinished(error),
            Err(_) => false,
        }
    }

    /// Refuses to resume what may be another run's work in progress.
    pub(super) fn refuse_without_lock(
        &self,
        plan: &Plan,
        file_lock: bool,
    ) -> Result<(), LockError> {
        let begun = plan.steps.iter().find(|step| step.resume.is_some());
        match begun {
            Some(step) if !file_lock && !self.run.lock.is_held() => {
                Err(LockError::NoLock { key: step.key().clone() })
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// Returns whether a plan was refused because of an unfinished revision, which may be another run's work in progress.
pub(super) fn is_of_unfinished(error: &PlanError) -> bool {
    matches!(error, PlanError::Unfinished { .. } | PlanError::Diverged { .. })
}
