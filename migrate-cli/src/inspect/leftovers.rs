//! State that code leaves in a session of MySQL or MariaDB, which cannot list all of it.

use migrate_core::{Body, Dialect, Level};
use migrate_sql::{Traces, split};

use super::{Found, Text};

/// Returns the state left after the code has succeeded. State of SQL that is known beforehand is reset by name.
pub(super) fn of(text: &Text<'_>, body: &Body) -> Vec<Found> {
    let is_code = matches!(body, Body::Code(_));
    if !is_code || text.dialect != Dialect::Mysql {
        return Vec::new();
    }
    let mut traces = Traces::new(text.dialect);
    for statement in split(text.sql, text.dialect).unwrap_or_default() {
        traces.note(&statement);
    }
    traces.left().iter().map(|left| found(text, left)).collect()
}

fn found(text: &Text<'_>, left: &str) -> Found {
    Found {
        code: "left-in-session",
        level: Level::Deny,
        message: format!("the code leaves {left} in its session"),
        why: Some(
            "MySQL and MariaDB do not list all that a session holds, so a later revision of the same run may \
             find it there, and does not when it runs alone",
        ),
        help: Some(
            "reset it before the code ends: drop it, release it, or set it to NULL".to_owned(),
        ),
        key: text.migration.key().clone(),
        direction: text.direction,
        statement: None,
        excerpt: None,
        origin: text.migration.origin(),
    }
}
