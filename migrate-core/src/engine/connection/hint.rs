//! What to do when a database lets nobody read or write.

use crate::engine::connection::{DatabaseError, ErrorKind};

/// What to do about a read or write that is refused, whatever it was.
pub(crate) fn of_access(error: &DatabaseError) -> Option<&'static str> {
    let is = |kind| error.kind == kind;
    if is(ErrorKind::Privilege) {
        Some(
            "grant the role the rights to the table and its schema, or choose another with `--role`",
        )
    } else if is(ErrorKind::ReadOnly) {
        Some(
            "make the file writable, or connect to the server that takes writes; where role, database or server make \
             transactions read-only by default, have them not (`default_transaction_read_only`, `transaction_read_only`)",
        )
    } else if is(ErrorKind::Full) {
        Some("make room where the database keeps its files")
    } else {
        None
    }
}
