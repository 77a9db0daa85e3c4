//! Determines the database of a command, and the source of its URL.

use std::path::{Path, PathBuf};

use migrate_core::{DatabaseUrl, Dialect};

use crate::environment::{CONFIG_FILE, Environment};
use crate::error::{CommandError, Problem};
use crate::flag::{FLAG_VARIABLE, URL_VARIABLE};
use crate::settings::{Resolved, dot_env};

/// The database of a run, and the source of its URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Database {
    pub(crate) url: DatabaseUrl,
    pub(crate) source: UrlSource,
}

/// The source of a database URL.
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
    /// Returns the database that any source names, or `None`.
    ///
    /// The flag comes first. A section selected by `--env` comes before `.env`: `--env production` does not mean the developer's
    /// own file. Between a section and an exported variable there is no way to know which one is meant.
    pub(crate) fn named_database(
        &self,
        world: &Environment,
    ) -> Result<Option<Database>, CommandError> {
        if let Some(flag) = self.flag(world)? {
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

    /// Returns the URL of `--database-url`, here or on the command line of `migrate`, which runs this program.
    fn flag<'a>(&'a self, world: &'a Environment) -> Result<Option<&'a str>, CommandError> {
        if let Some(flag) = &self.flag {
            return Ok(Some(flag));
        }
        let handed_on = world.variables.get(FLAG_VARIABLE).and_then(|flag| flag.split_once(' '));
        let Some((process, flag)) = handed_on else { return Ok(None) };
        let exported = world.variables.get(URL_VARIABLE).map(String::as_str);
        if process == std::process::id().to_string() || exported == Some(flag) {
            return Ok(Some(flag));
        }
        let message =
            "`DATABASE_URL` was changed on the way from `migrate --database-url` to this program";
        let hint = format!(
            "check `[env]` in `.cargo/config.toml`; to start this program from another run, unset `{FLAG_VARIABLE}`"
        );
        Err(Problem::usage("two-databases", message).hint(hint).into())
    }

    fn of_section(&self, world: &Environment) -> Result<Option<Database>, CommandError> {
        let Some((name, section)) = &self.environment else { return Ok(None) };
        let Some(url) = &section.url else { return Ok(None) };
        database(url, UrlSource::EnvironmentSection(name.clone()), world).map(Some)
    }

    /// Reads `.env`, then `migrate.toml`.
    fn of_files(&self, world: &Environment) -> Result<Option<Database>, CommandError> {
        if let Some(file) = world.nearest(".env")
            && let Some(url) = dot_env::read(&file, URL_VARIABLE, &world.variables)?
        {
            return database(&url, UrlSource::DotEnv(file), world).map(Some);
        }
        self.config.url.as_ref().map(|url| database(url, UrlSource::Config, world)).transpose()
    }

    /// Returns the SQLite database that is used if none is named, where that is allowed.
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
        "two databases are named: {one} in {}, and {other} in {}{differ}",
        section.source.name(),
        exported.source.name(),
    );
    Problem::usage("two-databases", message)
        .hint(format!("unset `{URL_VARIABLE}`, or use `--database-url URL`"))
        .into()
}

fn database(text: &str, source: UrlSource, world: &Environment) -> Result<Database, CommandError> {
    let url = parsed(text, &source)?;
    // A relative path starts from the current folder.
    let url = match sqlite_file(&url, world) {
        Some(file) if !Path::new(url.database()).is_absolute() => {
            let parameters = url.expose().split_once('?').map(|(_, it)| format!("?{it}"));
            parsed(&format!("{}{}", sqlite_url(&file), parameters.unwrap_or_default()), &source)?
        }
        Some(_) | None => url,
    };
    refuse_unheeded(&url, world)?;
    Ok(Database { url, source })
}

/// Variables that libpq uses and the driver does not, with the values that have no effect.
const UNHEEDED: [(&str, &[&str]); 5] = [
    ("PGSERVICE", &[]),
    ("PGTARGETSESSIONATTRS", &["any"]),
    ("PGREQUIREAUTH", &[]),
    ("PGCHANNELBINDING", &["disable", "prefer"]),
    ("PGGSSENCMODE", &["disable", "prefer"]),
];

/// Refuses a variable with which libpq would use another server, or a safer connection.
fn refuse_unheeded(url: &DatabaseUrl, world: &Environment) -> Result<(), CommandError> {
    const TLS_MODES: [&str; 5] = ["disable", "prefer", "require", "verify-ca", "verify-full"];
    if url.dialect() != Dialect::Postgres {
        return Ok(());
    }
    let mode = world.variable("PGSSLMODE").filter(|mode| !TLS_MODES.contains(mode));
    if mode.is_some() && !url.expose().contains("mode=") {
        let problem = Problem::usage("url", "the driver does not support this `PGSSLMODE`");
        return Err(problem.hint(format!("choose one of {}", TLS_MODES.join(", "))).into());
    }
    let asks = |(name, harmless): &&(&str, &[&str])| {
        world.variable(name).is_some_and(|value| !harmless.contains(&value))
    };
    match UNHEEDED.iter().find(asks) {
        // A complete URL leaves nothing to a service.
        Some(("PGSERVICE", _)) if url.is_complete() => Ok(()),
        Some((name, _)) => {
            let message = format!("`{name}` is set, but the driver does not support it");
            Err(Problem::usage("url", message)
                .hint(format!("move its value into the URL, and unset it: `unset {name}`"))
                .into())
        }
        None => Ok(()),
    }
}

fn parsed(text: &str, source: &UrlSource) -> Result<DatabaseUrl, CommandError> {
    text.parse().map_err(|error: migrate_core::UrlError| {
        let hint = error.hint();
        Problem::usage("url", format_args!("{}: {error}", source.name())).hint(hint).into()
    })
}

/// Returns the file of a SQLite database; `None` for in-memory databases and other engines.
pub(crate) fn sqlite_file(url: &DatabaseUrl, world: &Environment) -> Option<PathBuf> {
    (url.dialect() == Dialect::Sqlite && !url.is_in_memory())
        .then(|| world.directory.join(url.database()))
}

fn sqlite_url(file: &Path) -> String {
    let path = file.display().to_string();
    format!("sqlite:{}", path.replace('%', "%25").replace('?', "%3F").replace('#', "%23"))
}
