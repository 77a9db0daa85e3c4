//! What to do when a database lets nobody read or write.

use crate::connection::{DatabaseError, ErrorKind};

/// What to do about a read or write that is refused, whatever it was.
pub(crate) fn of_access(error: &DatabaseError) -> Option<&'static str> {
    match error.kind {
        ErrorKind::Privilege => Some(
            "grant the role the rights to the table and its schema, or choose another with `--role`",
        ),
        ErrorKind::ReadOnly => {
            Some("make the file writable, or connect to the server that takes writes")
        }
        ErrorKind::Full => Some("make room where the database keeps its files"),
        _ => None,
    }
}
