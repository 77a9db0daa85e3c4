//! sqlx-cli, where it is installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use migrate_core::Dialect;
use migrate_tests::Database;

use crate::peer::{Action, Peer, Result, Work, is_installed};
use crate::revisions;

pub(crate) const NAME: &str = "sqlx";

pub(crate) struct Project {
    folder: PathBuf,
}

impl Project {
    /// Writes a folder of `count` migrations; nothing where there is no sqlx.
    pub(crate) fn new(folder: &Path, count: usize) -> Result<Option<Self>> {
        fs::create_dir_all(folder)?;
        for number in 1..=count {
            let id = revisions::id(number);
            fs::write(folder.join(format!("{id}_t.up.sql")), revisions::up(number).join(";\n"))?;
            fs::write(folder.join(format!("{id}_t.down.sql")), revisions::down(number))?;
        }
        let project = Self { folder: folder.to_owned() };
        Ok(is_installed(Command::new(NAME).arg("--version"))?.then_some(project))
    }
}

impl Peer for Project {
    fn name(&self) -> &'static str {
        NAME
    }

    fn work(&self, database: &Database, action: Action) -> Option<Work> {
        let create = if database.dialect() == Dialect::Sqlite { "?mode=rwc" } else { "" };
        let mut command = Command::new(NAME);
        command.arg("migrate");
        match action {
            Action::Up | Action::Nothing => command.arg("run"),
            Action::Down => command.args(["revert", "--target-version", "0"]),
        };
        command.arg("--source").arg(&self.folder);
        command.env("DATABASE_URL", format!("{}{create}", database.url()));
        Some(Work::Program(command))
    }
}
