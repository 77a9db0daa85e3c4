//! Random plans with random faults. Whatever happens, each change exists once in the end, history is true after every run, no
//! run hangs, and there is always a way to continue.
//!
//! A trial is repeated by its seed: `faults --only random --engine MariaDB --seed 17`.

mod change;
mod human;
mod piece;
mod plan;
mod revision;
mod trial;
mod trouble;
mod truth;

use std::sync::Arc;

use migrate_core::Dialect;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

pub(crate) use self::plan::RandomPlan;
use self::trial::Trial;
use crate::check::{Check, Outcome};
use crate::kill::engine;
use crate::settings::{Form, Settings};

/// The number of databases in use at once.
const AT_ONCE: usize = 4;

/// Returns the number of trials per engine.
const fn trials(form: Form) -> u64 {
    match form {
        Form::Short => 10,
        Form::Full => 500,
    }
}

pub(crate) fn checks(settings: &Settings) -> Vec<Check> {
    let (first, count) = match settings.seed {
        Some(seed) => (seed, settings.trials.unwrap_or(1)),
        None => (1, settings.trials.unwrap_or(trials(settings.form))),
    };
    let random = [Dialect::Sqlite, Dialect::Postgres, Dialect::Mysql].map(|dialect| {
        let name = format!("random plans and random trouble, seeds from {first}");
        let trials = Trials { dialect, first, count, restarts: false };
        Check::new(engine(dialect), name, move || trials.run())
    });
    // A restart affects every run, so these trials run alone on the server.
    let restarts = [Dialect::Postgres, Dialect::Mysql].map(|dialect| {
        let name = format!("random plans, server killed and started again, seeds from {first}");
        let trials = Trials { dialect, first, count: count.div_ceil(20), restarts: true };
        Check::new(engine(dialect), name, move || trials.run())
    });
    let restarts = restarts.into_iter().filter(|_| settings.form == Form::Full);
    random.into_iter().chain(restarts).collect()
}

/// Some seeds on an engine.
#[derive(Clone, Copy)]
struct Trials {
    dialect: Dialect,
    first: u64,
    count: u64,
    /// Whether the only fault is a restart of the server.
    restarts: bool,
}

impl Trials {
    async fn run(self) -> Outcome {
        let places = Arc::new(Semaphore::new(if self.restarts { 1 } else { AT_ONCE }));
        let mut trials = JoinSet::new();
        for seed in self.first..self.first.saturating_add(self.count) {
            let places = Arc::clone(&places);
            trials.spawn(async move {
                let _place = places.acquire_owned().await.expect("an open semaphore");
                let trial = trial::run(seed, self.dialect, self.restarts);
                let trial = tokio::spawn(trial).await;
                (seed, trial.unwrap_or_else(|panic| failed(seed, &panic)))
            });
        }
        let mut all = trials.join_all().await;
        all.sort_by_key(|(seed, _)| *seed);
        sum(all.into_iter().map(|(_, trial)| trial))
    }
}

fn sum(trials: impl Iterator<Item = Trial>) -> Outcome {
    let mut outcome = Outcome { resumed: Some(0), ..Outcome::default() };
    let (mut refused, mut decided) = (0, 0);
    for trial in trials {
        refused += usize::from(trial.refused);
        decided += trial.decided;
        outcome.add(trial.outcome);
    }
    outcome.note = format!("{refused} plans refused, {decided} decisions");
    outcome
}

/// Returns the result of a trial that could not continue: a runner that hangs, a database that does not answer.
fn failed(seed: u64, panic: &tokio::task::JoinError) -> Trial {
    let differences = vec![format!("seed {seed}: {panic}")];
    let outcome = Outcome { tried: 1, differences, ..Outcome::default() };
    Trial { outcome, refused: false, decided: 0 }
}
