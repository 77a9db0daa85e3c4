//! The short form of the fault programme, one test per engine; `make faults` runs all of it.

#![expect(clippy::expect_used, reason = "a test's way to fail is to panic")]

use std::process::Command;

/// Runs the rows of one engine, and fails with their table if one differs.
fn short(engine: &str) {
    let mut faults = Command::new(env!("CARGO_BIN_EXE_faults"));
    let ended = faults.args(["--short", "--engine", engine]).output().expect("the programme");
    let table = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{table}\n{}", String::from_utf8_lossy(&ended.stderr));
}

#[test]
fn a_file_of_sqlite_ends_as_without_a_fault() {
    short("SQLite");
}

#[test]
fn a_database_of_postgresql_ends_as_without_a_fault() {
    short("PostgreSQL");
}

#[test]
fn a_database_of_mariadb_ends_as_without_a_fault() {
    short("MariaDB");
}
