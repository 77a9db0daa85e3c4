//! Where settings come from: flags, the environment, `.env` and `migrate.toml`, in this order.

use std::collections::BTreeMap;
use std::env;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::io::{IsTerminal, stderr, stdin, stdout};
use std::path::{Path, PathBuf};

use migrate_core::{Config, DatabaseUrl, Dialect, EnvironmentConfig, Settings, WrittenUrl};

use crate::args::Global;
use crate::error::{CommandError, Problem};
use crate::signal::StopSwitch;

/// The project's settings file.
pub(crate) const CONFIG_FILE: &str = "migrate.toml";

/// What a process is born into.
#[derive(Clone, Default)]
pub struct Environment {
    /// The environment variables.
    pub variables: BTreeMap<String, String>,
    /// The folder it was started in.
    pub directory: PathBuf,
    /// Whether somebody types the input.
    pub input_is_terminal: bool,
    /// Whether somebody reads the output.
    pub output_is_terminal: bool,
    /// Whether somebody reads the errors.
    pub error_is_terminal: bool,
    /// What random ids are made from.
    pub seed: u64,
    /// How a run is told to stop.
    pub stop: StopSwitch,
}

/// Without the variables' values, which are where passwords are kept.
impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&String> = self.variables.keys().collect();
        f.debug_struct("Environment")
            .field("directory", &self.directory)
            .field("variables", &names)
            .finish_non_exhaustive()
    }
}

impl Environment {
    /// That of this process: the one place that looks.
    pub fn of_process() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self {
            variables: env::vars_os().filter_map(text).collect(),
            directory: env::current_dir().unwrap_or_else(|_| PathBuf::from(".")),
            input_is_terminal: stdin().is_terminal(),
            output_is_terminal: stdout().is_terminal(),
            error_is_terminal: stderr().is_terminal(),
            seed: RandomState::new().hash_one(std::process::id()),
            stop: StopSwitch::default(),
        }
    }

    /// A variable's value; an empty one counts as not set.
    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The nearest file of this name, here or in a folder above.
    pub(crate) fn nearest(&self, name: &str) -> Option<PathBuf> {
        self.directory.ancestors().map(|folder| folder.join(name)).find(|path| path.is_file())
    }
}

/// The database of a run, and who named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Database {
    pub(crate) url: DatabaseUrl,
    pub(crate) source: UrlSource,
}

/// Who named the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UrlSource {
    Flag,
    Environment,
    EnvironmentSection,
    DotEnv,
    Config,
    Default,
}

impl UrlSource {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Flag => "`--database-url`",
            Self::Environment => "`DATABASE_URL`",
            Self::EnvironmentSection => "`[env]` in `migrate.toml`",
            Self::DotEnv => "`.env`",
            Self::Config => "`migrate.toml`",
            Self::Default => "the default",
        }
    }
}

/// The settings of a run, all sources considered.
#[derive(Debug)]
pub(crate) struct Resolved {
    pub(crate) config: Config,
    pub(crate) core: Settings,
    /// The environment that was chosen.
    pub(crate) environment: Option<(String, EnvironmentConfig)>,
    pub(crate) dialect: Option<Dialect>,
    flag: Option<WrittenUrl>,
}

impl Resolved {
    pub(crate) fn new(
        global: &Global,
        world: &Environment,
        config: Config,
    ) -> Result<Self, CommandError> {
        let name = global.env.clone().or_else(|| world.variable("MIGRATE_ENV").map(str::to_owned));
        let environment = name.map(|name| section(&config, name)).transpose()?;
        let mut core = config.settings();
        let of_section = environment.as_ref().and_then(|(_, section)| section.role.clone());
        if let Some(role) = global.role.clone().or(of_section) {
            core.role = Some(role);
        }
        if let Some(lock) = global.lock {
            core.lock = lock;
        }
        if let Some(wait) = global.wait {
            core.wait = wait;
        }
        if let Some(lock) = global.lock_timeout {
            core.timeouts.lock = lock;
        }
        if let Some(statement) = global.statement_timeout {
            core.timeouts.statement = statement;
        }
        let dialect = global.dialect.last().copied();
        Ok(Self { config, core, environment, dialect, flag: global.database_url.clone() })
    }

