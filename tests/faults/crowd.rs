//! Sixteen processes at once: each revision is applied by one of them, and all end well.

use migrate_core::Dialect;
use migrate_tests::Database;

use crate::check::{Check, Outcome};
use crate::dump::Dump;
use crate::kill::{engine, nobody_left};
use crate::plan;
use crate::runner::Runner;
use crate::settings::Form;

const RUNNERS: usize = 16;

pub(crate) fn checks(form: Form) -> Vec<Check> {
    let plan = match form {
        Form::Short => plan::SHORT,
        Form::Full => plan::MIXED,
    };
    let row = |dialect| {
        let name = format!("{RUNNERS} processes at once, up and down");
        Check::new(engine(dialect), name, move || at_once(dialect, plan))
    };
    [Dialect::Sqlite, Dialect::Postgres, Dialect::Mysql].map(row).into()
}

async fn at_once(dialect: Dialect, plan: &'static str) -> Outcome {
    let mut outcome = Outcome::default();
    let (alone, crowded) = (Database::fresh(dialect).await, Database::fresh(dialect).await);
    for command in ["production", "down"] {
        let clean = Runner::new(alone.url(), plan, command).run().await;
        outcome.expect("the exit code of one alone", clean.code(), Some(0));
        let runner = Runner::new(crowded.url(), plan, command);
        let runners: Vec<_> = (0..RUNNERS).map(|_| runner.start()).collect();
        for runner in runners {
            let ended = runner.end().await;
            outcome.tried += 1;
            if ended.code() != Some(0) {
                outcome.differences.push(format!("one of {RUNNERS} `{command}`: {}", ended.told()));
            }
        }
        let clean = Dump::of(&alone).await;
        outcome.differences.extend(Dump::of(&crowded).await.difference(&clean));
    }
    for database in [alone, crowded] {
        nobody_left(&database).await;
        database.drop().await;
    }
    outcome
}
