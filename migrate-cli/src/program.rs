//! A program with migrations, and the location of their sources.

use std::fmt;
use std::path::PathBuf;

use migrate_core::{Config, MigrationSet, Migrator, Scope};

use crate::error::CommandError;

/// The migrations of a binary, and the location of their sources.
#[derive(Clone)]
pub struct Program {
    pub(crate) scope: Scope,
    pub(crate) home: Option<PathBuf>,
    config: Option<String>,
}

/// Omits the text of `migrate.toml`, which may contain a database password.
impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program")
            .field("scope", &self.scope)
            .field("home", &self.home)
            .finish_non_exhaustive()
    }
}

impl Program {
    /// Creates a program from a set of migrations.
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

    /// Sets the folder of the crate for new revisions.
    #[must_use]
    pub fn home(mut self, folder: impl Into<PathBuf>) -> Self {
        self.home = Some(folder.into());
        self
    }

    /// Sets the text of `migrate.toml`, for a set without one.
    #[must_use]
    pub fn config(mut self, text: impl Into<String>) -> Self {
        self.config = Some(text.into());
        self
    }

    /// Returns the crate's name in history, if the set belongs to one crate.
    pub(crate) fn crate_name(&self) -> Option<&'static str> {
        match &self.scope {
            Scope::Crate(info) => Some(info.name),
            Scope::Linked | Scope::List(_) => None,
        }
    }

    /// Returns the crate of all revisions, if there is only one.
    pub(crate) fn sole_crate(&self) -> Option<String> {
        let graph = Migrator::new(self.scope.clone()).graph().ok()?;
        let mut crates = graph.crates();
        let only = crates.next()?.to_owned();
        crates.next().is_none().then_some(only)
    }

    pub(crate) fn parsed_config(&self) -> Result<Config, CommandError> {
        Ok(self.config.as_deref().map(Config::parse).transpose()?.unwrap_or_default())
    }
}
