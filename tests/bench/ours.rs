//! Our own two entries: the program, and the script it prints, run by the engine's client.

use std::path::PathBuf;
use std::process::Command;

use migrate_core::{Dialect, Migrator, Offline, Request, Settings, Target};
use migrate_tests::Database;

use crate::client;
use crate::peer::{Action, Peer, Result, Work};
use crate::revisions;

/// `bench-migrate`, which is built beside this program.
pub(crate) struct Program {
    path: PathBuf,
    count: usize,
}

impl Program {
    pub(crate) fn new(count: usize) -> Result<Self> {
        Ok(Self { path: std::env::current_exe()?.with_file_name("bench-migrate"), count })
    }
}

impl Peer for Program {
    fn name(&self) -> &'static str {
        "ours"
    }

    fn work(&self, database: &Database, action: Action) -> Option<Work> {
        let mut command = Command::new(&self.path);
        command.env("BENCH_MIGRATIONS", self.count.to_string()).env("DATABASE_URL", database.url());
        match action {
            Action::Up | Action::Nothing => command.arg("up"),
            Action::Down => command.args(["down", "--revision", "base"]),
        };
        Some(Work::Program(command))
    }
}

/// The script of `up --sql` and `down --sql`: the same statements and marks that a run sends.
pub(crate) struct Script {
    engine: Dialect,
    up: String,
    down: String,
}

impl Script {
    pub(crate) async fn new(engine: Dialect, count: usize) -> Result<Self> {
        let settings = Settings::default();
        let graph = Migrator::new(revisions::migrations(count)).graph()?;
        let offline = Offline::new(&graph, &settings, engine, None);
        let up = offline.script(&Request::Up(Target::Head), None).await?;
        let down = offline.script(&Request::Down("base".parse()?), Some(&Target::Head)).await?;
        Ok(Self { engine, up, down })
    }
}

impl Peer for Script {
    fn name(&self) -> &'static str {
        match self.engine {
            Dialect::Sqlite => "sqlite3, our script",
            Dialect::Postgres => "psql, our script",
            Dialect::Mysql => "mariadb, our script",
        }
    }

    fn work(&self, _: &Database, action: Action) -> Option<Work> {
        Some(Work::Script(match action {
            Action::Up => self.up.clone(),
            Action::Nothing => client::read_history(self.engine, "_migrate_history"),
            Action::Down => self.down.clone(),
        }))
    }
}
