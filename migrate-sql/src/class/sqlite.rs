//! SQLite's statements.

use super::{
    Class::{self, Ddl, Dml, Maintenance, Query, SessionSetting, TransactionControl},
    first,
    with::With,
};
use crate::statement::reader::Reader;

pub(super) const FIRST: &[(&str, Class)] = &[
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

pub(super) fn class(mut words: Reader<'_>) -> Class {
    match words.keyword().as_str() {
        "WITH" => With::read(&mut words).class(),
        word => first(word, FIRST),
    }
}