    /// Whether what destroys data needs a confirmation.
    pub(crate) fn is_protected(&self) -> bool {
        self.environment.as_ref().is_some_and(|(_, section)| section.protected)
    }

    /// The database that is named anywhere; nothing if none is.
    ///
    /// A section chosen by `--env` comes before `.env`: whoever says `--env production` does not mean the developer's
    /// own file.
    pub(crate) fn named_database(
        &self,
        world: &Environment,
    ) -> Result<Option<Database>, CommandError> {
        let section = self.environment.as_ref().and_then(|(_, section)| section.url.clone());
        let named = [
            (self.flag.clone(), UrlSource::Flag),
            (
                world.variable("DATABASE_URL").map(|url| url.to_owned().into()),
                UrlSource::Environment,
            ),
            (section, UrlSource::EnvironmentSection),
        ];
        if let Some((text, source)) =
            named.into_iter().find_map(|(text, source)| Some((text?, source)))
        {
            return database(&text, source, world).map(Some);
        }
        if let Some(text) = dot_env(world)? {
            return database(&text, UrlSource::DotEnv, world).map(Some);
        }
        self.config.url.as_ref().map(|text| database(text, UrlSource::Config, world)).transpose()
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

fn section(config: &Config, name: String) -> Result<(String, EnvironmentConfig), CommandError> {
    if let Some(section) = config.env.get(&name) {
        return Ok((name, section.clone()));
    }
    let known: Vec<String> = config.env.keys().map(|known| format!("`{known}`")).collect();
    let problem = Problem::usage(
        "unknown-environment",
        format_args!("there is no environment `{name}` in `migrate.toml`"),
    );
    Err(problem
        .hint(match known.as_slice() {
            [] => format!("add a section `[env.{name}]`; it may be empty"),
            known => format!(
                "there {} {}",
                if known.len() == 1 { "is" } else { "are" },
                known.join(", ")
            ),
        })
        .into())
}

fn database(text: &str, source: UrlSource, world: &Environment) -> Result<Database, CommandError> {
    let url: DatabaseUrl = text.parse()?;
    // A relative file is found from where the command was typed.
    let url = match sqlite_file(&url, world) {
        Some(file) if !Path::new(url.database()).is_absolute() => {
            let parameters = text.split_once('?').map(|(_, parameters)| format!("?{parameters}"));
            format!("{}{}", sqlite_url(&file), parameters.unwrap_or_default()).parse()?
        }
        Some(_) | None => url,
    };
    Ok(Database { url, source })
}

/// The file of a SQLite database; nothing for one in memory and for other engines.
pub(crate) fn sqlite_file(url: &DatabaseUrl, world: &Environment) -> Option<PathBuf> {
    let name = url.database();
    let is_file = !name.is_empty() && !name.starts_with(':') && !name.starts_with("file:");
    let in_memory = url.expose().contains("mode=memory");
    (url.dialect() == Dialect::Sqlite && is_file && !in_memory)
        .then(|| world.directory.join(decoded(name)))
}

fn sqlite_url(file: &Path) -> String {
    let path = file.display().to_string();
    format!("sqlite:{}", path.replace('%', "%25").replace('?', "%3F").replace('#', "%23"))
}

/// What sqlx makes of a path: `%41` is `A`.
fn decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        let byte = after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(b'%'));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

/// `DATABASE_URL` in the nearest `.env`.
fn dot_env(world: &Environment) -> Result<Option<String>, CommandError> {
    let Some(file) = world.nearest(".env") else { return Ok(None) };
    let unreadable = |error: dotenvy::Error| {
        // A line that cannot be read may hold a password.
        let is_line = matches!(error, dotenvy::Error::LineParse(..));
        let line =
            if is_line { "a line of it cannot be read".to_owned() } else { error.to_string() };
        Problem::new("dot-env", format_args!("`{}`: {line}", file.display()))
    };
    let lines = dotenvy::from_path_iter(&file).map_err(unreadable)?;
    for line in lines {
        let (name, value) = line.map_err(unreadable)?;
        if name == "DATABASE_URL" && !value.is_empty() {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests;
