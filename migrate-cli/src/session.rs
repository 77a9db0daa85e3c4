//! The context of every command: the program's migrations, the settings, and the database.

use std::path::Path;
use std::sync::Arc;

use migrate_core::{
    Address, Connected, DatabaseUrl, Dialect, Error, Graph, GraphFault, Migrator, Missing,
    OtherDialect, PlanError, Target,
};

use crate::announce::Announcing;
use crate::args::Global;
use crate::database::DatabaseHandle;
use crate::environment::Environment;
use crate::error::{CommandError, Problem};
use crate::escape::value;
use crate::inspect::Levels;
use crate::io::Printer;
use crate::observer;
use crate::program::Program;
use crate::review;
use crate::settings::{Database, Resolved, UrlSource, sqlite_file};

/// Whether a command may create the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Reads: a SQLite file that does not exist counts as empty, and is not created.
    Read,
    /// Changes an existing database, and creates none.
    Alter,
    /// Writes, and may create the database.
    Write,
    /// Writes, but only to a database that was named.
    Release,
}

impl Access {
    const fn creates(self) -> bool {
        match self {
            Self::Read | Self::Alter => false,
            Self::Write | Self::Release => true,
        }
    }

    const fn writes(self) -> bool {
        match self {
            Self::Read => false,
            Self::Alter | Self::Write | Self::Release => true,
        }
    }
}

