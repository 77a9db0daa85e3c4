//! A user's binary: as many migrations as `BENCH_MIGRATIONS` says, of one table and one index each.
fn main() {}
