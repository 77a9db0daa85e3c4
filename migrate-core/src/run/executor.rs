//! Runs plans: acquires the lock, sends the groups, keeps history correct, and reports what happened.

mod borrowed;
mod code;
mod code_journal;
mod error;
mod foreign_keys;
mod group;
mod held;
mod in_flight;
mod locking;
mod patience;
mod planning;
mod progress;
mod restoring;
mod resume;
mod retry;
mod session;
mod snapshot;
mod step_error;
mod transaction;
mod truth;
mod undecided;
mod watchdog;

use std::collections::BTreeSet;
use std::time::Duration;

use migrate_sql::Traces;
use tracing::Instrument;

pub use self::error::RunError;
pub(crate) use self::in_flight::{STAYS, may_stay};
use self::locking::is_of_unfinished;
pub(crate) use self::snapshot::{SessionSnapshot, postgres_start};
pub use self::step_error::{Aftermath, StepCause, StepError};
use self::step_error::{Failure, Journal};
pub use self::undecided::Undecided;
use self::watchdog::Watchdog;
use crate::db::States;
use crate::declare::body::BoxError;
use crate::declare::revision::RevisionKey;
use crate::engine::connection::{Connection, no_answer};
use crate::engine::connector::Connector;
use crate::graph::Graph;
use crate::history::{HistoryTable, Mark};
use crate::plan::{Group, Plan, Request, Step, groups};
use crate::run::lock::Lock;
use crate::run::message::{Composer, TransactionFrame};
use crate::run::observer::{Done, Event, Observer, Report};
use crate::run::settings::Settings;
use crate::run::stop::StopHandle;

/// How long releasing the lock may take.
const RELEASE: Duration = Duration::from_secs(30);

/// How often a run plans again because another run was faster. That run made progress each time, so the limit is only
/// reached if the database refuses every row for no apparent reason.
const MOST_PLANS: usize = 100;

/// Reviews a plan before it runs, and may refuse it.
pub(crate) type Review = Box<dyn Fn(&Plan) -> Result<(), BoxError> + Send + Sync>;

/// The application's options for runs.
#[derive(Clone, Copy)]
pub(crate) struct RunContext<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) states: &'a States,
    pub(crate) review: Option<&'a Review>,
    pub(crate) connector: Option<&'a Connector>,
    pub(crate) stop: Option<&'a StopHandle>,
}

/// A run, and what it works with.
pub(crate) struct Executor<'a> {
    pub(crate) connection: &'a mut Connection,
    pub(crate) graph: &'a Graph,
    pub(crate) table: HistoryTable,
    pub(crate) settings: &'a Settings,
    pub(crate) states: &'a States,
    review: Option<&'a Review>,
    /// Opens more connections to the same database, if that is possible.
    pub(crate) connector: Option<&'a Connector>,
    pub(crate) observer: &'a mut dyn Observer,
    watchdog: Watchdog<'a>,
    run: Run<'a>,
}

/// The state of a run.
#[derive(Default)]
struct Run<'a> {
    report: Report,
    /// The plan that was shown, if the run must do exactly that.
    shown: Option<&'a Plan>,
    /// The last sequence number.
    last_sequence: i64,
    /// The revisions that earlier runs started, which already have sequence numbers. A revision that this run started and
    /// retries has not been counted yet.
    numbered: BTreeSet<RevisionKey>,
    /// The mark of history when the plan was made, which groups on SQLite check again.
    mark: Mark,
    /// Whether the history tables have to be created.
    tables_missing: bool,
    /// Whether the history table lacks columns.
    table_narrow: bool,
    /// Whether the log was missing, and was created again.
    made_log: bool,
    /// The plan that was reviewed before the lock was held.
    reviewed: Option<Plan>,
    /// The session's settings between steps, once a step may have changed them.
    snapshot: Option<SessionSnapshot>,
    /// What the current step leaves in the session that the database cannot list.
    traces: Option<Traces>,
    /// The lock that keeps other runs out.
    lock: Lock,
    /// The beginning and end of its transactions.
    frame: TransactionFrame,
}

/// Why a run stops before its plan is done.
enum Stop {
    /// Another run wrote to history: the plan must be made again.
    Stale,
    /// The step of this revision cannot run in a transaction: its statements have to be journaled one by one.
    Unheld(RevisionKey),
    Failed(RunError),
}

impl<E: Into<RunError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl<'a> Executor<'a> {
    pub(crate) fn new(
        connection: &'a mut Connection,
        graph: &'a Graph,
        table: HistoryTable,
        context: RunContext<'a>,
        observer: &'a mut dyn Observer,
    ) -> Self {
        let RunContext { settings, states, review, connector, stop } = context;
        let mut watchdog = Watchdog::new(connection.dialect(), settings, connector, stop);
        watchdog.attend_to(connection.session().cloned());
        connection.wait_at_most(settings.wait);
        let run = Run::default();
        Self {
            connection,
            graph,
            table,
            settings,
            states,
            review,
            connector,
            observer,
            watchdog,
            run,
        }
    }

    /// Plans and runs `request`. The plan is made while the lock is held.
    pub(crate) async fn run(mut self, request: &Request) -> Result<Report, RunError> {
        self.graph.forget_rendered();
        self.run_as(request).await
    }

    /// Runs exactly the plan `shown`, or nothing.
    pub(crate) async fn run_plan(mut self, shown: &'a Plan) -> Result<Report, RunError> {
        self.run.shown = Some(shown);
        self.run_as(&shown.request).await
    }

