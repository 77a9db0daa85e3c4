//! A rule that is denied, one that warns, one that is waived and one that is waived for nothing.
#![deny(missing_docs, unused)]

use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", kind = data)]
fn denied() -> &'static str {
    "DELETE FROM users"
}

#[migration(rev = "002", down = "DROP INDEX users_name; DROP INDEX users_age")]
fn warned_twice() -> &'static str {
    "CREATE INDEX users_name ON users (name);
     CREATE INDEX users_age ON users (age)"
}

#[migration(rev = "003", kind = data, waive(missing_where, reason = "nobody is left"))]
fn waived() -> &'static str {
    "DELETE FROM users"
}

#[migration(
    rev = "004",
    kind = data,
    waive(missing_where, reason = "nobody is left"),
    waive(mixed, reason = "it is one thing")
)]
fn waived_for_nothing() -> &'static str {
    "DELETE FROM users WHERE id < 0"
}

#[allow(deprecated)]
mod silenced {
    use migrate_core::prelude::*;

    #[migration(rev = "005", kind = data, after = "003", waive(mixed, reason = "it is one thing"))]
    fn unused() -> &'static str {
        "DELETE FROM users WHERE id < 0"
    }
}
