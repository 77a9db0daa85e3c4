//! Which database a command is about, and who named it.

use std::path::{Path, PathBuf};

use migrate_core::{DatabaseUrl, Dialect};

use crate::error::{CommandError, Problem};
use crate::settings::{CONFIG_FILE, Environment, Resolved, dot_env};

const URL_VARIABLE: &str = "DATABASE_URL";

/// The variable by which `migrate` tells the binary that it runs that `DATABASE_URL` is the flag's. It counts only while
/// the two are the same: whoever sets another `DATABASE_URL` after that means the other.
pub(crate) const FLAG_VARIABLE: &str = "_MIGRATE_DATABASE_URL_FLAG";

/// The database of a run, and who named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Database {
    pub(crate) url: DatabaseUrl,
    pub(crate) source: UrlSource,
}

/// Who named the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UrlSource {
    Flag,
    Environment,
    EnvironmentSection(String),
    DotEnv(PathBuf),
    Config,
    Default,
}

impl UrlSource {
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Flag => "`--database-url`".to_owned(),
            Self::Environment => format!("`{URL_VARIABLE}`"),
            Self::EnvironmentSection(name) => format!("`[env.{name}]` in `migrate.toml`"),
            Self::DotEnv(file) => format!("`{}`", file.display()),
            Self::Config => "`url` in `migrate.toml`".to_owned(),
            Self::Default => "the default".to_owned(),
        }
    }
}

impl Resolved {
    /// The database that is named anywhere; nothing if none is.
    ///
    /// What was chosen for this very command comes first. A section chosen by `--env` comes before `.env`: whoever says
    /// `--env production` does not mean the developer's own file. Against an exported variable neither can be known to be
    /// meant.
    pub(crate) fn named_database(
        &self,
        world: &Environment,
    ) -> Result<Option<Database>, CommandError> {
        if let Some(flag) = self.flag(world) {
            return database(flag, UrlSource::Flag, world).map(Some);
        }
        let exported = world.deciding(URL_VARIABLE)?;
        let exported =
            exported.map(|url| database(url, UrlSource::Environment, world)).transpose()?;
        let section = self.of_section(world)?;
        match (section, exported) {
            (Some(section), Some(exported)) if section.url != exported.url => {
                Err(two_databases(&section, &exported))
            }
            (Some(chosen), _) | (None, Some(chosen)) => Ok(Some(chosen)),
            (None, None) => self.of_files(world),
        }
    }

    fn flag<'a>(&'a self, world: &'a Environment) -> Option<&'a str> {
        let handed_on = || {
            let flag = world.variables.get(FLAG_VARIABLE)?;
            (world.variables.get(URL_VARIABLE) == Some(flag)).then_some(flag.as_str())
        };
        self.flag.as_deref().or_else(handed_on)
    }

    fn of_section(&self, world: &Environment) -> Result<Option<Database>, CommandError> {
        let Some((name, section)) = &self.environment else { return Ok(None) };
        let Some(url) = &section.url else { return Ok(None) };
        database(url, UrlSource::EnvironmentSection(name.clone()), world).map(Some)
    }

    /// `.env`, then `migrate.toml`.
    fn of_files(&self, world: &Environment) -> Result<Option<Database>, CommandError> {
        if let Some(file) = world.nearest(".env")
            && let Some(url) = dot_env::read(&file, URL_VARIABLE, &world.variables)?
        {
            return database(&url, UrlSource::DotEnv(file), world).map(Some);
        }
        self.config.url.as_ref().map(|url| database(url, UrlSource::Config, world)).transpose()
    }

    /// The embedded database that is used when none is named, where that is allowed.
    pub(crate) fn default_database(
        &self,
        world: &Environment,
    ) -> Result<Option<Database>, CommandError> {
        let dialects = self.config.dialects();
        let allowed = dialects.is_empty() || dialects.contains(&Dialect::Sqlite);
        if !allowed || self.environment.is_some() {
            return Ok(None);
        }
        let folder = world.nearest(CONFIG_FILE).and_then(|file| file.parent().map(Path::to_owned));
        let file = folder.unwrap_or_else(|| world.directory.clone()).join("migrate.db");
        database(&sqlite_url(&file), UrlSource::Default, world).map(Some)
    }
}

fn two_databases(section: &Database, exported: &Database) -> CommandError {
    let (one, other) = (section.url.to_string(), exported.url.to_string());
    let differ = if one == other { ", with another password" } else { "" };
    let message = format!(
        "two databases are named: {} says {one}, and {} says {other}{differ}",
        section.source.name(),
        exported.source.name(),
    );
    Problem::usage("two-databases", message)
        .hint(format!("unset `{URL_VARIABLE}`, or name the database by `--database-url URL`"))
        .into()
}

fn database(text: &str, source: UrlSource, world: &Environment) -> Result<Database, CommandError> {
    let url = parsed(text, &source)?;
    // A relative file is found from where the command was typed.
    let url = match sqlite_file(&url, world) {
        Some(file) if !Path::new(url.database()).is_absolute() => {
            let parameters = url.expose().split_once('?').map(|(_, it)| format!("?{it}"));
            parsed(&format!("{}{}", sqlite_url(&file), parameters.unwrap_or_default()), &source)?
        }
        Some(_) | None => url,
    };
    Ok(Database { url, source })
}

fn parsed(text: &str, source: &UrlSource) -> Result<DatabaseUrl, CommandError> {
    text.parse().map_err(|error: migrate_core::UrlError| {
        let hint = error.hint();
        Problem::usage("url", format_args!("{}: {error}", source.name())).hint(hint).into()
    })
}

/// The file of a SQLite database; nothing for one in memory and for other engines.
pub(crate) fn sqlite_file(url: &DatabaseUrl, world: &Environment) -> Option<PathBuf> {
    (url.dialect() == Dialect::Sqlite && !url.is_in_memory())
        .then(|| world.directory.join(url.database()))
}

fn sqlite_url(file: &Path) -> String {
    let path = file.display().to_string();
    format!("sqlite:{}", path.replace('%', "%25").replace('?', "%3F").replace('#', "%23"))
}
