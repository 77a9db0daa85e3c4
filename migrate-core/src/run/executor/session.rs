//! Each step gets the session as if it were the first: leftovers of earlier steps are removed, also between two attempts.

use std::slice;

use migrate_sql::{Dialect, Traces};

use crate::engine::connection::{DatabaseError, ErrorKind, Session};
use crate::engine::connector::WHO_AM_I;
use crate::plan::{Step, Work};
use crate::run::executor::{Executor, RunError, SessionSnapshot, Stop};

impl Executor<'_> {
    /// Sets up the session, unless each transaction may get another one.
    pub(super) async fn set_up(&mut self) -> Result<(), RunError> {
        self.watchdog.prepare(self.connection).await.map_err(RunError::Session)?;
        // If each transaction may get another session, no session can be set up, or cancelled by its id.
        if self.run.frame.local.is_some() {
            return Ok(());
        }
        let dialect = self.connection.dialect();
        let mut statements = self.settings.timeouts.for_session(dialect);
        if dialect == Dialect::Postgres {
            statements.extend(self.settings.take_role(dialect));
        }
        if dialect == Dialect::Postgres {
            // Sent together with the rest, to save a round trip.
            statements.push(WHO_AM_I.to_owned());
        }
        if statements.is_empty() {
            return Ok(());
        }
        let rows = self.connection.ask(&statements.join(";\n")).await;
        let rows = rows.map_err(RunError::Session)?;
        if dialect == Dialect::Postgres {
            self.look_after(rows.last().and_then(Session::read));
        }
        Ok(())
    }

    /// Has the run's own session watched from now on, if that is possible.
    fn look_after(&mut self, session: Option<Session>) {
        self.watchdog.attend_to(session.clone());
        if let (Some(session), Some(connector)) = (session, self.connector) {
            self.connection.know_session(session);
            connector.watch(self.connection);
        }
    }

    /// Runs a step, and restores the session after it.
    pub(super) async fn alone(&mut self, step: &Step) -> Result<(), Stop> {
        // If each transaction may have another session, each attempt restores its own settings.
        if !step.leaves_traces() || self.run.frame.local.is_some() {
            return self.patiently(slice::from_ref(step)).await;
        }
        self.note_session().await.map_err(RunError::Session)?;
        self.run.traces = Some(match &step.work {
            Work::Sql(script) => script.traces(),
            // The traces of code are recorded while it runs.
            Work::Code(_) | Work::Nothing => Traces::new(self.connection.dialect()),
        });
        let outcome = self.patiently(slice::from_ref(step)).await;
        let undone = self.undo_traces().await;
        self.run.traces = None;
        outcome?;
        undone.map_err(RunError::Session)?;
        if self.run.lock.hold_on(self.connection).await.map_err(RunError::Session)? {
            return Ok(());
        }
        Err(self.run.lock.lost(self.connection).await.into())
    }

    /// Takes a snapshot of the session. Once is enough, because it is restored after every step.
    async fn note_session(&mut self) -> Result<(), DatabaseError> {
        if self.run.snapshot.is_some() {
            return Ok(());
        }
        let mut waiting = self.watchdog.waiting(self.settings.wait);
        loop {
            match SessionSnapshot::read(self.connection).await {
                Ok(snapshot) => {
                    self.run.snapshot = Some(snapshot);
                    return Ok(());
                }
                // On SQLite another process may be rewriting the file.
                Err(error) if error.kind == ErrorKind::LockTimeout => {
                    if !waiting.pause().await {
                        return Err(error);
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Restores the session after what the current step has done so far, if it can change the session.
    pub(super) async fn undo_traces(&mut self) -> Result<(), DatabaseError> {
        match (&self.run.snapshot, &self.run.traces) {
            (Some(snapshot), Some(traces)) => snapshot.undo(self.connection, traces).await,
            (None, _) | (_, None) => Ok(()),
        }
    }

    /// Records the traces of code.
    pub(super) fn note_traces(&mut self, traces: Traces) {
        if let Some(known) = &mut self.run.traces {
            known.extend(traces);
        }
    }
}
