//! Runs migrations from an application.

mod connected;
mod connecting;
mod placing;
mod storage;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_core::future::BoxFuture;
use migrate_sql::Dialect;
use once_cell::sync::OnceCell;

pub use self::connected::Connected;
use crate::api::config::Config;
use crate::api::error::Error;
use crate::api::registry;
use crate::db::States;
use crate::declare::body::BoxError;
use crate::declare::set::{MigrationSet, Scope};
use crate::engine::backend::{self, Missing};
use crate::engine::connection::{Connection, DatabaseError, Guard};
use crate::engine::connector::Connector;
use crate::engine::url::DatabaseUrl;
use crate::graph::Graph;
use crate::graph::target::Target;
use crate::history::HistoryTable;
use crate::history::store;
use crate::plan::{Plan, PlanError, Request, refuse_other};
use crate::run::executor::{Executor, Review, RunContext, RunError, SessionSnapshot};
use crate::run::observer::{Observer, Report};
use crate::run::recall;
use crate::run::settings::Settings;
use crate::run::stop::StopHandle;

/// A set of migrations, with the options for running them.
///
/// ```no_run
/// use migrate_core::{Linked, Migrator, Target};
///
/// # async fn start() -> Result<(), migrate_core::Error> {
/// let mut migrator = Migrator::new(Linked).connect("postgres://shop@localhost/shop").await?;
/// let report = migrator.up(Target::Head).await?;
/// println!("{} applied", report.done.len());
/// # Ok(())
/// # }
/// ```
#[must_use]
pub struct Migrator {
    scope: Scope,
    /// Settings that replace those of `migrate.toml`.
    settings: Option<Settings>,
    states: States,
    observer: Box<dyn Observer>,
    review: Option<Review>,
    missing: Missing,
    /// How long to wait for a server that does not accept connections yet.
    patience: Duration,
    stop: Option<StopHandle>,
    graph: OnceCell<Arc<Graph>>,
}

impl fmt::Debug for Migrator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Migrator").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Migrator {
    /// Creates a migrator for the migrations of `set`, with the settings of its `migrate.toml`.
    pub fn new(set: impl MigrationSet) -> Self {
        Self {
            scope: set.scope(),
            settings: None,
            states: States::default(),
            observer: Box::new(()),
            review: None,
            missing: Missing::Create,
            patience: Duration::ZERO,
            stop: None,
            graph: OnceCell::new(),
        }
    }

    /// Makes `value` available to code migrations, with [`Db::state`](crate::Db::state). There is one value of each type.
    pub fn with<T: Send + Sync + 'static>(mut self, value: T) -> Self {
        self.states.insert(value);
        self
    }

    /// Uses these settings instead of those of `migrate.toml`.
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = Some(settings);
        self
    }

    /// Sends progress events of runs to `observer`.
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.observer = Box::new(observer);
        self
    }

    /// Calls `review` with each plan before it runs and before the lock is acquired. If it refuses a plan, its error becomes
    /// [`RunError::Review`].
    pub fn review(
        mut self,
        review: impl Fn(&Plan) -> Result<(), BoxError> + Send + Sync + 'static,
    ) -> Self {
        self.review = Some(Box::new(review));
        self
    }

    /// Sets whether a missing SQLite file is created, which is the default.
    pub fn missing(mut self, missing: Missing) -> Self {
        self.missing = missing;
        self
    }

    /// Sets how long connecting is retried while the server does not answer or is starting. A wrong password or database fails
    /// at once.
    pub fn wait_for_database(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Stops runs cleanly when `stop` is used: see [`StopHandle`].
    pub fn stop_with(mut self, stop: StopHandle) -> Self {
        self.stop = Some(stop);
        self
    }

    /// Returns the graph of the migrations, which is built once.
    ///
    /// # Errors
    ///
    /// [`Error::Graph`], with all faults found.
    pub fn graph(&self) -> Result<Arc<Graph>, Error> {
        let graph = self.graph.get_or_try_init(|| registry::graph(&self.scope).map(Arc::new))?;
        Ok(Arc::clone(graph))
    }

    /// Returns the `migrate.toml` that the crate of the migrations was compiled with, or the defaults.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if it is not valid.
    pub fn config(&self) -> Result<Config, Error> {
        match &self.scope {
            Scope::Crate(info) => {
                Ok(info.config.map(Config::parse).transpose()?.unwrap_or_default())
            }
            Scope::Linked | Scope::List(_) => Ok(Config::default()),
        }
    }

    fn effective_settings(&self) -> Result<Settings, Error> {
        match &self.settings {
            Some(settings) => Ok(settings.clone()),
            None => Ok(self.config()?.settings()),
        }
    }

    /// Connects to the database at `url`. The graph is checked before that.
    ///
    /// # Errors
    ///
    /// If the graph or `migrate.toml` has faults, the URL is invalid, a crate's migrations are not written for this kind of
    /// database ([`OtherDialect`](crate::OtherDialect)), or the connection fails.
    pub async fn connect(self, url: &str) -> Result<Connected, Error> {
        self.connect_to(url.parse()?).await
    }

    /// Connects to a database whose URL is already parsed.
    ///
    /// # Errors
    ///
    /// As for [`connect`](Self::connect).
    pub async fn connect_to(self, url: DatabaseUrl) -> Result<Connected, Error> {
        self.connected(url).await
    }

    /// Connects. The future is boxed, so that the code of the drivers is compiled here, and not again in each program.
    fn connected(self, url: DatabaseUrl) -> BoxFuture<'static, Result<Connected, Error>> {
        Box::pin(self.connect_now(url))
    }

    async fn connect_now(mut self, url: DatabaseUrl) -> Result<Connected, Error> {
        let (graph, settings) = (self.graph()?, self.effective_settings()?.of_url(&url));
        refuse_other(&graph, url.dialect()).map_err(refused)?;
        let mut connection = self.open(&url).await?;
        let of_connector = settings.clone();
        let place = url.clone();
        let connector = Connector::new(move |mark| {
            let (url, settings) = (url.clone(), of_connector.clone());
            Box::pin(async move {
                let mut connection = backend::open_marked(&url, mark.as_deref()).await?;
                take_role(&mut connection, &settings).await?;
                Ok(connection)
            })
        });
        connector.watch(&mut connection);
        connection.wait_at_most(settings.wait);
        let table = prepare(&mut connection, &settings, Some(&place)).await?;
        Ok(Connected { migrator: self, graph, settings, table, connection, connector, url: place })
    }

    /// Applies schema revisions on the application's connection, whose settings are restored at the end.
    ///
    /// # Errors
    ///
    /// As for [`Connected::up`].
    pub async fn up_on(self, connection: &mut Connection, target: Target) -> Result<Report, Error> {
        self.run_on(connection, &Request::Up(target)).await
    }

    /// Runs `request` on the application's connection, whose settings are restored at the end.
    ///
    /// # Errors
    ///
    /// As for [`Connected::run`].
    pub async fn run_on(
        mut self,
        connection: &mut Connection,
        request: &Request,
    ) -> Result<Report, Error> {
        let (graph, settings) = (self.graph()?, self.effective_settings()?);
        refuse_other(&graph, connection.dialect()).map_err(refused)?;
        // Only this future holds it: if it is dropped, the connection closes, and the server releases the lock.
        let mut lent = connection.take();
        if lent.dialect() == Dialect::Mysql {
            lent.guard_by(Guard::Singly);
        }
        let outcome = self.lent(&mut lent, &graph, &settings, request).await;
        lent.guard_by(Guard::None);
        *connection = lent;
        outcome
    }

    /// Runs `request`. The future is boxed, like that of [`connected`](Self::connected).
    fn lent<'a>(
        &'a mut self,
        connection: &'a mut Connection,
        graph: &'a Graph,
        settings: &'a Settings,
        request: &'a Request,
    ) -> BoxFuture<'a, Result<Report, Error>> {
        Box::pin(self.run_lent(connection, graph, settings, request))
    }

    async fn run_lent(
        &mut self,
        connection: &mut Connection,
        graph: &Graph,
        settings: &Settings,
        request: &Request,
    ) -> Result<Report, Error> {
        let snapshot = SessionSnapshot::read(connection).await.map_err(RunError::Session)?;
        let outcome = match prepare(connection, settings, None).await {
            Ok(table) => {
                let (states, review) = (&self.states, self.review.as_ref());
                let stop = self.stop.as_ref();
                let context = RunContext { settings, states, review, connector: None, stop };
                let observer = self.observer.as_mut();
                let executor = Executor::new(connection, graph, table.clone(), context, observer);
                match executor.run(request).await {
                    Ok(report) => Ok(report),
                    Err(error) => Err(explain(connection, &table, error).await.into()),
                }
            }
            Err(error) => Err(error),
        };
        let restored = snapshot.restore(connection).await.map_err(RunError::Session);
        // The first failure is the one to report.
        outcome.and_then(|report| Ok(restored.map(|()| report)?))
    }
}

