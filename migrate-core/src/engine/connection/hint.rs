//! What to do when the database refuses reads or writes.

use crate::engine::connection::{DatabaseError, ErrorKind};

/// Returns what to do about a refused read or write.
pub(crate) fn of_access(error: &DatabaseError) -> Option<&'static str> {
    let is = |kind| error.kind == kind;
    if is(ErrorKind::Privilege) {
        Some(
            "grant the role privileges on the table and its schema, or choose another role with `--role`",
        )
    } else if is(ErrorKind::ReadOnly) {
        Some(
            "make the file writable, or connect to the server that accepts writes; if transactions are read-only by default, \
            change `default_transaction_read_only` (PostgreSQL) or `transaction_read_only` (MySQL)",
        )
    } else if is(ErrorKind::Full) {
        Some("free disk space where the database keeps its files")
    } else {
        None
    }
}
