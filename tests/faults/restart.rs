//! The server itself is killed during a run, and restarted on its data.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use migrate_core::{Dialect, Moment};
use migrate_tests::Database;

use crate::check::{Check, Outcome};
use crate::clean::Clean;
use crate::kill::engine;
use crate::plan;
use crate::runner::Runner;
use crate::settings::{Form, told_by};
use crate::worker::Act;

/// The number of runs that share a kill, each at another statement.
const AT_ONCE: usize = 12;

const MOMENTS: [(&str, Moment); 3] = [
    ("before", Moment::Before),
    ("inside", Moment::Inside(Duration::from_millis(2))),
    ("after", Moment::After),
];

pub(crate) fn checks(form: Form) -> Vec<Check> {
    if form == Form::Short {
        return Vec::new();
    }
    let engines = [Dialect::Postgres, Dialect::Mysql];
    let rows = engines.into_iter().flat_map(|engine| MOMENTS.map(|moment| (engine, moment)));
    rows.map(|(dialect, (word, moment))| {
        let name = format!("server killed {word} each statement, and started again");
        Check::new(engine(dialect), name, move || at_every_statement(dialect, moment))
    })
    .collect()
}

async fn at_every_statement(dialect: Dialect, moment: Moment) -> Outcome {
    let server = Server::of(dialect);
    let clean = Clean::of(Database::fresh(dialect).await, plan::MIXED).await;
    let mut outcome = Outcome { resumed: Some(0), ..Outcome::default() };
    let mut kills = 0;
    let statements: Vec<usize> = (1..=clean.statements).collect();
    for statements in statements.chunks(AT_ONCE) {
        outcome.add(killed_together(&server, &clean, statements, moment).await);
        kills += 1;
    }
    outcome.note = format!("{kills} kills of the server");
    outcome
}

/// Lets several runs each reach a statement, kills the server, and finishes the runs.
async fn killed_together(
    server: &Server,
    clean: &Clean,
    statements: &[usize],
    moment: Moment,
) -> Outcome {
    let mut outcome = Outcome::default();
    let mut held = Vec::new();
    for at in statements {
        let database = Database::fresh(server.dialect).await;
        let runner = Runner::new(database.url(), plan::MIXED, "production");
        let mut running = runner.clone().fault(*at, moment, Act::Hold).start();
        let case = format!("statement {at}");
        outcome.expect(&format!("{case}: the run comes so far"), running.says("held").await, true);
        held.push((case, database, runner, running));
    }
    server.crash("kill");
    server.crash("start");
    for (case, database, runner, running) in held {
        let ended = running.end().await;
        // After its last statement a run no longer needs the server.
        let may_be_through = clean.statements <= statements.last().copied().unwrap_or_default();
        if !may_be_through {
            outcome.expect(&format!("{case}: {}", ended.told()), ended.code(), Some(1));
        }
        outcome.add(clean.finish(&runner, &database, &case).await);
        database.drop().await;
    }
    outcome
}

/// A server that may be killed.
pub(crate) struct Server {
    dialect: Dialect,
    folder: String,
}

impl Server {
    /// Returns the server of this engine, which `make faults` started.
    pub(crate) fn of(dialect: Dialect) -> Self {
        let variable = match dialect {
            Dialect::Mysql => "TEST_MYSQL_FOLDER",
            Dialect::Postgres | Dialect::Sqlite => "TEST_POSTGRES_FOLDER",
        };
        Self { dialect, folder: told_by("FAULTS=1 tests/with-servers", variable) }
    }

    /// Kills or starts it with `tests/crash`.
    pub(crate) fn crash(&self, action: &str) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("crash");
        let status = Command::new(script).args([action, &self.folder]).status();
        assert!(status.expect("tests/crash").success(), "cannot {action} {}", self.dialect);
    }
}
