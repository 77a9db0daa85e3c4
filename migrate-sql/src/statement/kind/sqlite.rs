//! SQLite's statements.

use super::{
    StatementKind::{self, Ddl, Dml, Maintenance, Query, SessionSetting, TransactionControl},
    first,
    with::With,
};
use crate::statement::Reader;

pub(super) const FIRST: &[(&str, StatementKind)] = &[
    ("ALTER", Ddl),
    ("ANALYZE", Maintenance),
    ("ATTACH", SessionSetting),
    ("BEGIN", TransactionControl),
    ("COMMIT", TransactionControl),
    ("CREATE", Ddl),
    ("DELETE", Dml),
    ("DETACH", SessionSetting),
    ("DROP", Ddl),
    ("END", TransactionControl),
    ("EXPLAIN", Query),
    ("INSERT", Dml),
    ("PRAGMA", SessionSetting),
    ("REINDEX", Maintenance),
    ("RELEASE", TransactionControl),
    ("REPLACE", Dml),
    ("ROLLBACK", TransactionControl),
    ("SAVEPOINT", TransactionControl),
    ("SELECT", Query),
    ("UPDATE", Dml),
    ("VACUUM", Maintenance),
    ("VALUES", Query),
    ("WITH", Query),
];

pub(super) fn class(mut words: Reader<'_>) -> StatementKind {
    match words.keyword().as_str() {
        "WITH" => With::read(&mut words).kind(),
        word => first(word, FIRST),
    }
}
