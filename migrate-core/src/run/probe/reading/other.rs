//! Statements that neither create nor drop anything.

use migrate_sql::{Dialect, Statement, split};

use super::Reading;
use super::words::Words;
use crate::run::probe::concurrent::{Concurrent, Scope};

pub(super) fn read(statement: &Statement<'_>) -> Reading {
    let words = Words::of(statement.text(), statement.dialect());
    let repeatable = match statement.dialect() {
        Dialect::Postgres if words.begin(&["REINDEX"]) => return reindex(statement, &words),
        Dialect::Postgres => postgres(&words),
        Dialect::Mysql if words.begin(&["SET", "STATEMENT"]) => return inner(statement, &words),
        Dialect::Mysql => mysql(&words),
        Dialect::Sqlite => sqlite(&words),
    };
    if repeatable { Reading::Repeatable } else { Reading::Silent }
}

fn postgres(words: &Words<'_>) -> bool {
    const ALWAYS: &[&str] = &[
        "ANALYZE",
        "CHECKPOINT",
        "CLUSTER",
        "COMMENT",
        "DISCARD",
        "GRANT",
        "REFRESH",
        "RESET",
        "REVOKE",
        "SECURITY",
        "SET",
        "VACUUM",
    ];
    let subscribes = words.begin(&["ALTER", "SUBSCRIPTION"])
        && words.at(3).is_some_and(|word| {
            word.is_any_word(&["CONNECTION", "DISABLE", "ENABLE", "OWNER", "REFRESH", "SET"])
        });
    words.first_is_any(ALWAYS)
        || words.begin_any("ALTER", &["DATABASE", "DEFAULT", "ROLE", "SYSTEM", "USER"])
        || subscribes
}

fn mysql(words: &Words<'_>) -> bool {
    const ALWAYS: &[&str] =
        &["ANALYZE", "CHECK", "FLUSH", "GRANT", "OPTIMIZE", "REPAIR", "SET", "USE"];
    words.first_is_any(ALWAYS)
        || words.begin_any("CACHE", &["INDEX"])
        || words.begin_any("LOAD", &["INDEX"])
        || words.begin_any("START", &["REPLICA", "SLAVE"])
        || words.begin_any("STOP", &["REPLICA", "SLAVE"])
        || words.begin(&["REVOKE"]) && revokes_again(words)
        || words.begin(&["ALTER"]) && alters_again(words)
}

/// Returns whether a `REVOKE` can be repeated: only of global privileges, and of all privileges of a user.
fn revokes_again(words: &Words<'_>) -> bool {
    words.has_row(&["ON", "*", ".", "*"]) || words.has_row(&[",", "GRANT", "OPTION"])
}

fn alters_again(words: &Words<'_>) -> bool {
    let kinds = ["ALGORITHM", "DEFINER", "EVENT", "SQL"];
    words.begin_any("ALTER", &["DATABASE", "FUNCTION", "PROCEDURE", "SCHEMA", "SERVER"])
        || words.begin_any("ALTER", &["ROLE", "USER"])
            && !words.has("RETAIN")
            && !words.has("DISCARD")
        || words.begin_any("ALTER", &kinds) && !words.has("RENAME")
}

fn sqlite(words: &Words<'_>) -> bool {
    words.first_is_any(&["ANALYZE", "ATTACH", "DETACH", "PRAGMA", "REINDEX"])
        || words.begin(&["VACUUM"]) && !words.has("INTO")
}

/// Reads the statement inside `SET STATEMENT … FOR`.
fn inner(statement: &Statement<'_>, words: &Words<'_>) -> Reading {
    let rest = words.behind("FOR").and_then(|behind| statement.text().get(behind..));
    let statements = rest.and_then(|rest| split(rest, statement.dialect()).ok());
    match statements.as_deref() {
        Some([statement]) => Reading::of(statement),
        _ => Reading::Silent,
    }
}

fn reindex(statement: &Statement<'_>, words: &Words<'_>) -> Reading {
    if statement.forbids_transaction() != Some("REINDEX CONCURRENTLY") {
        return Reading::Repeatable;
    }
    let named = |kind| words.name_behind(&[kind], "CONCURRENTLY");
    let scope = if let Some(index) = named("INDEX") {
        Scope::Index(index)
    } else if let Some(table) = named("TABLE") {
        Scope::Table(table)
    } else if let Some(schema) = named("SCHEMA") {
        Scope::Schema(schema.name)
    } else {
        Scope::Database
    };
    Reading::Concurrent(Concurrent::Rebuild(scope))
}
