//! Watches a running statement: finds the sessions that block it, and cancels it when the run is stopped.

use std::future::{self, Future};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use migrate_sql::Dialect;

use crate::engine::connection::{Connection, DatabaseError, End, ErrorKind, Ran, Session};
use crate::engine::connector::Connector;
use crate::run::blocker::Blocker;
use crate::run::executor::{Executor, RunError, StepCause, StepError, Stop};
use crate::run::lock::Waiting;
use crate::run::observer::{Event, Observer};
use crate::run::settings::Settings;
use crate::run::stop::StopHandle;

/// The time before a statement is first checked.
const FIRST_LOOK: Duration = Duration::from_secs(1);
/// The longest time between two checks.
const RAREST_LOOK: Duration = Duration::from_secs(10);
/// The time between two cancellations: a statement may start just after its predecessor was cancelled.
const CANCEL_AGAIN: Duration = Duration::from_millis(500);
/// How long code may continue that waits for something other than the database.
const GRACE: Duration = Duration::from_secs(2);

/// Watches a run.
pub(super) struct Watchdog<'a> {
    connector: Option<&'a Connector>,
    stop: Option<&'a StopHandle>,
    dialect: Dialect,
    /// The run's own session, once it is known.
    session: Option<Session>,
    /// The flag that interrupts SQLite's statements.
    interrupt: Option<Arc<AtomicBool>>,
    first_look: Duration,
    /// The sessions that blocked it at the last check.
    seen: Vec<Blocker>,
    /// Whether a statement was cancelled, so that a late cancellation may still arrive.
    cancelled: bool,
    /// Whether only the end of a step is left, which is not cancelled at once.
    closing: bool,
}

impl<'a> Watchdog<'a> {
    pub(super) fn new(
        dialect: Dialect,
        settings: &Settings,
        connector: Option<&'a Connector>,
        stop: Option<&'a StopHandle>,
    ) -> Self {
        let lock = Some(settings.timeouts.lock).filter(|lock| !lock.is_zero());
        Self {
            connector,
            stop,
            dialect,
            session: None,
            interrupt: None,
            // The blocking sessions must be found before the server gives up.
            first_look: lock.map_or(FIRST_LOOK, |lock| FIRST_LOOK.min(lock / 2)),
            seen: Vec::new(),
            cancelled: false,
            closing: false,
        }
    }

    /// Sets the run's own session.
    pub(super) fn attend_to(&mut self, session: Option<Session>) {
        self.session = session;
    }

    /// Prepares interrupting SQLite's statements. Only a run that can be stopped needs it.
    pub(super) async fn prepare(
        &mut self,
        connection: &mut Connection,
    ) -> Result<(), DatabaseError> {
        if self.stop.is_some() && self.dialect == Dialect::Sqlite {
            let flag = Arc::new(AtomicBool::new(false));
            connection.interrupt_by(Some(Arc::clone(&flag))).await?;
            self.interrupt = Some(flag);
        }
        Ok(())
    }

    /// Restores the connection.
    pub(super) async fn leave(&mut self, connection: &mut Connection) -> Result<(), DatabaseError> {
        match self.interrupt.take() {
            Some(_) => connection.interrupt_by(None).await,
            None => Ok(()),
        }
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stop.is_some_and(StopHandle::is_stopped)
    }

    /// Fails if the run was stopped.
    pub(super) fn go_on(&self) -> Result<(), Stop> {
        if self.is_stopped() { Err(RunError::stopped(None).into()) } else { Ok(()) }
    }

