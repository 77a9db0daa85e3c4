//! Errors of a database, and of the connection to it.

use std::fmt;
use std::io;
use std::sync::Arc;

/// An error of the database or of the connection to it, split into its parts.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DatabaseError {
    /// The server's message.
    pub message: String,
    /// SQLSTATE, or SQLite's result code.
    pub code: Option<String>,
    /// The server's details.
    pub detail: Option<String>,
    /// The server's hint.
    pub hint: Option<String>,
    /// The place in the SQL, if the engine reports it.
    pub place: Option<ErrorPlace>,
    /// The kind of error.
    pub kind: ErrorKind,
    pub(crate) source: Option<Arc<sqlx::Error>>,
}

/// The place of an error in the SQL that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorPlace {
    /// The offset in characters, from 0.
    Character(usize),
    /// The place of this text, on this line if the engine reports one.
    Near {
        /// The text, as the server quotes it, possibly truncated.
        text: String,
        /// The line within the statement, from 1.
        line: Option<usize>,
    },
}

/// The kinds of database errors that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The connection was lost, or could not be opened.
    Connection,
    /// The server stopped answering on an open connection, and its session was ended.
    Unanswered,
    /// The server is running, but does not accept connections yet.
    Starting,
    /// The user or password was refused.
    Authentication,
    /// A lock could not be acquired in time.
    LockTimeout,
    /// The transaction was rolled back because of another one: a deadlock or a serialization failure.
    Serialization,
    /// The statement exceeded its time limit.
    StatementTimeout,
    /// The statement was cancelled from outside.
    Cancelled,
    /// The named table does not exist.
    UndefinedTable,
    /// The named column does not exist.
    UndefinedColumn,
    /// A unique or primary key already holds the value.
    UniqueViolation,
    /// The user lacks a privilege.
    Privilege,
    /// The database is read-only.
    ReadOnly,
    /// The disk or the database is full.
    Full,
    /// The file is damaged, or is not a database.
    Corrupt,
    /// The server cannot parse the SQL.
    Syntax,
    /// Anything else.
    Other,
}

impl fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.code {
            Some(code) => write!(f, " ({code})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for DatabaseError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.source {
            Some(source) => Some(&**source),
            None => None,
        }
    }
}

impl DatabaseError {
    /// Creates an error that has only a message.
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            code: None,
            detail: None,
            hint: None,
            place: None,
            kind,
            source: None,
        }
    }

    /// Returns whether we ended the session because it stopped answering.
    pub(crate) fn was_ended_by_us(&self) -> bool {
        self.kind == ErrorKind::Unanswered
    }

    /// Returns whether the connection is gone.
    pub(crate) fn is_loss(&self) -> bool {
        matches!(self.kind, ErrorKind::Connection | ErrorKind::Unanswered)
    }

    /// Returns whether a server that is starting up could cause this error.
    pub(crate) fn may_pass(&self) -> bool {
        match (self.kind, self.io()) {
            (ErrorKind::Starting, _) => true,
            (ErrorKind::Connection, Some(io)) => !matches!(
                io.kind(),
                io::ErrorKind::PermissionDenied
                    | io::ErrorKind::InvalidInput
                    | io::ErrorKind::InvalidData
            ),
            _ => false,
        }
    }

    /// Returns the reason in as few words as possible.
    pub(crate) fn cause(&self) -> String {
        self.io().map_or_else(|| self.message.clone(), ToString::to_string)
    }

    pub(crate) fn io(&self) -> Option<&io::Error> {
        match self.source.as_deref() {
            Some(sqlx::Error::Io(io)) => Some(io),
            _ => None,
        }
    }

    /// Converts an error of sqlx that is not an answer of the server: of the connection, or of a value's type.
    #[cfg_attr(
        not(any(feature = "postgres", feature = "mysql", feature = "sqlite")),
        expect(dead_code, reason = "no engine is compiled in")
    )]
    pub(crate) fn from_transport(error: sqlx::Error) -> Self {
        use sqlx::Error::{Io, Protocol, Tls, WorkerCrashed};
        let (kind, message) = if matches!(error, Io(_) | Tls(_) | Protocol(_) | WorkerCrashed) {
            (ErrorKind::Connection, "the connection to the database failed")
        } else {
            (ErrorKind::Other, "the database driver failed")
        };
        Self { source: Some(Arc::new(error)), ..Self::new(kind, message) }
    }
}
