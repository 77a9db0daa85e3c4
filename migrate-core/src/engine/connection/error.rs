//! What a database answers when it refuses.

use std::fmt;
use std::io;
use std::sync::Arc;

/// An error of the database or of the way to it, its parts apart.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DatabaseError {
    /// The server's words.
    pub message: String,
    /// SQLSTATE, or SQLite's result code.
    pub code: Option<String>,
    /// The server's further facts.
    pub detail: Option<String>,
    /// The server's advice.
    pub hint: Option<String>,
    /// The place in the SQL, where the engine tells it.
    pub place: Option<ErrorPlace>,
    /// What kind of refusal it was, as far as it matters here.
    pub kind: ErrorKind,
    pub(crate) source: Option<Arc<sqlx::Error>>,
}

/// The place of an error in the text that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorPlace {
    /// The character at this offset, from 0.
    Character(usize),
    /// Where this text stands, on this line if told, from 1.
    Near {
        /// The text, as the server quotes it: perhaps cut.
        text: String,
        /// The line within the statement.
        line: Option<usize>,
    },
}

/// The kinds of refusal that are treated apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The connection is gone, or never came to be.
    Connection,
    /// The server will not answer any more although the connection stands, and its session was ended.
    Unanswered,
    /// The server is there, and does not take connections yet.
    Starting,
    /// User or password are refused.
    Authentication,
    /// A lock was not had in time.
    LockTimeout,
    /// Another transaction was in the way, and this one is undone: a deadlock, or one that cannot be serialized.
    Serialization,
    /// The statement ran longer than it may.
    StatementTimeout,
    /// The statement was stopped from outside.
    Cancelled,
    /// The named table does not exist.
    UndefinedTable,
    /// The named column does not exist.
    UndefinedColumn,
    /// A unique or primary key holds the value already.
    UniqueViolation,
    /// The user may not do this.
    Privilege,
    /// Nothing can be written here.
    ReadOnly,
    /// There is no room left.
    Full,
    /// The file is damaged, or is no database.
    Corrupt,
    /// The server cannot read the SQL.
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
    /// An error told by words alone.
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

    /// Whether it was we who ended the session, because it would not answer.
    pub(crate) fn was_ended_by_us(&self) -> bool {
        self.kind == ErrorKind::Unanswered
    }

    /// Whether the connection is gone, so that nothing more can be learned on it.
    pub(crate) fn is_loss(&self) -> bool {
        matches!(self.kind, ErrorKind::Connection | ErrorKind::Unanswered)
    }

    /// Whether a server that is only now coming up would answer so.
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

    /// The reason in the fewest words.
    pub(crate) fn cause(&self) -> String {
        self.io().map_or_else(|| self.message.clone(), ToString::to_string)
    }

    pub(crate) fn io(&self) -> Option<&io::Error> {
        match self.source.as_deref() {
            Some(sqlx::Error::Io(io)) => Some(io),
            _ => None,
        }
    }

    /// Any error of sqlx's that is not an answer of the server: the way there, or a value that does not fit.
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
