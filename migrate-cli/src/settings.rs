//! Reads settings from flags, the environment, `.env` and `migrate.toml`, in this order.

mod database;
mod dot_env;

use migrate_core::{Config, DatabaseUrl, Dialect, EnvironmentConfig, Settings, WrittenUrl};

use crate::args::Global;
use crate::environment::Environment;
use crate::error::{CommandError, Problem};

pub(crate) use self::database::{Database, UrlSource, sqlite_file};

/// The settings of a run, merged from all sources.
#[derive(Debug)]
pub(crate) struct Resolved {
    pub(crate) config: Config,
    pub(crate) core: Settings,
    /// The selected environment.
    pub(crate) environment: Option<(String, EnvironmentConfig)>,
    pub(crate) dialect: Option<Dialect>,
    flag: Option<WrittenUrl>,
    /// Whether the timeouts for locks and for statements come from flags, which override the URL.
    timeouts: (bool, bool),
}

impl Resolved {
    pub(crate) fn new(
        global: &Global,
        world: &Environment,
        config: Config,
    ) -> Result<Self, CommandError> {
        let name = match &global.env {
            Some(name) => Some(name.clone()),
            None => world.deciding("MIGRATE_ENV")?.map(str::to_owned),
        };
        let environment = name.map(|name| section(&config, name)).transpose()?;
        let mut core = config.settings();
        let of_section = environment.as_ref().and_then(|(_, section)| section.role.clone());
        if let Some(role) = global.role.clone().or(of_section) {
            core.role = Some(role);
        }
        if let Some(lock) = global.lock {
            core.lock = lock.into();
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
        if let Some(schema) = history_schema(global, world)? {
            core.history_schema = Some(schema);
        }
        let dialect = global.dialect.last().map(|dialect| (*dialect).into());
        let timeouts = (global.lock_timeout.is_some(), global.statement_timeout.is_some());
        let flag = global.database_url.as_ref().map(|url| WrittenUrl::from(url.0.clone()));
        Ok(Self { config, core, environment, dialect, flag, timeouts })
    }

    /// Returns the URL without parts that flags override.
    pub(crate) fn without_flags(&self, url: &DatabaseUrl) -> DatabaseUrl {
        let (lock, statement) = self.timeouts;
        url.clone().without_timeouts(lock, statement)
    }

    /// Returns whether commands that destroy data need a confirmation.
    pub(crate) fn is_protected(&self) -> bool {
        self.environment.as_ref().is_some_and(|(_, section)| section.protected)
    }
}

/// Returns the schema of history from the flag or the variable; `migrate.toml` was read before.
fn history_schema(global: &Global, world: &Environment) -> Result<Option<String>, CommandError> {
    match &global.history_schema {
        Some(schema) if schema.trim().is_empty() => {
            Err(Problem::usage("empty", "`--history-schema` is empty").into())
        }
        Some(schema) => Ok(Some(schema.clone())),
        None => Ok(world.deciding("MIGRATE_HISTORY_SCHEMA")?.map(str::to_owned)),
    }
}

fn section(config: &Config, name: String) -> Result<(String, EnvironmentConfig), CommandError> {
    if let Some(section) = config.env.get(&name) {
        return Ok((name, section.clone()));
    }
    let known: Vec<String> = config.env.keys().map(|known| format!("`{known}`")).collect();
    let problem = Problem::usage(
        "unknown-environment",
        format_args!("unknown environment `{name}`: not in `migrate.toml`"),
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

#[cfg(test)]
mod tests;
