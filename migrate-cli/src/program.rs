//! The program that migrates: its migrations, and where their sources are.

use std::fmt;
use std::path::PathBuf;

use migrate_core::{Config, MigrationSet, Migrator, Scope};

use crate::error::CommandError;

/// The migrations that a binary is about, and where their sources are.
#[derive(Clone)]
pub struct Program {
    pub(crate) scope: Scope,
    pub(crate) home: Option<PathBuf>,
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
