//! Revisions without a `down`, which is derived.

use migrate_core::prelude::*;

/// Create a table with two indexes.
#[migration(rev = "1")]
fn create() -> &'static str {
    "CREATE TABLE people (id BIGINT PRIMARY KEY, name VARCHAR(100) NOT NULL);
     CREATE INDEX people_name ON people (name);
     CREATE UNIQUE INDEX people_both ON people (name, id)"
}

#[migration(
    rev = "2",
    waive(unasserted_alter, reason = "the other engines do not know `ALGORITHM`")
)]
fn add_column() -> &'static str {
    "ALTER TABLE people ADD COLUMN email VARCHAR(100);
     CREATE INDEX people_email ON people (email)"
}

#[migration(rev = "3", waive(renaming_column, reason = "nobody uses it yet"))]
fn rename_column() -> &'static str {
    "ALTER TABLE people RENAME COLUMN email TO address"
}

#[migration(rev = "4", waive(renaming_table, reason = "nobody uses it yet"))]
fn rename_table() -> &'static str {
    "ALTER TABLE people RENAME TO persons;
     CREATE VIEW addresses AS SELECT id, address FROM persons"
}
