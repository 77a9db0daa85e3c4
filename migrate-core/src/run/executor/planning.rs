//! Reads history, and makes the plan of a run.

use std::pin::pin;
use std::time::Duration;

use migrate_sql::Dialect;

use crate::engine::connection::ErrorKind;
use crate::history::store::{HistoryError, Read};
use crate::history::{History, Mark};
use crate::plan::{Context, Plan, Request};
use crate::run::executor::{Executor, RunError};
use crate::run::observer::Event;
use crate::run::recall;

/// How long an answer may take before the wait is reported.
const SILENCE: Duration = Duration::from_secs(1);

impl Executor<'_> {
    /// Reads history before the lock is held. A stopped run does not wait for it, because nothing was done yet.
    pub(super) async fn first_history(&mut self, request: &Request) -> Result<History, RunError> {
        let stopped = self.watchdog.stopped();
        tokio::select! {
            biased;
            () = stopped => Err(RunError::stopped(None)),
            read = self.read(request) => Ok(read?.history),
        }
    }

    pub(super) fn plan(&self, request: &Request, history: &History) -> Result<Plan, RunError> {
        let context =
            Context { dialect: self.connection.dialect(), policies: self.settings.policies };
        Ok(Plan::new(request, self.graph, history, context)?)
    }

    /// Has a plan reviewed, unless the last reviewed one does the same.
    pub(super) fn review(&mut self, plan: &Plan) -> Result<(), RunError> {
        let before = self.run.reviewed.take();
        match self.review {
            Some(review) if !before.is_some_and(|before| before.does_the_same(plan)) => {
                review(plan).map_err(RunError::Review)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Returns the error; or, if a plan was shown earlier, that history has changed, which must be the reason.
    pub(super) fn unless_shown(&self, error: RunError) -> RunError {
        let was_shown = self.run.shown.is_some() && matches!(error, RunError::Plan(_));
        if was_shown { RunError::outdated() } else { error }
    }

    /// Refuses a plan that is not the rest of the one that was shown.
    pub(super) fn refuse_other_than_shown(&self, plan: &Plan) -> Result<(), RunError> {
        let Some(shown) = self.run.shown else { return Ok(()) };
        let done =
            self.run.report.done.iter().map(|done| (&done.key, done.action.name())).collect();
        if plan.is_left_of(shown, &done) { Ok(()) } else { Err(RunError::outdated()) }
    }

    /// Reads history, and waits for others that lock its table: on SQLite, a process that rewrites the whole file.
    pub(super) async fn read(&mut self, request: &Request) -> Result<Read, RunError> {
        let mut waiting = self.watchdog.waiting(self.settings.wait);
        loop {
            let (connection, table) = (&mut *self.connection, &self.table);
            let mut reading = pin!(recall::read_for(connection, table, self.graph, request));
            let read = tokio::select! {
                biased;
                read = &mut reading => read,
                () = tokio::time::sleep(SILENCE) => {
                    let (reason, deadline) = ("no answer yet", self.settings.wait);
                    self.observer.on(Event::Connecting { reason, deadline });
                    reading.await
                }
            };
            let locked = matches!(&read, Err(HistoryError::Database { source, .. })
                if source.kind == ErrorKind::LockTimeout);
            if !locked || !waiting.pause().await {
                return Ok(read?);
            }
        }
    }

    pub(super) async fn read_history(&mut self, request: &Request) -> Result<History, RunError> {
        let read = self.read(request).await?;
        let on_server = self.connection.dialect() != Dialect::Sqlite;
        let Read { history, missing, narrow, last_change } = read;
        self.run.tables_missing = missing || !on_server && last_change.is_none();
        self.run.table_narrow = narrow;
        // On SQLite they are created in the first group, whose lock keeps other runs out.
        if on_server {
            self.ready_tables().await?;
            self.run.tables_missing = false;
            self.run.table_narrow = false;
        }
        self.run.last_sequence = history.last_sequence();
        self.run.mark = Mark::of(&history, last_change.unwrap_or(0));
        Ok(history)
    }
}
