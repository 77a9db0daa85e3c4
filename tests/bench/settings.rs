//! What is to be measured, and how often.

use std::env;
use std::str::FromStr;

use migrate_core::Dialect;

use crate::peer::Result;

/// `--quick`, and three variables: `BENCH_ENGINES=sqlite,postgres`, `BENCH_COUNTS=100,1000` and `BENCH_ROUNDS=5`.
pub(crate) struct Settings {
    pub(crate) engines: Vec<Dialect>,
    pub(crate) counts: Vec<usize>,
    rounds: Option<usize>,
}

impl Settings {
    pub(crate) fn read() -> Result<Self> {
        let quick = match env::args().nth(1).as_deref() {
            None => false,
            Some("--quick") => true,
            Some(other) => {
                return Err(format!("unknown argument `{other}`; there is `--quick`").into());
            }
        };
        let engines = list("BENCH_ENGINES")?.unwrap_or(vec![
            Dialect::Sqlite,
            Dialect::Postgres,
            Dialect::Mysql,
        ]);
        let counts =
            list("BENCH_COUNTS")?.unwrap_or(if quick { vec![100] } else { vec![100, 1000] });
        let rounds = list("BENCH_ROUNDS")?.and_then(|rounds| rounds.first().copied());
        Ok(Self { engines, counts, rounds: rounds.or(quick.then_some(1)) })
    }

    /// Fewer where one round takes minutes: MySQL and MariaDB wait for the disk at every table.
    pub(crate) fn rounds(&self, engine: Dialect, count: usize) -> usize {
        let slow = engine == Dialect::Mysql && count > 500;
        self.rounds.unwrap_or(if slow { 3 } else { 5 })
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the benchmark's settings are read here and nowhere else"
)]
fn list<T: FromStr>(variable: &str) -> Result<Option<Vec<T>>> {
    let Ok(text) = env::var(variable) else { return Ok(None) };
    let words: std::result::Result<Vec<T>, T::Err> =
        text.split(',').map(|word| word.trim().parse()).collect();
    words.map(Some).map_err(|_| format!("{variable}={text} cannot be read").into())
}
