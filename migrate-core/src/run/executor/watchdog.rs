//! What goes on beside a statement in flight: somebody looks who blocks it, and has it cancelled when the run is to stop.

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

/// A statement that takes no longer is let alone.
const FIRST_LOOK: Duration = Duration::from_secs(1);
/// Looks become rarer, down to one in so long.
const RAREST_LOOK: Duration = Duration::from_secs(10);
/// A statement may begin just after its predecessor was cancelled: cancelling is repeated.
const CANCEL_AGAIN: Duration = Duration::from_millis(500);
/// So long code goes on that waits for something else than the database.
const GRACE: Duration = Duration::from_secs(2);

/// Sits beside a run.
pub(super) struct Watchdog<'a> {
    connector: Option<&'a Connector>,
    stop: Option<&'a StopHandle>,
    dialect: Dialect,
    /// The run's own session, once it is known.
    session: Option<Session>,
    /// Interrupts SQLite's statement from within.
    interrupt: Option<Arc<AtomicBool>>,
    first_look: Duration,
    /// Who was in the way, as last seen.
    seen: Vec<Blocker>,
    /// Whether a statement was cancelled, so that a late cancellation may be under way.
    cancelled: bool,
    /// Whether a step is done but for its end, which is not cancelled at once.
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
            // Before the server gives up, whoever blocks must have been seen.
            first_look: lock.map_or(FIRST_LOOK, |lock| FIRST_LOOK.min(lock / 2)),
            seen: Vec::new(),
            cancelled: false,
            closing: false,
        }
    }

    /// Takes note of the run's own session.
    pub(super) fn attend_to(&mut self, session: Option<Session>) {
        self.session = session;
    }

    /// Has the way ready by which SQLite's statements are interrupted. Only a run that can be stopped pays for it.
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

    /// Leaves the connection as it was.
    pub(super) async fn leave(&mut self, connection: &mut Connection) -> Result<(), DatabaseError> {
        match self.interrupt.take() {
            Some(_) => connection.interrupt_by(None).await,
            None => Ok(()),
        }
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stop.is_some_and(StopHandle::is_stopped)
    }

    /// An error once the run is to stop.
    pub(super) fn go_on(&self) -> Result<(), Stop> {
        if self.is_stopped() { Err(RunError::stopped(None).into()) } else { Ok(()) }
    }

    /// Waits until the run is to stop.
    pub(super) fn stopped(&self) -> impl Future<Output = ()> + Send + use<'a> {
        stopped(self.stop)
    }

    /// Waits, but not when the run is to stop.
    pub(super) fn sleep(&self, pause: Duration) -> impl Future<Output = ()> + Send + use<'a> {
        let stop = self.stop;
        async move {
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stopped(stop) => {}
            }
        }
    }

    /// How long another run is waited for, unless this one is to stop.
    pub(super) fn waiting(&self, deadline: Duration) -> Waiting {
        Waiting::new(deadline, self.stop.cloned())
    }

    pub(super) fn stop_handle(&self) -> Option<StopHandle> {
        self.stop.cloned()
    }

    /// An error that comes of waiting, unless the wait ended because the run is to stop.
    pub(super) fn unless_stopped(&self, error: RunError) -> RunError {
        if self.is_stopped() { RunError::stopped(None) } else { error }
    }

    /// Forgets who was seen: what comes is another attempt.
    pub(super) fn forget(&mut self) {
        self.seen.clear();
    }

    /// Tells in a step's error who was in the way; an error that comes of stopping becomes one that says so.
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

    /// Waits for `running`, which is never dropped, and meanwhile looks after it.
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

    /// Has what runs cancelled until it ends.
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

    /// Cancels once. That is seen through even if what runs ends meanwhile: it must not hit what comes after.
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

    /// Has the statement in flight cancelled, as far as there is a way.
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

    /// Who blocks the run now. Not knowing is no error: the role may not be allowed to see.
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
                tracing::debug!(%error, "who blocks the run cannot be seen");
                Vec::new()
            }
        }
    }

    /// Tells who blocks, once for each set of them.
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
    /// Sends a message, looked after while it is in flight.
    pub(super) async fn run_attended(&mut self, message: &str) -> Ran {
        let ran = self.watchdog.beside(self.connection.run(message), &mut *self.observer).await;
        self.settle_cancellation().await;
        ran
    }

    /// Begins a transaction that sqlx counts, looked after.
    pub(super) async fn begin_attended(&mut self, opening: &str) -> Result<(), DatabaseError> {
        let begun = self.watchdog.beside(self.connection.begin(opening), &mut *self.observer).await;
        self.settle_cancellation().await;
        begun
    }

    /// Commits it, looked after.
    pub(super) async fn commit_attended(&mut self) -> Result<(), DatabaseError> {
        let commit = self.connection.end(End::Commit, false);
        let ended = self.watchdog.beside(commit, &mut *self.observer).await;
        self.settle_cancellation().await;
        ended.map(|_| ())
    }

    /// Says whether what is sent now is the end of a step that is done otherwise: a stop leaves it a little time.
    pub(super) fn close(&mut self, closing: bool) {
        self.watchdog.closing = closing;
    }

    /// Lets code run on a connection that is lent to it, looked after. When the run is to stop, its calls are
    /// cancelled, and after a while it is given up: nothing then.
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
            // A call may have begun since the last cancellation, and goes on although nobody waits for it.
            self.watchdog.cancel().await;
        }
        outcome
    }

    /// Has a cancellation that comes late hit a statement that may be hit. What was given up ends before it.
    pub(super) async fn settle_cancellation(&mut self) {
        if std::mem::take(&mut self.watchdog.cancelled) {
            self.connection.execute("SELECT 1").await.ok();
        }
        if let Some(interrupt) = &self.watchdog.interrupt {
            interrupt.store(false, Ordering::Relaxed);
        }
    }
}
