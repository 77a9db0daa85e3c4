//! What every command works with: the program's migrations, the settings, and the database.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use migrate_core::{
    Config, Connected, Context, Dialect, Edited, Error, Graph, GraphFault, HalfDone, History,
    Holder, MigrationSet, Migrator, Missing, Plan, Report, Request, Scope, Settings, Target,
};

use crate::args::Global;
use crate::error::{CommandError, Problem};
use crate::gate;
use crate::inspect::Levels;
use crate::io::Printer;
use crate::observer;
use crate::settings::{Database, Environment, Resolved, UrlSource, sqlite_file};
use crate::signal::StopSwitch;

/// The migrations that a binary is about, and where their sources are.
#[derive(Clone)]
pub struct Program {
    scope: Scope,
    home: Option<PathBuf>,
    config: Option<String>,
}

/// Without the text of `migrate.toml`, which may name a database and its password.
impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program")
            .field("scope", &self.scope)
            .field("home", &self.home)
            .finish_non_exhaustive()
    }
}

impl Program {
    /// The program of a set of migrations.
    pub fn new(set: impl MigrationSet) -> Self {
        let scope = set.scope();
        let (home, config) = match &scope {
            Scope::Crate(info) => {
                (Some(PathBuf::from(info.manifest_dir)), info.config.map(str::to_owned))
            }
            Scope::Linked | Scope::List(_) => (None, None),
        };
        Self { scope, home, config }
    }

    /// Says in which crate's folder new revisions are written.
    #[must_use]
    pub fn home(mut self, folder: impl Into<PathBuf>) -> Self {
        self.home = Some(folder.into());
        self
    }

    /// Gives the text of `migrate.toml`, for a set that brings none.
    #[must_use]
    pub fn config(mut self, text: impl Into<String>) -> Self {
        self.config = Some(text.into());
        self
    }

    /// The crate's name in history, if the set is one crate's.
    pub(crate) fn crate_name(&self) -> Option<&'static str> {
        match &self.scope {
            Scope::Crate(info) => Some(info.name),
            Scope::Linked | Scope::List(_) => None,
        }
    }

    /// The crate of all revisions, where there is but one.
    fn sole_crate(&self) -> Option<String> {
        let graph = Migrator::new(self.scope.clone()).graph().ok()?;
        let mut crates = graph.crates();
        let only = crates.next()?.to_owned();
        crates.next().is_none().then_some(only)
    }

    fn parsed_config(&self) -> Result<Config, CommandError> {
        Ok(self.config.as_deref().map(Config::parse).transpose()?.unwrap_or_default())
    }
}

/// Whether a command may create the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// It reads: a SQLite file that is not there holds nothing, and stays away.
    Read,
    /// It writes.
    Write,
    /// It writes, and to no database that nobody named.
    Release,
}

/// What every command works with.
pub(crate) struct Session<'a> {
    pub(crate) program: &'a Program,
    pub(crate) world: &'a Environment,
    pub(crate) global: &'a Global,
    pub(crate) resolved: Resolved,
    pub(crate) printer: &'a mut Printer,
}

impl<'a> Session<'a> {
    pub(crate) fn new(
        program: &'a Program,
        world: &'a Environment,
        global: &'a Global,
        printer: &'a mut Printer,
    ) -> Result<Self, CommandError> {
        let resolved = Resolved::new(global, world, program.parsed_config()?)?;
        printer.leave_out(program.sole_crate());
        Ok(Self { program, world, global, resolved, printer })
    }

    pub(crate) fn graph(&self) -> Result<Arc<Graph>, CommandError> {
        Migrator::new(self.program.scope.clone())
            .graph()
            .map_err(|error| with_way_on(error, self.program))
    }