    /// Waits until the run is stopped.
    pub(super) fn stopped(&self) -> impl Future<Output = ()> + Send + use<'a> {
        stopped(self.stop)
    }

    /// Pauses, but not after the run was stopped.
    pub(super) fn sleep(&self, pause: Duration) -> impl Future<Output = ()> + Send + use<'a> {
        let stop = self.stop;
        async move {
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stopped(stop) => {}
            }
        }
    }

    /// Returns the wait for another run, which ends when this one is stopped.
    pub(super) fn waiting(&self, deadline: Duration) -> Waiting {
        Waiting::new(deadline, self.stop.cloned())
    }

    pub(super) fn stop_handle(&self) -> Option<StopHandle> {
        self.stop.cloned()
    }

    /// Returns the error of a wait; or, if the run was stopped, the error for that.
    pub(super) fn unless_stopped(&self, error: RunError) -> RunError {
        if self.is_stopped() { RunError::stopped(None) } else { error }
    }

    /// Forgets the blocking sessions, before another attempt.
    pub(super) fn forget(&mut self) {
        self.seen.clear();
    }

    /// Adds the blocking sessions to a step's error. Turns an error that is caused by stopping into [`RunError::Stopped`].
    pub(super) fn explain(&mut self, error: StepError) -> Result<StepError, RunError> {
        let error = StepError { blockers: std::mem::take(&mut self.seen), ..error };
        let by_stop = match &error.cause {
            StepCause::Code(_) | StepCause::Escaped(_) => true,
            StepCause::Database(_)
            | StepCause::Call(_)
            | StepCause::Displaced
            | StepCause::Lock(_)
            | StepCause::ForeignKeys { .. } => error.database().is_some_and(|error| {
                matches!(error.kind, ErrorKind::Cancelled | ErrorKind::Unanswered)
            }),
        };
        if self.is_stopped() && by_stop { Err(RunError::stopped(Some(error))) } else { Ok(error) }
    }

    /// Waits for `running`, which is never dropped, and watches it meanwhile.
    async fn beside<T>(
        &mut self,
        running: impl Future<Output = T>,
        observer: &mut dyn Observer,
    ) -> T {
        let mut running = pin!(running);
        let mut pause = self.first_look;
        loop {
            let (stop, grace) = (self.stop, self.closing.then_some(GRACE));
            let looked = async {
                tokio::time::sleep(pause).await;
                self.look().await
            };
            let blockers = tokio::select! {
                biased;
                done = &mut running => return done,
                () = told(stop, grace) => return self.cancel_beside(running).await,
                blockers = looked => blockers,
            };
            self.tell(blockers, observer);
            pause = (pause * 2).min(RAREST_LOOK);
        }
    }

    /// Cancels what is running, repeatedly, until it ends.
    async fn cancel_beside<T>(&mut self, mut running: Pin<&mut impl Future<Output = T>>) -> T {
        loop {
            if let Some(done) = self.cancel_while(running.as_mut()).await {
                return done;
            }
            tokio::select! {
                biased;
                done = &mut running => return done,
                () = tokio::time::sleep(CANCEL_AGAIN) => {}
            }
        }
    }

    /// Cancels once, and completes that even if what is running ends meanwhile: it must not hit the next statement.
    async fn cancel_while<T>(&mut self, running: Pin<&mut impl Future<Output = T>>) -> Option<T> {
        let mut cancelling = pin!(self.cancel());
        tokio::select! {
            biased;
            () = &mut cancelling => None,
            done = running => {
                cancelling.await;
                Some(done)
            }
        }
    }

    /// Cancels the running statement, if that is possible.
    async fn cancel(&mut self) {
        self.cancelled = true;
        if let Some(interrupt) = &self.interrupt {
            interrupt.store(true, Ordering::Relaxed);
            return;
        }
        let (Some(session), Some(connector)) = (&self.session, self.connector) else { return };
        let cancel = match self.dialect {
            Dialect::Mysql => format!("KILL QUERY {}", session.id),
            Dialect::Postgres | Dialect::Sqlite => {
                format!("SELECT CAST(pg_catalog.pg_cancel_backend({}) AS int)", session.id)
            }
        };
        if let Err(error) = connector.ask_about(session, &[cancel]).await {
            tracing::warn!(%error, "the statement could not be cancelled");
        }
    }

    /// Returns the sessions that block the run. Failing to find out is not an error: the role may lack the privilege.
    async fn look(&mut self) -> Vec<Blocker> {
        let (Some(session), Some(connector)) = (&self.session, self.connector) else {
            return Vec::new();
        };
        let queries = Blocker::queries(self.dialect, session.id);
        match connector.ask_about(session, &queries).await {
            Ok(rows) => {
                let blockers = rows.iter().filter_map(|row| Blocker::read(self.dialect, row));
                blockers.filter(|blocker| !connector.is_own(blocker.pid)).collect()
            }
            Err(error) => {
                tracing::debug!(%error, "the sessions that block the run cannot be determined");
                Vec::new()
            }
        }
    }

    /// Reports the blocking sessions, once for each set of them.
    fn tell(&mut self, blockers: Vec<Blocker>, observer: &mut dyn Observer) {
        if blockers.is_empty() {
            return;
        }
        let pids =
            |blockers: &[Blocker]| blockers.iter().map(|blocker| blocker.pid).collect::<Vec<_>>();
        let known = pids(&self.seen) == pids(&blockers);
        self.seen = blockers;
        if !known {
            observer.on(Event::Blocked { blockers: &self.seen });
        }
    }
}

