//! The migrations that a program uses: those of one crate, all linked ones, or a list.

use std::fmt;

use crate::declare::migration::Migration;
use crate::sql::Dialect;

/// What `migrations!()` knows about its crate.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CrateInfo {
    /// The name in history: the Cargo package's, or the given one.
    pub name: &'static str,
    /// The folder of the crate's `Cargo.toml` when it was compiled.
    pub manifest_dir: &'static str,
    /// The text of the `migrate.toml` next to it, if there was one.
    pub config: Option<&'static str>,
    /// The dialects that `migrate.toml` names.
    pub dialects: &'static [Dialect],
}

/// Omits the text of `migrate.toml`, which may contain a password.
impl fmt::Debug for CrateInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CrateInfo")
            .field("name", &self.name)
            .field("manifest_dir", &self.manifest_dir)
            .finish_non_exhaustive()
    }
}

/// A set of migrations.
#[derive(Clone, Debug)]
pub enum Scope {
    /// The migrations of a crate and of the crates its revisions depend on.
    Crate(CrateInfo),
    /// All migrations that are linked into the program.
    Linked,
    /// These migrations.
    List(Vec<Migration>),
}

/// A handle on a set of migrations: `Migrations` of a migrations crate, [`Linked`], or a `Vec<Migration>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a set of migrations",
    label = "expected the `Migrations` of a crate with `migrate_core::migrations!()`, or `migrate_core::Linked`"
)]
pub trait MigrationSet {
    /// Returns which migrations it stands for.
    fn scope(self) -> Scope;
}

/// All migrations linked into the program, of any crate.
#[derive(Clone, Copy, Debug)]
pub struct Linked;

impl MigrationSet for Linked {
    fn scope(self) -> Scope {
        Scope::Linked
    }
}

impl MigrationSet for Vec<Migration> {
    fn scope(self) -> Scope {
        Scope::List(self)
    }
}

impl MigrationSet for Scope {
    fn scope(self) -> Scope {
        self
    }
}