/// The context of a command.
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

    /// Returns the graph, or `None` if there are no migrations yet.
    pub(crate) fn graph_if_any(&self) -> Result<Option<Arc<Graph>>, CommandError> {
        match Migrator::new(self.program.scope.clone()).graph() {
            Ok(graph) => Ok(Some(graph)),
            Err(error) if is_empty(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens the database of a command that needs one.
    pub(crate) async fn database(
        &mut self,
        access: Access,
    ) -> Result<DatabaseHandle, CommandError> {
        match self.find_database(access)? {
            Some(database) => self.open(database, access).await,
            None => Err(self.no_database(access).into()),
        }
    }

    /// Opens the database of a command that can work without one; returns `None` if none is named and no default is allowed.
    pub(crate) async fn database_if_any(&mut self) -> Result<Option<DatabaseHandle>, CommandError> {
        match self.find_database(Access::Read)? {
            Some(database) => self.open(database, Access::Read).await.map(Some),
            None => Ok(None),
        }
    }

    /// Opens the database of a release for reading.
    pub(crate) async fn named_database_to_read(&mut self) -> Result<DatabaseHandle, CommandError> {
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

    async fn open(
        &mut self,
        database: Database,
        access: Access,
    ) -> Result<DatabaseHandle, CommandError> {
        let graph = self.graph()?;
        if access.writes() && database.url.is_in_memory() {
            return Err(in_memory(&database).into());
        }
        let file = sqlite_file(&database.url, self.world);
        let absent = file.as_ref().is_some_and(|file| !file.exists()) && !access.creates();
        let address = migrate_core::address(&database.url);
        self.tell_database((&database, &address), file.as_deref().filter(|_| absent), access);
        let url = self.resolved.without_flags(&database.url);
        let mut settings = self.resolved.core.clone().of_url(&url);
        let dialect = url.dialect();
        self.refuse_other(dialect)?;
        if dialect == Dialect::Sqlite {
            // A file has no users to record in history.
            settings.actor = self
                .world
                .variable("USER")
                .or_else(|| self.world.variable("USERNAME"))
                .map(str::to_owned);
        }
        let stop = self.world.stop.clone();
        let announcing = Announcing::default();
        let mut handle = DatabaseHandle {
            graph,
            database,
            address,
            dialect,
            settings,
            stop,
            connected: None,
            announcing,
        };
        if !absent {
            handle.connected = Some(self.connect(&handle, url, access).await?);
        }
        Ok(handle)
    }

    async fn connect(
        &self,
        handle: &DatabaseHandle,
        url: DatabaseUrl,
        access: Access,
    ) -> Result<Connected, CommandError> {
        let missing = if access.creates() { Missing::Create } else { Missing::Fail };
        let talk = self.printer.talk();
        let mut migrator = Migrator::new(self.program.scope.clone())
            .settings(handle.settings.clone())
            .missing(missing)
            .wait_for_database(self.global.wait_for_db.unwrap_or_default())
            .stop_with(self.world.stop.handle())
            .observer(observer::new(talk.clone(), &handle.graph, handle.announcing.clone()));
        if access.creates() {
            let review = review::new(self.levels()?, handle.dialect, talk.clone());
            migrator = migrator.review(review);
        }
        Ok(migrator.connect_to(url).await?)
    }

    /// Prints which database is used, always before it is changed.
    fn tell_database(
        &self,
        (database, address): (&Database, &Address),
        absent: Option<&Path>,
        access: Access,
    ) {
        let talk = self.printer.talk();
        if database.source == UrlSource::Default {
            let file = Path::new(database.url.database());
            let shown = file.strip_prefix(&self.world.directory).unwrap_or(file).display();
            let absent = if absent.is_some() { ", which does not exist yet" } else { "" };
            talk.say(format_args!("no database is named: using the SQLite file `{shown}`{absent}"));
        } else if talk.verbose {
            let (url, source) = (&database.url, database.source.name());
            talk.say(format_args!(
                "database: {}, from {source}: {url}",
                value(&address.to_string())
            ));
        } else if let Some(file) = absent {
            talk.say(format_args!("the SQLite file `{}` does not exist yet", file.display()));
        } else if access.writes() {
            let source = database.source.name();
            talk.say(format_args!("database: {}, from {source}", value(&address.to_string())));
        }
    }

    fn no_database(&self, access: Access) -> Problem {
        let problem = Problem::usage("no-database", "no database is named");
        let problem = match &self.resolved.environment {
            Some((name, _)) => problem.hint(format!(
                "set `url` in `[env.{name}]` of `migrate.toml`, or set `DATABASE_URL`"
            )),
            None => problem.hint("set `DATABASE_URL`, or use `--database-url URL`"),
        };
        if access == Access::Release {
            problem.hint("`production` never uses the default SQLite file")
        } else {
            problem
        }
    }

    /// Returns the levels of rules.
    pub(crate) fn levels(&self) -> Result<Levels, CommandError> {
        Ok(Levels::new(&self.resolved.config, self.resolved.environment.as_ref())?)
    }

    /// Returns the dialects that the crate declares.
    pub(crate) fn declared(&self) -> &[Dialect] {
        self.resolved.config.dialects()
    }

    /// Refuses a database that is not among the dialects in the settings, also if the migrations declare none.
    pub(crate) fn refuse_other(&self, dialect: Dialect) -> Result<(), CommandError> {
        let krate = self.program.sole_crate();
        let krate = krate.as_deref().unwrap_or("this program");
        Ok(OtherDialect::refuse(krate, self.declared(), dialect).map_err(PlanError::from)?)
    }

    /// Returns the dialect without a connection: the flag's, the URL's, or the crate's only one.
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

    /// Returns the folder of the migrations crate.
    pub(crate) fn home(&self) -> Result<&'a Path, CommandError> {
        let Some(home) = self.program.home.as_deref() else {
            let problem = Problem::new(
                "no-sources",
                "this program does not know the folder of its migrations",
            );
            return Err(problem
                .hint("pass the crate's `Migrations` to `migrate_cli::main`")
                .into());
        };
        if home.is_dir() {
            return Ok(home);
        }
        let problem = Problem::new(
            "no-sources",
            format_args!("the migrations crate is not at `{}`", home.display()),
        );
        Err(problem.hint("run this command where the program was compiled").into())
    }
}

fn in_memory(database: &Database) -> Problem {
    let message = format!(
        "{} names an in-memory database, which is lost when the command ends",
        database.source.name()
    );
    Problem::usage("in-memory", message).hint("use a file: `sqlite:shop.db`")
}

fn is_empty(error: &Error) -> bool {
    matches!(error, Error::Graph(error) if error.faults() == [GraphFault::Empty])
}

/// Adds a hint to errors of a program without migrations, which is most often a new one.
fn with_way_on(error: Error, program: &Program) -> CommandError {
    if is_empty(&error) && program.crate_name().is_some() {
        let problem = Problem::new("no-migrations", "there are no migrations yet");
        return problem.hint("create the first one: `migrate create \"create users\"`").into();
    }
    error.into()
}

/// Parses a target.
pub(crate) fn target(text: &str) -> Result<Target, CommandError> {
    Ok(text.parse()?)
}
