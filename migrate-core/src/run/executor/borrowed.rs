//! Runs on sessions that are not their own, behind a connection pooler: settings end with each transaction, and writes of a
//! run that has lost the lock are rejected.

use crate::engine::connection::DatabaseError;
use crate::history::StatementJournal;
use crate::plan::{Mode, Plan, Step, Work};
use crate::run::executor::{
    Aftermath, Executor, Failure, Journal, RunError, SessionSnapshot, StepCause, Stop,
};
use crate::run::lock::LockError;

impl Executor<'_> {
    /// Refuses steps that need a dedicated session, before anything runs.
    pub(super) fn refuse_without_session(&self, plan: &Plan) -> Result<(), LockError> {
        if self.run.frame.local.is_none() {
            return Ok(());
        }
        let mut alone = plan.steps.iter().filter(|step| step.mode == Mode::Journaled);
        let needs = |step: &Step| match &step.work {
            _ if self.settings.role.is_some() => {
                Some("a role cannot be assumed outside a transaction")
            }
            Work::Sql(script) if script.sets_session() => {
                Some("its settings outside a transaction would remain for other clients")
            }
            Work::Sql(_) | Work::Code(_) | Work::Nothing => None,
        };
        let refused = alone.find_map(|step| Some((step.key().clone(), needs(step)?)));
        refused.map_or(Ok(()), |(key, why)| Err(LockError::NoSession { key, why }))
    }

    /// Returns whether a step in a transaction may change the settings of a session that is not the run's own. Outside a
    /// transaction they could not be restored.
    pub(super) fn must_borrow(&self, step: &Step) -> bool {
        self.run.frame.local.is_some() && step.mode == Mode::Transaction && step.leaves_traces()
    }

    /// Runs a step that may change the session's settings. They are restored in its transaction, because the next one may
    /// have another session.
    pub(super) async fn borrowed(&mut self, step: &Step) -> Result<(), Stop> {
        let snapshot = self.begin_borrowing().await.map_err(RunError::Session)?;
        self.run.frame.restore = Some(snapshot.put_back());
        let outcome = self.one(step).await;
        self.run.frame.restore = None;
        outcome
    }

    async fn begin_borrowing(&mut self) -> Result<SessionSnapshot, DatabaseError> {
        self.connection.execute(self.run.frame.begin(self.table.dialect())).await?;
        let snapshot = SessionSnapshot::read(self.connection).await;
        if snapshot.is_err() {
            self.connection.execute("ROLLBACK").await.ok();
        }
        snapshot
    }

    /// Returns whether another run holds the lock by now.
    pub(super) async fn is_lost(&mut self) -> bool {
        self.run.lock.is_lost() || !self.run.lock.is_kept(self.connection).await
    }

    /// Ends a run that has lost its lock.
    pub(super) async fn stop_at(&mut self, steps: &[Step]) -> Stop {
        let lost = self.run.lock.lost(self.connection).await;
        let Some(step) = steps.first() else { return lost.into() };
        let failure = Failure {
            statement: None,
            excerpt: None,
            aftermath: Aftermath::RolledBack,
            journal: Journal::Is(StatementJournal::default()),
            cause: StepCause::Lock(lost),
        };
        self.fail(step, failure).await
    }

    /// Writes to history between steps: in a separate, fenced transaction, if there is a fence.
    pub(super) async fn write(&mut self, statements: &[String]) -> Result<(), DatabaseError> {
        let message = self.run.frame.around(statements, self.table.dialect());
        let written = self.connection.execute(&message).await;
        if written.is_err() && self.run.frame.need_transaction() {
            self.connection.execute("ROLLBACK").await.ok();
        }
        written
    }
}

/// Returns whether an error is that of a [fence](crate::history::HistoryTable::fence): more than one row.
pub(super) fn is_fence(error: &DatabaseError) -> bool {
    error.code.as_ref().is_some_and(|code| code.starts_with("21000"))
}
