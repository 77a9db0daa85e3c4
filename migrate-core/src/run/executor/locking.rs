//! What a run locks, and what it refuses to touch without a lock.

use std::time::Duration;

use migrate_sql::Dialect;

use crate::engine::connection::no_answer;
use crate::history::{History, State};
use crate::plan::{Mode, Plan, PlanError, Request};
use crate::run::executor::{Executor, RunError};
use crate::run::lock::{FileLock, Lock, LockError, Wanted};

/// How much longer than the wait for others all answers together may take while the lock is asked for.
const ANSWERS: Duration = Duration::from_secs(30);

impl Executor<'_> {
    /// Keeps other runs out, or waits for the one that does.
    pub(super) async fn lock(&mut self) -> Result<(), RunError> {
        let wanted =
            Wanted { table: &self.table, settings: self.settings, connector: self.connector };
        let waiting = self.watchdog.waiting(self.settings.wait);
        let limit = self.settings.wait.saturating_add(ANSWERS);
        let acquiring = Lock::acquire(self.connection, wanted, (waiting, &mut *self.observer));
        let acquired = if let Ok(acquired) = tokio::time::timeout(limit, acquiring).await {
            acquired
        } else {
            // What may have been had goes with the connection.
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

    /// Locks the file beside SQLite's, for what does not happen in one transaction.
    pub(super) async fn lock_file(&mut self) -> Result<FileLock, RunError> {
        let waiting = self.watchdog.waiting(self.settings.wait);
        let acquired = FileLock::acquire(self.connection, waiting, self.observer).await;
        acquired.map_err(|error| self.watchdog.unless_stopped(error.into()))
    }

    /// Whether there is or will be something that another process could take for unfinished while this one is at it, or
    /// the other way round: what a run is at between two statements must not be written to by hand.
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
            Err(RunError::Plan(error)) => begun || is_of_half_done(error),
            Err(_) => false,
        }
    }

    /// Refuses to go on with what may be another run's work in progress.
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

/// Whether a plan is refused because of what is unfinished: it may be another runner's work in progress.
pub(super) fn is_of_half_done(error: &PlanError) -> bool {
    matches!(error, PlanError::Unfinished { .. } | PlanError::Diverged { .. })
}
