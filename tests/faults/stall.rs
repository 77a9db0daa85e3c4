//! A run that stops in the middle but stays alive: the others name what blocks them, give up in time, and do no harm.

use std::time::Duration;

use migrate_core::{Dialect, Moment};
use migrate_tests::Database;
use rustix::process::Signal;

use crate::check::{Check, Outcome};
use crate::dump::Dump;
use crate::kill::{engine, nobody_left};
use crate::plan;
use crate::runner::{Runner, Running};
use crate::settings::Form;
use crate::worker::Act;

/// How long the others wait, in seconds.
const PATIENCE: u64 = 2;

pub(crate) fn checks(_: Form) -> Vec<Check> {
    let row = |dialect| {
        let name = "the holder of the lock stops in the middle, and goes on later";
        Check::new(engine(dialect), name, move || stalled(dialect))
    };
    [Dialect::Sqlite, Dialect::Postgres, Dialect::Mysql].map(row).into()
}

async fn stalled(dialect: Dialect) -> Outcome {
    let mut outcome = Outcome::default();
    let alone = Database::fresh(dialect).await;
    let ended = Runner::new(alone.url(), plan::SHORT, "production").run().await;
    let clean = Dump::of(&alone).await;
    alone.drop().await;
    let statements = ended.statements();
    for at in [statements / 3, statements / 2, statements * 2 / 3] {
        let database = Database::fresh(dialect).await;
        outcome.add(stalled_at(&database, at, &clean).await);
        nobody_left(&database).await;
        database.drop().await;
    }
    outcome
}

async fn stalled_at(database: &Database, at: usize, clean: &Dump) -> Outcome {
    let mut outcome = Outcome { tried: 1, ..Outcome::default() };
    let runner = Runner::new(database.url(), plan::SHORT, "production");
    let holder = runner.clone().fault(at, Moment::Before, Act::Stop).start();
    stopped(&holder).await;
    let session = session(database).await;

    let other = runner.clone().wait(PATIENCE).run().await;
    outcome.expect("the other's exit code", other.code(), Some(1));
    // SQLite knows that its file is locked, but not by which process.
    let names = session.is_none_or(|session| other.complained.contains(&session.to_string()));
    if !names || !other.complained.contains("lock") {
        outcome.differences.push(format!("the other does not name the holder: {}", other.told()));
    }

    holder.signal(Signal::CONT);
    let ended = holder.end().await;
    if ended.code() != Some(0) {
        outcome.differences.push(format!("the holder does not end well: {}", ended.told()));
    }
    outcome.expect("the exit code of one who comes late", runner.run().await.code(), Some(0));
    outcome.differences.extend(Dump::of(database).await.difference(clean));
    for difference in &mut outcome.differences {
        difference.insert_str(0, &format!("stopped before statement {at}: "));
    }
    outcome
}

/// Waits until the process has stopped.
pub(crate) async fn stopped(runner: &Running) {
    let status = format!("/proc/{}/stat", runner.pid().as_raw_nonzero());
    loop {
        let text = std::fs::read_to_string(&status).expect("the state of a process of ours");
        // After the program's name, which is in parentheses.
        if text.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('T')) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Returns the id of a run's only session.
async fn session(database: &Database) -> Option<i64> {
    let query = match database.dialect() {
        Dialect::Sqlite => return None,
        Dialect::Postgres => {
            "SELECT pid::bigint FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
             AND backend_type = 'client backend' ORDER BY backend_start"
        }
        Dialect::Mysql => {
            "SELECT id FROM information_schema.processlist WHERE db = database() AND id <> connection_id() ORDER BY id"
        }
    };
    Some(database.value(query).await)
}