    async fn run_as(&mut self, request: &Request) -> Result<Report, RunError> {
        let history = self.first_history(request).await?;
        match self.plan(request, &history) {
            Ok(plan) => {
                self.refuse_other_than_shown(&plan)?;
                if plan.is_empty() {
                    let Plan { notices, pending_data, .. } = plan;
                    return Ok(Report { notices, pending_data, ..Report::default() });
                }
                self.review(&plan)?;
                self.run.reviewed = Some(plan);
            }
            // An unfinished revision may be another run's work in progress, which only the lock can tell.
            Err(RunError::Plan(error)) if is_of_unfinished(&error) => {}
            Err(error) => return Err(self.unless_shown(error)),
        }
        self.lock().await?;
        // On the heap: the futures of a run are deeply nested, and the application nests them further.
        let outcome = Box::pin(self.under_lock(request)).await;
        let releasing = std::mem::take(&mut self.run.lock).release(self.connection);
        // If this fails, the lock ends with the connection, or when the lease expires.
        let released = tokio::time::timeout(RELEASE, releasing).await;
        let released = released.unwrap_or_else(|_| Err(no_answer(RELEASE)));
        // The first failure is the one to report.
        outcome.and_then(|report| released.map(|()| report).map_err(RunError::Release))
    }

    async fn under_lock(&mut self, request: &Request) -> Result<Report, RunError> {
        self.set_up().await?;
        let outcome = self.follow(request).await;
        let left = self.watchdog.leave(self.connection).await;
        outcome.and_then(|report| left.map(|()| report).map_err(RunError::Session))
    }

    /// Plans and runs, until a plan has run to its end.
    async fn follow(&mut self, request: &Request) -> Result<Report, RunError> {
        let mut file_lock = None;
        for _ in 0..MOST_PLANS {
            // History may have changed since it was read without the lock.
            let history = self.read_history(request).await?;
            let plan = self.plan(request, &history);
            if file_lock.is_none() && self.needs_file_lock(request, &history, plan.as_ref()) {
                file_lock = Some(self.lock_file().await?);
                continue;
            }
            let plan = plan.map_err(|error| self.unless_shown(error));
            let plan = plan.and_then(|plan| self.refuse_other_than_shown(&plan).map(|()| plan));
            let plan =
                plan.map_err(|error| error.with_report(std::mem::take(&mut self.run.report)))?;
            self.review(&plan)?;
            self.refuse_without_session(&plan)?;
            self.refuse_without_lock(&plan, file_lock.is_some())?;
            self.observer.on(Event::Planned(&plan));
            self.run.report.notices.clone_from(&plan.notices);
            self.run.report.pending_data.clone_from(&plan.pending_data);
            match self.steps(&plan).await {
                Ok(()) => return Ok(std::mem::take(&mut self.run.report)),
                Err(Stop::Stale | Stop::Unheld(_)) => {
                    tracing::info!("another run was faster; planning again");
                }
                Err(Stop::Failed(error)) => {
                    return Err(error.with_report(std::mem::take(&mut self.run.report)));
                }
            }
        }
        Err(RunError::NeverCurrent)
    }

    async fn steps(&mut self, plan: &Plan) -> Result<(), Stop> {
        let begun = plan.steps.iter().filter(|step| step.resume.is_some());
        self.run.numbered = begun.map(|step| step.key().clone()).collect();
        for group in groups(&plan.steps, self.connection.dialect()) {
            let range = match group {
                Group::Together(range) => range,
                Group::Single(index) => index..index + 1,
            };
            let steps = plan.steps.get(range).unwrap_or_default();
            if self.run.lock.is_lost() {
                return Err(self.stop_at(steps).await);
            }
            self.watchdog.go_on()?;
            let revisions: Vec<RevisionKey> = steps.iter().map(|step| step.key().clone()).collect();
            self.observer.on(Event::Sending { revisions: &revisions });
            let first = revisions.first().map(ToString::to_string);
            let span = tracing::info_span!("migrate", revision = first, steps = steps.len());
            async {
                match steps {
                    [step] => self.single(step).await,
                    _ => self.patiently(steps).await,
                }
            }
            .instrument(span)
            .await?;
        }
        Ok(())
    }

    /// Runs a single step, after which the session is as it was before.
    async fn single(&mut self, step: &Step) -> Result<(), Stop> {
        if step.resume.is_some() {
            let step = self.resumed(step).await?;
            return self.alone(&step).await;
        }
        self.alone(step).await
    }

    fn composer(&self) -> Composer<'_> {
        Composer {
            table: &self.table,
            timeouts: self.settings.timeouts,
            last_sequence: Some(self.run.last_sequence),
            frame: &self.run.frame,
        }
    }

    /// Reports a step as done. Called only after it is committed.
    fn done(&mut self, step: &Step, statements: usize, milliseconds: Option<i64>) {
        let done = Done {
            key: step.key().clone(),
            kind: step.kind(),
            action: step.action,
            description: step.migration.summary().to_owned(),
            statements,
            duration: Duration::from_millis(
                milliseconds.and_then(|ms| ms.try_into().ok()).unwrap_or(0),
            ),
        };
        tracing::info!(revision = %done.key, action = done.action.name(), "done");
        self.observer.on(Event::Done(&done));
        self.run.report.done.push(done);
        if !self.run.numbered.contains(step.key()) {
            self.run.last_sequence = self.run.last_sequence.saturating_add(1);
        }
    }
}
