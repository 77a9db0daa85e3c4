//! A migrator with a connection.

use std::sync::Arc;

use futures_core::future::BoxFuture;
use migrate_sql::split;

use crate::api::error::Error;
use crate::api::migrator::storage::located;
use crate::api::migrator::{Migrator, explain};
use crate::api::status::{Current, Status, current, statuses};
use crate::declare::revision::RevisionKey;
#[cfg(feature = "faults")]
use crate::engine::connection::Injection;
use crate::engine::connection::{Connection, DatabaseError};
use crate::engine::connector::Connector;
use crate::engine::holder::Holder;
use crate::engine::url::DatabaseUrl;
use crate::graph::Graph;
use crate::graph::target::Target;
use crate::history::store;
use crate::history::{History, HistoryTable, State};
use crate::plan::{
    Context, Edited, Effect, InFlight, Plan, Repair, Request, Unfinished, edited, unfinished,
};
use crate::run::executor::{Executor, RunContext, RunError, STAYS, SessionSnapshot, may_stay};
use crate::run::lock::{self, LockError};
use crate::run::observer::Report;
use crate::run::probe::{self, Verdict};
use crate::run::recall;
use crate::run::settings::Settings;
use crate::sql::script::{Hold, hold};

/// A set of migrations with a connection to run them on. Created by [`Migrator::connect`].
#[derive(Debug)]
pub struct Connected {
    pub(super) migrator: Migrator,
    pub(super) graph: Arc<Graph>,
    pub(super) settings: Settings,
    pub(super) table: HistoryTable,
    pub(super) connection: Connection,
    pub(super) connector: Connector,
    pub(super) url: DatabaseUrl,
}

