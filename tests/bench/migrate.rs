//! A user's own binary, as `bench-commands` measures it: `BENCH_MIGRATIONS` says how many migrations it holds.

mod revisions;

use std::process::ExitCode;

#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark's own setting, which no other code reads"
)]
fn main() -> ExitCode {
    let count =
        std::env::var("BENCH_MIGRATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(100);
    migrate_cli::main(revisions::migrations(count))
}