    /// The graph; nothing where there is no migration yet.
    pub(crate) fn graph_if_any(&self) -> Result<Option<Arc<Graph>>, CommandError> {
        match Migrator::new(self.program.scope.clone()).graph() {
            Ok(graph) => Ok(Some(graph)),
            Err(error) if is_empty(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The database of a command that needs one.
    pub(crate) async fn database(&mut self, access: Access) -> Result<Handle, CommandError> {
        match self.find_database(access)? {
            Some(database) => self.open(database, access).await,
            None => Err(self.no_database(access).into()),
        }
    }

    /// The database of a command that can do without one: nothing if none is named and allowed.
    pub(crate) async fn database_if_any(&mut self) -> Result<Option<Handle>, CommandError> {
        match self.find_database(Access::Read)? {
            Some(database) => self.open(database, Access::Read).await.map(Some),
            None => Ok(None),
        }
    }

    /// The database of a release, only to be read.
    pub(crate) async fn named_database_to_read(&mut self) -> Result<Handle, CommandError> {
        match self.find_database(Access::Release)? {
            Some(database) => self.open(database, Access::Read).await,
            None => Err(self.no_database(Access::Release).into()),
        }
    }

    fn find_database(&self, access: Access) -> Result<Option<Database>, CommandError> {
        match self.resolved.named_database(self.world)? {
            Some(named) => Ok(Some(named)),
            None if access == Access::Release => Ok(None),
            None => self.resolved.default_database(self.world),
        }
    }

    async fn open(&mut self, database: Database, access: Access) -> Result<Handle, CommandError> {
        let graph = self.graph()?;
        let file = sqlite_file(&database.url, self.world);
        let absent = file.as_ref().is_some_and(|file| !file.exists());
        self.tell_database(&database, file.as_deref(), absent && access == Access::Read);
        let mut settings = self.resolved.core.clone();
        let dialect = database.url.dialect();
        if dialect == Dialect::Sqlite {
            // A file has no users who could be written into history.
            settings.actor = self
                .world
                .variable("USER")
                .or_else(|| self.world.variable("USERNAME"))
                .map(str::to_owned);
        }
        if absent && access == Access::Read {
            let stop = self.world.stop.clone();
            return Ok(Handle { graph, database, dialect, settings, stop, connected: None });
        }
        let missing = if access == Access::Read { Missing::Fail } else { Missing::Create };
        let talk = self.printer.talk();
        let mut migrator = Migrator::new(self.program.scope.clone())
            .settings(settings.clone())
            .missing(missing)
            .wait_for_database(self.global.wait_for_db.unwrap_or_default())
            .stop_with(self.world.stop.handle())
            .observer(observer::new(talk.clone(), &graph));
        if access != Access::Read {
            migrator = migrator.review(gate::new(self.levels()?, dialect, talk.clone()));
        }
        let connected = migrator.connect(database.url.expose()).await?;
        let (stop, connected) = (self.world.stop.clone(), Some(connected));
        Ok(Handle { graph, database, dialect, settings, stop, connected })
    }

    fn tell_database(&self, database: &Database, file: Option<&Path>, stays_absent: bool) {
        let talk = self.printer.talk();
        match (database.source, file) {
            (UrlSource::Default, Some(file)) => {
                let shown = file.strip_prefix(&self.world.directory).unwrap_or(file).display();
                let absent = if stays_absent { ", which does not exist yet" } else { "" };
                talk.say(format_args!(
                    "no database is named: using the SQLite file `{shown}`{absent}"
                ));
            }
            (source, _) if talk.verbose => {
                talk.say(format_args!("database {}, from {}", database.url, source.name()));
            }
            (_, Some(file)) if stays_absent => {
                talk.say(format_args!("the SQLite file `{}` does not exist yet", file.display()));
            }
            _ => {}
        }
    }

    fn no_database(&self, access: Access) -> Problem {
        let problem = Problem::usage("no-database", "no database is named");
        let problem = match &self.resolved.environment {
            Some((name, _)) => problem.hint(format!(
                "give `url` in `[env.{name}]` of `migrate.toml`, or set `DATABASE_URL`"
            )),
            None => problem.hint("set `DATABASE_URL`, or give `--database-url URL`"),
        };
        if access == Access::Release {
            problem.hint("`production` never uses the default SQLite file")
        } else {
            problem
        }
    }

    /// The levels of rules.
    pub(crate) fn levels(&self) -> Result<Levels, CommandError> {
        Ok(Levels::new(&self.resolved.config, self.resolved.environment.as_ref())?)
    }

    /// The dialects that the crate says its SQL is for.
    pub(crate) fn declared(&self) -> &[Dialect] {
        self.resolved.config.dialects()
    }

    /// The dialect where no connection tells it: the flag's, the URL's, or the only one of the crate.
    pub(crate) fn dialect(&self) -> Result<Option<Dialect>, CommandError> {
        if let Some(dialect) = self.resolved.dialect {
            return Ok(Some(dialect));
        }
        if let Some(named) = self.resolved.named_database(self.world)? {
            return Ok(Some(named.url.dialect()));
        }
        match self.declared() {
            [only] => Ok(Some(*only)),
            _ => Ok(None),
        }
    }

    /// The folder of the migrations crate.
    pub(crate) fn home(&self) -> Result<&'a Path, CommandError> {
        let Some(home) = self.program.home.as_deref() else {
            let problem = Problem::new(
                "no-sources",
                "this program does not know where its migrations are written",
            );
            return Err(problem
                .hint("hand `migrate_cli::main` the `Migrations` of the crate")
                .into());
        };
        if home.is_dir() {
            return Ok(home);
        }
        let problem = Problem::new(
            "no-sources",
            format_args!("the migrations crate is not at `{}`", home.display()),
        );
        Err(problem.hint("run this where the program was compiled").into())
    }
}

fn is_empty(error: &Error) -> bool {
    matches!(error, Error::Graph(error) if error.faults() == [GraphFault::Empty])
}

/// A program without migrations is most often a new one.
fn with_way_on(error: Error, program: &Program) -> CommandError {
    if is_empty(&error) && program.crate_name().is_some() {
        let problem = Problem::new("no-migrations", "there are no migrations yet");
        return problem.hint("write the first: `migrate create \"create users\"`").into();
    }
    error.into()
}

/// A database and the graph, side by side; perhaps a database that does not exist yet.
pub(crate) struct Handle {
    pub(crate) graph: Arc<Graph>,
    pub(crate) database: Database,
    pub(crate) dialect: Dialect,
    settings: Settings,
    stop: StopSwitch,
    connected: Option<Connected>,
}

impl Handle {
    /// Whether there is anything to ask.
    pub(crate) fn exists(&self) -> bool {
        self.connected.is_some()
    }

    pub(crate) async fn read_history(&mut self) -> Result<History, CommandError> {
        match &mut self.connected {
            Some(connected) => Ok(connected.read_history().await?),
            None => Ok(History::default()),
        }
    }

    pub(crate) async fn plan(&mut self, request: &Request) -> Result<Plan, CommandError> {
        if let Some(connected) = &mut self.connected {
            return Ok(connected.plan(request).await?);
        }
        let context = Context { dialect: self.dialect, policies: self.settings.policies };
        Ok(Plan::new(request, &self.graph, &History::default(), context)?)
    }

    /// The applied revisions that were edited since.
    pub(crate) async fn edited(&mut self) -> Result<Vec<Edited>, CommandError> {
        match &mut self.connected {
            Some(connected) => Ok(connected.edited().await?),
            None => Ok(Vec::new()),
        }
    }

    /// The revisions that were begun and not finished.
    pub(crate) async fn half_done(&mut self) -> Result<Vec<HalfDone>, CommandError> {
        match &mut self.connected {
            Some(connected) => Ok(connected.half_done().await?),
            None => Ok(Vec::new()),
        }
    }

    pub(crate) async fn run(&mut self, request: &Request) -> Result<Report, CommandError> {
        match &mut self.connected {
            Some(connected) => {
                let _running = self.stop.run();
                Ok(connected.run(request).await?)
            }
            None => Ok(Report::default()),
        }
    }

    pub(crate) async fn lock_holder(&mut self) -> Result<Option<Holder>, CommandError> {
        match &mut self.connected {
            Some(connected) => Ok(connected.lock_holder().await?),
            None => Ok(None),
        }
    }

    pub(crate) async fn release_lock(&mut self) -> Result<Option<Holder>, CommandError> {
        match &mut self.connected {
            Some(connected) => Ok(connected.release_lock().await?),
            None => Ok(None),
        }
    }

    /// Closes the connection. Whatever was asked for is done by then, so a lost one is no failure.
    pub(crate) async fn close(self) {
        if let Some(connected) = self.connected {
            drop(connected.close().await);
        }
    }
}

/// Reads a target as the user wrote it.
pub(crate) fn target(text: &str) -> Result<Target, CommandError> {
    Ok(text.parse()?)
}