/// What a run has to do.
enum Errand<'a> {
    /// This request, planned while the lock is held.
    Request(&'a Request),
    /// Exactly this plan.
    Plan(&'a Plan),
}

impl Connected {
    /// Returns the graph of the migrations.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Returns the history table.
    pub fn table(&self) -> &HistoryTable {
        &self.table
    }

    /// Applies schema revisions up to `target`.
    ///
    /// # Errors
    ///
    /// See [`run`](Self::run).
    pub async fn up(&mut self, target: Target) -> Result<Report, Error> {
        self.run(&Request::Up(target)).await
    }

    /// Applies schema and data revisions up to `target`: a whole release.
    ///
    /// # Errors
    ///
    /// See [`run`](Self::run).
    pub async fn production(&mut self, target: Target) -> Result<Report, Error> {
        self.run(&Request::Production(target)).await
    }

    /// Undoes the revisions above `target`, which remains applied.
    ///
    /// # Errors
    ///
    /// See [`run`](Self::run).
    pub async fn down(&mut self, target: Target) -> Result<Report, Error> {
        self.run(&Request::Down(target)).await
    }

    /// Marks revisions as applied up to `target`, without running them.
    ///
    /// # Errors
    ///
    /// See [`run`](Self::run).
    pub async fn stamp(&mut self, target: Target) -> Result<Report, Error> {
        self.run(&Request::Stamp(target)).await
    }

    /// Plans and runs `request`. If there is nothing to do, it only reads history.
    ///
    /// # Errors
    ///
    /// [`Error::Run`], if the request cannot be planned, before anything runs; or if a step fails, with the report of the
    /// steps before it, which remain done.
    pub async fn run(&mut self, request: &Request) -> Result<Report, Error> {
        self.execute(Errand::Request(request)).await
    }

    /// Runs exactly `plan`, as returned by [`plan`](Self::plan) and shown to somebody, or nothing: the plan is made again
    /// while the lock is held, and refused if it has changed. If nobody was shown a plan, use [`run`](Self::run), for which
    /// changes by another run do not matter.
    ///
    /// # Errors
    ///
    /// [`RunError::Outdated`] in [`Error::Run`], if history has changed so that the plan is different; otherwise as for
    /// [`run`](Self::run).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn ask(connected: &mut migrate_core::Connected) -> Result<(), migrate_core::Error> {
    /// use migrate_core::{Request, Target};
    ///
    /// let plan = connected.plan(&Request::Down(Target::Relative(-1))).await?;
    /// for step in &plan.steps {
    ///     println!("{} {}", step.action.name(), step.key());
    /// }
    /// // … ask for confirmation …
    /// connected.run_plan(&plan).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn run_plan(&mut self, plan: &Plan) -> Result<Report, Error> {
        self.execute(Errand::Plan(plan)).await
    }

    /// Runs the errand. The future is boxed, so that the code of the drivers is compiled here, and not again in each program.
    fn execute<'a>(&'a mut self, errand: Errand<'a>) -> BoxFuture<'a, Result<Report, Error>> {
        Box::pin(self.execute_now(errand))
    }

    async fn execute_now(&mut self, errand: Errand<'_>) -> Result<Report, Error> {
        // Only this future holds it: if it is dropped, the connection closes, and the server releases the lock.
        let mut connection = self.connection.take();
        let Migrator { states, review, observer, stop, .. } = &mut self.migrator;
        let context = RunContext {
            settings: &self.settings,
            states,
            review: review.as_ref(),
            connector: Some(&self.connector),
            stop: stop.as_ref(),
        };
        let table = self.table.clone();
        let executor =
            Executor::new(&mut connection, &self.graph, table, context, observer.as_mut());
        let ran = match errand {
            Errand::Request(request) => executor.run(request).await,
            Errand::Plan(plan) => executor.run_plan(plan).await,
        };
        let outcome = match ran {
            Ok(report) => Ok(report),
            Err(error) => Err(explain(&mut connection, &self.table, error).await.into()),
        };
        self.connection = connection;
        outcome.map_err(|error| located(error, &self.url))
    }

    /// Plans `request`, without running it.
    ///
    /// # Errors
    ///
    /// [`Error::Run`], if it cannot be planned, and [`Error::History`], if history cannot be read.
    pub async fn plan(&mut self, request: &Request) -> Result<Plan, Error> {
        self.graph.forget_rendered();
        let read = recall::read_for(&mut self.connection, &self.table, &self.graph, request).await;
        let read = read.map_err(|error| located(error.into(), &self.url))?;
        let history = read.history;
        let context =
            Context { dialect: self.connection.dialect(), policies: self.settings.policies };
        match Plan::new(request, &self.graph, &history, context) {
            Ok(plan) => Ok(plan),
            Err(error) => {
                Err(explain(&mut self.connection, &self.table, error.into()).await.into())
            }
        }
    }

    /// Returns the applied revisions that were edited afterwards, with their earlier and current text.
    ///
    /// # Errors
    ///
    /// [`Error::History`], if history cannot be read, and [`Error::Run`], if a migration's function panics.
    pub async fn edited(&mut self) -> Result<Vec<Edited>, Error> {
        let history = self.read_history().await?;
        let mut revisions =
            edited(&self.graph, &history, self.connection.dialect()).map_err(RunError::from)?;
        if !revisions.is_empty() {
            recall::recall(&mut self.connection, &self.table, &mut revisions).await?;
        }
        Ok(revisions)
    }

    /// Returns the unfinished revisions, with what the catalog shows about statements whose outcome is unknown.
    ///
    /// # Errors
    ///
    /// [`Error::History`], if history cannot be read, and [`Error::Run`], if the catalog cannot.
    pub async fn unfinished(&mut self) -> Result<Vec<Unfinished>, Error> {
        let history = self.read_history().await?;
        let dialect = self.connection.dialect();
        let mut unfinished = unfinished(&self.graph, &history, dialect);
        if unfinished.is_empty() {
            return Ok(unfinished);
        }
        self.recall_doubts(&mut unfinished).await?;
        if let Some(run) = self.lock_holder().await? {
            // While another run is working on it, the catalog does not tell its outcome.
            for one in &mut unfinished {
                one.run = Some(Box::new(run.clone()));
            }
            return Ok(unfinished);
        }
        for in_flight in unfinished.iter_mut().filter_map(|one| one.in_flight.as_mut()) {
            let seen = look(&mut self.connection, in_flight).await;
            seen.map_err(|error| Error::Run(RunError::Session(error)))?;
        }
        Ok(unfinished)
    }

    /// Reads statements from history that the program does not know, or that were edited.
    async fn recall_doubts(&mut self, unfinished: &mut [Unfinished]) -> Result<(), Error> {
        let unknown = |one: &&mut Unfinished| {
            one.in_flight.as_ref().is_some_and(|in_flight| in_flight.sql.is_none())
        };
        let mut unknown: Vec<&mut Unfinished> = unfinished.iter_mut().filter(unknown).collect();
        let keys: Vec<RevisionKey> = unknown.iter().map(|one| one.key.clone()).collect();
        let texts = store::texts(&mut self.connection, &self.table, &keys).await?;
        let dialect = self.connection.dialect();
        for one in &mut unknown {
            let kept = texts.get(&one.key);
            let sql = if one.state == State::Reverting {
                kept.and_then(|texts| texts.down.as_deref())
            } else {
                kept.and_then(|texts| texts.up.as_deref())
            };
            if let (Some(in_flight), Some(sql)) = (&mut one.in_flight, sql) {
                in_flight.find_in(sql, dialect);
            }
        }
        Ok(())
    }

    /// Corrects history, without running anything.
    ///
    /// # Errors
    ///
    /// See [`run`](Self::run).
    pub async fn repair(&mut self, repair: Repair) -> Result<Report, Error> {
        self.run(&Request::Repair(repair)).await
    }

    /// Returns what the database has applied.
    ///
    /// # Errors
    ///
    /// [`Error::History`], if history cannot be read.
    pub async fn read_history(&mut self) -> Result<History, Error> {
        let read = store::read(&mut self.connection, &self.table).await;
        let read = read.map_err(|error| located(error.into(), &self.url))?;
        Ok(read.history)
    }

    /// Returns every revision and its state, in order.
    ///
    /// # Errors
    ///
    /// [`Error::History`], if history cannot be read.
    pub async fn history(&mut self) -> Result<Vec<Status>, Error> {
        let history = self.read_history().await?;
        Ok(statuses(&self.graph, &history, Some(self.connection.dialect())))
    }

    /// Returns a summary of the status of the database.
    ///
    /// # Errors
    ///
    /// [`Error::History`], if history cannot be read.
    pub async fn current(&mut self) -> Result<Current, Error> {
        let history = self.read_history().await?;
        Ok(current(&self.graph, &history))
    }

    /// Returns the SQL, up and down, that a revision was applied with.
    ///
    /// # Errors
    ///
    /// [`Error::Run`], if the query fails.
    pub async fn applied_sql(
        &mut self,
        key: &RevisionKey,
    ) -> Result<(Option<String>, Option<String>), Error> {
        let rows =
            store::fetch(&mut self.connection, &self.table, &self.table.select_sql(key)).await;
        let rows = rows.map_err(|error| Error::Run(RunError::Session(error)))?;
        Ok(rows.first().map(|row| (row.at(0), row.at(1))).unwrap_or_default())
    }

    /// Returns the holder of the migration lock, if there is one. Does not write.
    ///
    /// # Errors
    ///
    /// [`Error::Run`], if the query fails.
    pub async fn lock_holder(&mut self) -> Result<Option<Holder>, Error> {
        let holder = lock::holder(&mut self.connection, &self.table).await;
        holder.map_err(|error| Error::Run(LockError::Database(error).into()))
    }

    /// Releases a lease whose holder is gone, and returns that holder; `None` if the lock is not held. The lease is first
    /// watched until it would expire, see [`Settings`].
    ///
    /// # Errors
    ///
    /// [`Error::Run`] with [`LockError::Alive`], if the lease is renewed meanwhile, and with [`LockError::InSession`], if a
    /// session holds the lock, which ends with it.
    pub async fn release_lock(&mut self) -> Result<Option<Holder>, Error> {
        let freed = lock::evict(&mut self.connection, &self.table, &self.settings).await;
        freed.map_err(|error| Error::Run(error.into()))
    }

    /// Checks, when an application starts, that all schema revisions are applied. Does not write.
    ///
    /// # Errors
    ///
    /// [`Error::Behind`], with the number of pending revisions.
    pub async fn ensure_current(&mut self) -> Result<(), Error> {
        let pending = self.current().await?.pending;
        if pending == 0 { Ok(()) } else { Err(Error::Behind { pending }) }
    }

    /// Adds `injection` to the connection that runs migrations.
    #[cfg(feature = "faults")]
    #[doc(hidden)]
    pub fn interpose(&mut self, injection: Injection) {
        self.connection = self.connection.take().interpose(injection);
    }

    /// Closes the connection cleanly.
    ///
    /// # Errors
    ///
    /// If the connection is already lost.
    pub async fn close(self) -> Result<(), Error> {
        let closed = self.connection.close().await;
        closed.map_err(|error| Error::Run(RunError::Session(error)))
    }
}

