//! Runs a plan: takes the lock, sends the groups, keeps history true, and tells what happened.

mod baseline;
mod borrowed;
mod code;
mod doubt;
mod error;
mod foreign_keys;
mod group;
mod ledger;
mod resume;
mod transaction;

use migrate_sql::Dialect;
use tracing::Instrument;

pub(crate) use self::baseline::Baseline;
use self::error::Failure;
pub use self::error::{Aftermath, RunError, StepCause, StepError, Undecided};
use crate::body::BoxError;
use crate::companion::Companion;
use crate::connection::Connection;
use crate::db::States;
use crate::graph::Graph;
use crate::history::{History, HistoryTable};
use crate::journal;
use crate::lock::{Lock, Wanted};
use crate::message::{Bounds, Composer};
use crate::observer::{Done, Event, Observer, Report};
use crate::plan::{Context, Group, Plan, PlanError, Request, Step, Work, groups};
use crate::revision::RevisionKey;
use crate::settings::Settings;

/// How often a plan is made anew because another runner was faster. Each time it has done something, so this is only
/// reached by a database that refuses every row without saying why.
const MOST_PLANS: usize = 100;

/// Looks at a plan before it is run, and may refuse it.
pub(crate) type Review = Box<dyn Fn(&Plan) -> Result<(), BoxError> + Send + Sync>;

/// What the application says about runs.
#[derive(Clone, Copy)]
pub(crate) struct Manner<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) states: &'a States,
    pub(crate) review: Option<&'a Review>,
    pub(crate) companion: Option<&'a Companion>,
}

/// What a run works with.
pub(crate) struct Executor<'a> {
    pub(crate) connection: &'a mut Connection,
    pub(crate) graph: &'a Graph,
    pub(crate) table: HistoryTable,
    pub(crate) settings: &'a Settings,
    pub(crate) states: &'a States,
    review: Option<&'a Review>,
    /// More connections to the same database, where it is known how to open them.
    pub(crate) companion: Option<&'a Companion>,
    pub(crate) observer: &'a mut dyn Observer,
    run: Run,
}

/// How far a run has come.
#[derive(Default)]
struct Run {
    report: Report,
    /// The sequence number given last.
    last_sequence: i64,
    /// What history looked like when the plan was made: SQLite's groups look again.
    mark: (usize, i64),
    /// Whether the history tables are still to be made.
    tables_missing: bool,
    /// What history looked like when a plan was reviewed.
    reviewed: Option<(usize, i64)>,
    /// What keeps other runs out.
    lock: Lock,
    /// What stands at the ends of its transactions.
    bounds: Bounds,
}

