//! Alembic, where it is installed with the drivers `psycopg` and `pymysql`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use migrate_core::Dialect;
use migrate_tests::Database;

use crate::peer::{Action, Peer, Result, Work, is_installed};
use crate::revisions;

pub(crate) const NAME: &str = "alembic";

/// As its template has it, and without what this project does not need.
const ENVIRONMENT: &str = r#"from os import environ

from alembic import context
from sqlalchemy import create_engine, pool

with create_engine(environ["DATABASE_URL"], poolclass=pool.NullPool).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"#;

pub(crate) struct Project {
    folder: PathBuf,
}

impl Project {
    /// Writes a project of `count` revisions; nothing where there is no Alembic.
    pub(crate) fn new(folder: &Path, count: usize) -> Result<Option<Self>> {
        let versions = folder.join("versions");
        fs::create_dir_all(&versions)?;
        fs::write(folder.join("alembic.ini"), "[alembic]\nscript_location = %(here)s\n")?;
        fs::write(folder.join("env.py"), ENVIRONMENT)?;
        for number in 1..=count {
            fs::write(versions.join(format!("{}.py", revisions::id(number))), revision(number))?;
        }
        let project = Self { folder: folder.to_owned() };
        // Python compiles the revisions at the first use, and keeps the result.
        Ok(is_installed(project.command().arg("heads"))?.then_some(project))
    }

    fn command(&self) -> Command {
        let mut command = Command::new(NAME);
        command.current_dir(&self.folder);
        command
    }
}

fn revision(number: usize) -> String {
    let id = revisions::id(number);
    let parent =
        if number == 1 { "None".to_owned() } else { format!("'{}'", revisions::id(number - 1)) };
    let [table, index] = revisions::up(number);
    let down = revisions::down(number);
    format!(
        "from alembic import op\n\nrevision = '{id}'\ndown_revision = {parent}\n\n\n\
         def upgrade():\n    op.execute('{table}')\n    op.execute('{index}')\n\n\n\
         def downgrade():\n    op.execute('{down}')\n"
    )
}

impl Peer for Project {
    fn name(&self) -> &'static str {
        NAME
    }

    fn work(&self, database: &Database, action: Action) -> Option<Work> {
        let (_, rest) = database.url().split_once(':')?;
        let url = match database.dialect() {
            Dialect::Sqlite => format!("sqlite:///{rest}"),
            Dialect::Postgres => format!("postgresql+psycopg:{rest}"),
            Dialect::Mysql => format!("mysql+pymysql:{rest}"),
        };
        let mut command = self.command();
        command.env("DATABASE_URL", url);
        match action {
            Action::Up | Action::Nothing => command.args(["upgrade", "head"]),
            Action::Down => command.args(["downgrade", "base"]),
        };
        Some(Work::Program(command))
    }
}
