//! The fault programme: injects faults into runs, and checks that the next run recovers.
//!
//! `faults` runs all of it and prints a table; `faults --short` runs the quick part. `--engine NAME` and `--only TEXT` select
//! rows by engine and by text. `--seed N` repeats the random trial of that seed, and `--trials N` sets the number of trials.
//! Exits with 1 if anything differs.
//!
//! A family of checks is a file with a function `checks`, listed in [`all`]. This program is also the runner that is killed: it
//! starts itself, see `runner.rs` and `worker.rs`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::panic,
    clippy::expect_used,
    reason = "a test prints its result, and its way to fail is to panic"
)]

mod adversary;
mod check;
mod clean;
mod crowd;
mod dump;
mod environment;
mod galera;
mod kill;
mod lease;
mod plan;
mod pooler;
mod proxy;
mod restart;
mod runner;
mod settings;
mod stall;
mod table;
mod tls;
mod unfinished;
mod worker;

use std::process::ExitCode;
use std::time::Instant;

use self::check::{Check, Outcome};
use self::settings::{Form, Settings};

/// Returns every check, in the order of the table.
fn all(settings: &Settings) -> Vec<Check> {
    let families: [fn(Form) -> Vec<Check>; 11] = [
        kill::checks,
        crowd::checks,
        stall::checks,
        lease::checks,
        proxy::checks,
        restart::checks,
        pooler::checks,
        galera::checks,
        environment::checks,
        tls::checks,
        unfinished::checks,
    ];
    let each = families.into_iter().flat_map(|checks| checks(settings.form));
    each.chain(adversary::checks(settings)).collect()
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).peekable();
    if arguments.next_if(|argument| argument == worker::COMMAND).is_some() {
        return worker::main(arguments);
    }
    match Settings::read(arguments) {
        Ok(settings) => programme(&settings),
        Err(usage) => {
            eprintln!("{usage}");
            ExitCode::from(2)
        }
    }
}

#[tokio::main]
async fn programme(settings: &Settings) -> ExitCode {
    let mut rows = Vec::new();
    for check in all(settings).into_iter().filter(|check| settings.chooses(check)) {
        let (engine, name) = (check.engine, check.name.clone());
        eprintln!("{engine}: {name} …");
        let begun = Instant::now();
        let outcome = Outcome::of(check).await;
        // Told at once, so that a programme that is interrupted has said what it found.
        let (seconds, tried) = (begun.elapsed().as_secs(), outcome.tried);
        eprintln!("  {seconds} s, {tried} tried, {} differences", outcome.differences.len());
        rows.push((engine, name, outcome));
    }
    print!("{}", table::markdown(&rows));
    if !rows.is_empty() && rows.iter().all(|(_, _, outcome)| outcome.holds()) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
