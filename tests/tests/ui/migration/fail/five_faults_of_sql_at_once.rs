use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001")]
fn has_a_commit() -> &'static str {
    "CREATE TABLE a (id BIGINT); COMMIT"
}

#[migration(rev = "002")]
fn is_incomplete() -> &'static str {
    "CREATE TABLE b (name TEXT DEFAULT 'b)"
}

#[migration(rev = "003")]
fn cannot_be_undone() -> &'static str {
    "DROP TABLE a"
}

#[migration(rev = "004", kind = data)]
fn is_mixed() -> &'static str {
    "DROP TABLE b"
}

#[migration(rev = "005", down = "DROP TABLE c; ROLLBACK")]
fn is_undone_by_a_rollback() -> &'static str {
    "CREATE TABLE c (id BIGINT)"
}

fn main() {}