/// Determines from the catalog whether a statement was applied, unless it is still running, in a session with its settings.
async fn look(connection: &mut Connection, in_flight: &mut InFlight) -> Result<(), DatabaseError> {
    let Some(sql) = in_flight.sql.clone().filter(|_| !in_flight.failed) else { return Ok(()) };
    let statements = split(&sql, connection.dialect()).unwrap_or_default();
    let Some(statement) = statements.first() else { return Ok(()) };
    if hold(statement) == Hold::Together {
        let before = in_flight.before.as_deref();
        if may_stay(connection, &sql, Hold::Together, before).await? {
            in_flight.seen = vec![STAYS.to_owned()];
        } else {
            // It would have been committed with its journal entry.
            in_flight.effect = Some(Effect::NotDone);
        }
        return Ok(());
    }
    in_flight.running = probe::still_running(connection, &sql).await?;
    if in_flight.running.is_some() {
        return Ok(());
    }
    let snapshot = SessionSnapshot::read(connection).await?;
    let mut verdict = Ok(Verdict::Unknown { seen: Vec::new() });
    if in_flight.settings.is_empty()
        || connection.execute(&in_flight.settings.join(";\n")).await.is_ok()
    {
        verdict = probe::probe(connection, statement, in_flight.before.as_deref()).await;
    }
    snapshot.restore(connection).await?;
    match verdict? {
        Verdict::Done => in_flight.effect = Some(Effect::Done),
        Verdict::Begun { .. } => in_flight.effect = Some(Effect::Begun),
        Verdict::NotDone { .. } => in_flight.effect = Some(Effect::NotDone),
        Verdict::Unknown { seen } => in_flight.seen = seen,
    }
    Ok(())
}
