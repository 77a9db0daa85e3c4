//! Statements of MySQL and MariaDB.

use super::{
    StatementKind::{
        self, Ddl, Dml, Maintenance, Query, Routine, SessionSetting, TransactionControl,
    },
    first,
    with::With,
};
use crate::statement::Reader;

pub(super) const FIRST: &[(&str, StatementKind)] = &[
    ("ALTER", Ddl),
    ("ANALYZE", Maintenance),
    ("BACKUP", Maintenance),
    // What is no transaction is a compound statement.
    ("BEGIN", Routine),
    ("BINLOG", Routine),
    ("CACHE", Maintenance),
    ("CALL", Routine),
    ("CASE", Routine),
    ("CHANGE", Maintenance),
    ("CHECK", Maintenance),
    ("CHECKSUM", Query),
    ("CLONE", Maintenance),
    ("COMMIT", TransactionControl),
    ("CREATE", Ddl),
    ("DEALLOCATE", Routine),
    ("DELETE", Dml),
    ("DESC", Query),
    ("DESCRIBE", Query),
    ("DO", Routine),
    ("DROP", Ddl),
    ("EXECUTE", Routine),
    ("EXPLAIN", Query),
    ("FLUSH", Maintenance),
    ("FOR", Routine),
    ("GET", Routine),
    ("GRANT", Ddl),
    ("HANDLER", Query),
    ("HELP", Query),
    ("IF", Routine),
    ("IMPORT", Ddl),
    ("INSERT", Dml),
    ("INSTALL", Maintenance),
    ("KILL", Maintenance),
    ("LOAD", Dml),
    // What locks no tables locks the whole instance, for a backup.
    ("LOCK", Maintenance),
    ("LOOP", Routine),
    ("OPTIMIZE", Maintenance),
    ("PREPARE", Routine),
    ("PURGE", Maintenance),
    ("RELEASE", Routine),
    ("RENAME", Ddl),
    ("REPAIR", Maintenance),
    ("REPEAT", Routine),
    ("REPLACE", Dml),
    ("RESET", Maintenance),
    ("RESIGNAL", Routine),
    ("RESTART", Maintenance),
    ("REVOKE", Ddl),
    ("ROLLBACK", TransactionControl),
    ("SAVEPOINT", TransactionControl),
    ("SELECT", Query),
    ("SET", SessionSetting),
    ("SHOW", Query),
    ("SHUTDOWN", Maintenance),
    ("SIGNAL", Routine),
    // Of replication.
    ("START", Maintenance),
    ("STOP", Maintenance),
    ("TABLE", Query),
    ("TRUNCATE", Dml),
    ("UNINSTALL", Maintenance),
    ("UNLOCK", Maintenance),
    ("UPDATE", Dml),
    ("USE", SessionSetting),
    ("VALUES", Query),
    ("WHILE", Routine),
    ("WITH", Query),
    ("XA", TransactionControl),
];

pub(super) fn class(mut words: Reader<'_>) -> StatementKind {
    // MariaDB's `SET STATEMENT setting = 1 FOR statement`.
    while words.eat_all(&["SET", "STATEMENT"]) {
        if !words.eat_until("FOR") {
            return SessionSetting;
        }
    }
    match words.keyword().as_str() {
        "ANALYZE" => analyze(words),
        "DROP" if words.eat("PREPARE") => Routine,
        "LOAD" if words.eat("INDEX") => Maintenance,
        "WITH" => With::read(&mut words).kind(),
        word => first(word, FIRST),
    }
}

/// MariaDB also executes and analyses statements: `ANALYZE FORMAT = JSON UPDATE …`.
fn analyze(mut words: Reader<'_>) -> StatementKind {
    if words.eat("FORMAT") {
        words.eat_mark("=");
        words.next();
    }
    match words.keyword().as_str() {
        "WITH" => With::read(&mut words).kind(),
        word @ ("DELETE" | "INSERT" | "REPLACE" | "SELECT" | "UPDATE" | "VALUES") => {
            first(word, FIRST)
        }
        _ => Maintenance,
    }
}
