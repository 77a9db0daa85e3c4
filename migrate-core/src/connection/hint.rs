//! What to do when a database lets nobody in, or nobody write.

use crate::connection::{DatabaseError, ErrorKind};
use crate::sql::Dialect;

/// What to do about a connection that never came to be.
pub(crate) fn of_connecting(error: &DatabaseError, dialect: Dialect) -> Option<&'static str> {
    let code = error.code.as_deref().unwrap_or_default();
    match (dialect, error.kind) {
        (Dialect::Sqlite, _) => None,
        // Codes are the same in every language; `pg_hba.conf` tells no more than that it refuses.
        (Dialect::Postgres, ErrorKind::Authentication) if code == "28000" => Some(
            "see what the server's `pg_hba.conf` says of this user and database; where it asks for TLS, add \
             `?sslmode=require` to the URL",
        ),
        // MariaDB says no more than that where it asks for TLS.
        (Dialect::Mysql, ErrorKind::Authentication) => Some(
            "correct the user and the password in the URL; where the server asks for TLS, add `?ssl-mode=REQUIRED`",
        ),
        (_, ErrorKind::Authentication) => Some("correct the user and the password in the URL"),
        (_, ErrorKind::Starting) => Some("try again, or wait for it with `--wait-for-db SECONDS`"),
        (_, ErrorKind::Connection) => Some(
            "see that the server runs and that the URL has its address; `--wait-for-db SECONDS` waits for one that \
             is coming up",
        ),
        (Dialect::Mysql, _) if code.ends_with("error 3159") => {
            Some("the server asks for TLS: add `?ssl-mode=REQUIRED` to the URL")
        }
        (Dialect::Postgres, _) if code == "3D000" => Some(NO_DATABASE),
        (Dialect::Mysql, _) if code.ends_with("error 1049") => Some(NO_DATABASE),
        _ => None,
    }
}

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

const NO_DATABASE: &str = "create the database, or correct its name in the URL";