fn refused(error: impl Into<PlanError>) -> Error {
    Error::Run(RunError::Plan(error.into()))
}

/// Assumes the role on MySQL. On PostgreSQL the session may belong to a connection pooler and must not keep a role: there each
/// message sets it, and a run only once its session is known to be its own.
async fn take_role(connection: &mut Connection, settings: &Settings) -> Result<(), DatabaseError> {
    match (connection.dialect(), settings.take_role(connection.dialect())) {
        (Dialect::Mysql, Some(take_role)) => connection.execute(&take_role).await,
        (Dialect::Postgres | Dialect::Mysql | Dialect::Sqlite, _) => Ok(()),
    }
}

/// Adds details from history to an error.
async fn explain(connection: &mut Connection, table: &HistoryTable, error: RunError) -> RunError {
    let RunError::Plan(mut refused) = error else { return error };
    let recalled = if let PlanError::Changed { revisions } = &mut refused {
        recall::recall(connection, table, revisions).await
    } else if let PlanError::Diverged { key, direction, statement, then: then @ None, .. } =
        &mut refused
    {
        let place = (*direction, *statement);
        recall::recall_statement(connection, table, key, place).await.map(|was| *then = was)
    } else {
        Ok(())
    };
    // The error itself matters more than its details.
    if let Err(error) = recalled {
        tracing::warn!(%error, "the applied SQL cannot be read");
    }
    RunError::Plan(refused)
}

/// Assumes the role, and finds the history table.
async fn prepare(
    connection: &mut Connection,
    settings: &Settings,
    url: Option<&DatabaseUrl>,
) -> Result<HistoryTable, Error> {
    take_role(connection, settings).await.map_err(RunError::Session)?;
    let path = url.and_then(DatabaseUrl::search_path);
    let database = url.map(|url| url.database().to_owned()).filter(|name| !name.is_empty());
    let table = placing::place(connection, settings, (path, database)).await?;
    store::check_names(&table)?;
    Ok(table)
}

// The futures of a run must be `Send`.
const _: () = {
    const fn assert_send<T: Send>(_: &T) {}
    #[expect(dead_code, reason = "only its types matter")]
    fn a_run(connected: &mut Connected, migrator: Migrator) {
        assert_send(&migrator.connect(""));
        assert_send(&connected.up(Target::Head));
    }
};