/// Why a run stops before its plan is done.
enum Stop {
    /// Another runner wrote to history: the plan must be made anew.
    Stale,
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
        manner: Manner<'a>,
        observer: &'a mut dyn Observer,
    ) -> Self {
        let Manner { settings, states, review, companion } = manner;
        let run = Run::default();
        Self { connection, graph, table, settings, states, review, companion, observer, run }
    }

    /// Does what `request` asks for.
    pub(crate) async fn run(mut self, request: &Request) -> Result<Report, RunError> {
        let history = journal::read(self.connection, &self.table).await?.unwrap_or_default();
        match self.plan(request, &history) {
            Ok(plan) if plan.is_empty() => {
                return Ok(Report { notices: plan.notices, ..Report::default() });
            }
            Ok(plan) => self.review(&plan, &history)?,
            // What is half-done may be another runner's work in progress, which only the lock can tell.
            Err(RunError::Plan(PlanError::Unfinished { .. } | PlanError::Diverged { .. })) => {}
            Err(error) => return Err(error),
        }
        self.lock().await?;
        let outcome = self.under_lock(request).await;
        let released = std::mem::take(&mut self.run.lock).release(self.connection).await;
        // The first failure is the one to tell.
        outcome.and_then(|report| released.map(|()| report).map_err(RunError::Release))
    }

    fn plan(&self, request: &Request, history: &History) -> Result<Plan, RunError> {
        let context =
            Context { dialect: self.connection.dialect(), policies: self.settings.policies };
        Ok(Plan::new(request, self.graph, history, context)?)
    }

    /// Has a plan looked at, once for each state of history.
    fn review(&mut self, plan: &Plan, history: &History) -> Result<(), RunError> {
        if let Some(review) = self.review
            && self.run.reviewed != Some(history.mark())
        {
            review(plan).map_err(RunError::Review)?;
            self.run.reviewed = Some(history.mark());
        }
        Ok(())
    }

    async fn under_lock(&mut self, request: &Request) -> Result<Report, RunError> {
        self.set_up().await?;
        for _ in 0..MOST_PLANS {
            // What was read before the lock was held may be old by now.
            let history = self.read_history().await?;
            let plan = self.plan(request, &history)?;
            self.review(&plan, &history)?;
            self.refuse_without_session(&plan)?;
            self.observer.on(Event::Planned(&plan));
            self.run.report.notices.clone_from(&plan.notices);
            match self.steps(&plan).await {
                Ok(()) => return Ok(std::mem::take(&mut self.run.report)),
                Err(Stop::Stale) => tracing::info!("another runner was faster; planning again"),
                Err(Stop::Failed(error)) => {
                    return Err(error.with_report(std::mem::take(&mut self.run.report)));
                }
            }
        }
        Err(RunError::NeverCurrent)
    }

    async fn lock(&mut self) -> Result<(), RunError> {
        let wanted =
            Wanted { table: &self.table, settings: self.settings, companion: self.companion };
        self.run.lock = Lock::acquire(self.connection, wanted, self.observer).await?;
        // An application's own connection is its session, and is put back at the end.
        let is_ours = self.run.lock.owns_session() || self.companion.is_none();
        if self.connection.dialect() == Dialect::Postgres && !is_ours {
            self.run.bounds.local = Some(self.settings.for_transaction());
        }
        self.run.bounds.fence = self.run.lock.fence().map(str::to_owned);
        Ok(())
    }

    async fn set_up(&mut self) -> Result<(), RunError> {
        let dialect = self.connection.dialect();
        if self.run.bounds.local.is_some() || dialect == Dialect::Sqlite {
            return Ok(());
        }
        let mut statements = self.settings.timeouts.for_session(dialect);
        if dialect == Dialect::Postgres {
            statements.extend(self.settings.take_role(dialect));
        }
        self.connection.execute(&statements.join(";\n")).await.map_err(RunError::Session)
    }

    async fn read_history(&mut self) -> Result<History, RunError> {
        let history = journal::read(self.connection, &self.table).await?;
        self.run.tables_missing = history.is_none();
        // On SQLite they are made inside the first group, whose lock keeps other runners out.
        if self.run.tables_missing && self.connection.dialect() != Dialect::Sqlite {
            journal::create(self.connection, &self.table).await?;
            self.run.tables_missing = false;
        }
        let history = history.unwrap_or_default();
        self.run.last_sequence = history.last_sequence();
        self.run.mark = history.mark();
        Ok(history)
    }

    async fn steps(&mut self, plan: &Plan) -> Result<(), Stop> {
        for group in groups(&plan.steps, self.connection.dialect()) {
            let range = match group {
                Group::Together(range) => range,
                Group::Single(index) => index..index + 1,
            };
            let steps = plan.steps.get(range).unwrap_or_default();
            if self.run.lock.is_lost() {
                return Err(self.stop_at(steps).await);
            }
            let revisions: Vec<RevisionKey> = steps.iter().map(|step| step.key().clone()).collect();
            self.observer.on(Event::Sending { revisions: &revisions });
            let first = revisions.first().map(ToString::to_string);
            let span = tracing::info_span!("migrate", revision = first, steps = steps.len());
            async {
                match steps {
                    [step] => self.single(step).await,
                    _ => self.together(steps).await,
                }
            }
            .instrument(span)
            .await?;
        }
        Ok(())
    }

    /// A step of its own, after which the session is as it was before.
    async fn single(&mut self, step: &Step) -> Result<(), Stop> {
        if step.resume.is_some() {
            let step = self.resumed(step).await?;
            return self.alone(&step).await;
        }
        self.alone(step).await
    }

    async fn alone(&mut self, step: &Step) -> Result<(), Stop> {
        let leaves_settings = match &step.work {
            Work::Sql(script) => script.sets_session(),
            Work::Code(_) => true,
            Work::Nothing => false,
        };
        if !leaves_settings {
            return self.together(std::slice::from_ref(step)).await;
        }
        if self.run.bounds.local.is_some() {
            return self.borrowed(step).await;
        }
        let baseline = Baseline::read(self.connection).await.map_err(RunError::Session)?;
        let outcome = self.one(step).await;
        let restored = baseline.restore(self.connection).await;
        outcome?;
        restored.map_err(|error| RunError::Session(error).into())
    }

    async fn one(&mut self, step: &Step) -> Result<(), Stop> {
        match &step.work {
            Work::Code(body) => self.code(step, body).await,
            Work::Sql(_) | Work::Nothing => self.together(std::slice::from_ref(step)).await,
        }
    }

    fn composer(&self) -> Composer<'_> {
        Composer {
            table: &self.table,
            timeouts: self.settings.timeouts,
            last_sequence: Some(self.run.last_sequence),
            bounds: &self.run.bounds,
        }
    }

    /// Reports a step as done: only once it is on disk.
    fn done(&mut self, step: &Step, statements: usize, milliseconds: Option<i64>) {
        let done = Done {
            key: step.key().clone(),
            kind: step.kind(),
            action: step.action,
            description: step.migration.summary().to_owned(),
            statements,
            duration: std::time::Duration::from_millis(
                milliseconds.and_then(|ms| ms.try_into().ok()).unwrap_or(0),
            ),
        };
        tracing::info!(revision = %done.key, action = done.action.name(), "done");
        self.observer.on(Event::Done(&done));
        self.run.report.done.push(done);
        self.run.last_sequence = self.run.last_sequence.saturating_add(1);
    }
}
