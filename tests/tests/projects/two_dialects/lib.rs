//! A fault in only one dialect names that dialect.

use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", down = "DROP INDEX users_name")]
fn on_postgres() -> &'static str {
    "CREATE INDEX CONCURRENTLY users_name ON users (name)"
}

#[migration(rev = "002", down = irreversible)]
fn on_both() -> &'static str {
    "BEGIN"
}

#[migration(rev = "003")]
fn derived() -> &'static str {
    "CREATE TABLE users (id BIGINT)"
}

#[migration(rev = "004")]
fn cannot_be_derived_on_one() -> &'static str {
    "CREATE INDEX users_id ON users (id);
     CREATE SCHEMA audit"
}
