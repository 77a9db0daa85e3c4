//! PostgreSQL's statements.

use super::{
    StatementKind::{
        self, Ddl, Dml, Maintenance, Query, Routine, SessionSetting, TransactionControl,
    },
    first, has_word,
    with::With,
};
use crate::statement::Reader;

pub(super) const FIRST: &[(&str, StatementKind)] = &[
    ("ABORT", TransactionControl),
    ("ALTER", Ddl),
    ("ANALYSE", Maintenance),
    ("ANALYZE", Maintenance),
    ("BEGIN", TransactionControl),
    ("CALL", Routine),
    ("CHECKPOINT", Maintenance),
    ("CLOSE", Query),
    ("CLUSTER", Maintenance),
    ("COMMENT", Ddl),
    ("COMMIT", TransactionControl),
    ("COPY", Dml),
    ("CREATE", Ddl),
    ("DEALLOCATE", Routine),
    ("DECLARE", Query),
    ("DELETE", Dml),
    ("DISCARD", SessionSetting),
    ("DO", Routine),
    ("DROP", Ddl),
    ("END", TransactionControl),
    ("EXECUTE", Routine),
    ("EXPLAIN", Query),
    ("FETCH", Query),
    ("GRANT", Ddl),
    ("IMPORT", Ddl),
    ("INSERT", Dml),
    ("LISTEN", SessionSetting),
    ("LOAD", SessionSetting),
    ("LOCK", SessionSetting),
    ("MERGE", Dml),
    ("MOVE", Query),
    ("NOTIFY", SessionSetting),
    ("PREPARE", Routine),
    ("REASSIGN", Ddl),
    ("REFRESH", Maintenance),
    ("REINDEX", Maintenance),
    ("RELEASE", TransactionControl),
    ("REPACK", Maintenance),
    ("RESET", SessionSetting),
    ("REVOKE", Ddl),
    ("ROLLBACK", TransactionControl),
    ("SAVEPOINT", TransactionControl),
    ("SECURITY", Ddl),
    ("SELECT", Query),
    ("SET", SessionSetting),
    ("SHOW", Query),
    ("START", TransactionControl),
    ("TABLE", Query),
    ("TRUNCATE", Dml),
    ("UNLISTEN", SessionSetting),
    ("UPDATE", Dml),
    ("VACUUM", Maintenance),
    ("VALUES", Query),
    ("WAIT", Query),
    ("WITH", Query),
];

pub(super) fn class(mut words: Reader<'_>) -> StatementKind {
    match words.keyword().as_str() {
        "COPY" => copy(words),
        "EXPLAIN" => explain(words),
        "SELECT" => select(&mut words),
        "WITH" => with(&mut words),
        word => first(word, FIRST),
    }
}

/// A query in its parentheses has words of its own.
fn copy(mut words: Reader<'_>) -> StatementKind {
    if has_word(&mut words, "FROM") { Dml } else { Query }
}

/// `SELECT … INTO` makes a table.
fn select(words: &mut Reader<'_>) -> StatementKind {
    if has_word(words, "INTO") { Ddl } else { Query }
}

fn with(words: &mut Reader<'_>) -> StatementKind {
    let with = With::read(words);
    match with.kind() {
        Query if with.statement == Some("SELECT") => select(words),
        class => class,
    }
}

/// With `ANALYZE` the statement is executed; it is not read as another `EXPLAIN`, which it cannot be.
fn explain(mut words: Reader<'_>) -> StatementKind {
    let analyzes = words.clone().option("ANALYZE") == Some(true);
    words.eat_group();
    while words.eat_any(&["ANALYZE", "ANALYSE", "VERBOSE"]) {}
    match words.keyword().as_str() {
        _ if !analyzes => Query,
        "WITH" => with(&mut words),
        "SELECT" => select(&mut words),
        "EXPLAIN" => Query,
        word => match first(word, FIRST) {
            StatementKind::Unknown => Query,
            class => class,
        },
    }
}