async fn told(stop: Option<&StopHandle>, grace: Option<Duration>) {
    stopped(stop).await;
    if let Some(grace) = grace {
        tokio::time::sleep(grace).await;
    }
}

async fn stopped(stop: Option<&StopHandle>) {
    match stop {
        Some(stop) => stop.stopped().await,
        None => future::pending().await,
    }
}

impl Executor<'_> {
    /// Sends a message, and watches it.
    pub(super) async fn run_attended(&mut self, message: &str) -> Ran {
        let ran = self.watchdog.beside(self.connection.run(message), &mut *self.observer).await;
        self.settle_cancellation().await;
        ran
    }

    /// Begins a transaction that sqlx counts, and watches that.
    pub(super) async fn begin_attended(&mut self, opening: &str) -> Result<(), DatabaseError> {
        let begun = self.watchdog.beside(self.connection.begin(opening), &mut *self.observer).await;
        self.settle_cancellation().await;
        begun
    }

    /// Commits it, and watches that.
    pub(super) async fn commit_attended(&mut self) -> Result<(), DatabaseError> {
        let commit = self.connection.end(End::Commit, false);
        let ended = self.watchdog.beside(commit, &mut *self.observer).await;
        self.settle_cancellation().await;
        ended.map(|_| ())
    }

    /// Sets whether only the end of a step is being sent, which gets a little time when the run is stopped.
    pub(super) fn close(&mut self, closing: bool) {
        self.watchdog.closing = closing;
    }

    /// Runs code on the connection that is lent to it, and watches it. When the run is stopped, its calls are cancelled, and
    /// after a while it is dropped: then returns `None`.
    pub(super) async fn code_attended<T>(&mut self, code: impl Future<Output = T>) -> Option<T> {
        let stop = self.watchdog.stop;
        let given_up = async {
            stopped(stop).await;
            tokio::time::sleep(GRACE).await;
        };
        let outcome = tokio::select! {
            biased;
            done = self.watchdog.beside(code, &mut *self.observer) => Some(done),
            () = given_up => None,
        };
        if outcome.is_none() {
            // A call may have started since the last cancellation, and would continue although nobody waits for it.
            self.watchdog.cancel().await;
        }
        outcome
    }

    /// Sends a dummy statement, so that a late cancellation cannot hit the next one.
    pub(super) async fn settle_cancellation(&mut self) {
        if std::mem::take(&mut self.watchdog.cancelled) {
            self.connection.execute("SELECT 1").await.ok();
        }
        if let Some(interrupt) = &self.watchdog.interrupt {
            interrupt.store(false, Ordering::Relaxed);
        }
    }
}
