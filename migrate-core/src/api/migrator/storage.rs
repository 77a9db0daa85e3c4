//! What to do when a SQLite file cannot be read or written. The engine's message does not name the file.

use migrate_sql::Dialect;

use crate::api::error::Error;
use crate::engine::connection::{DatabaseError, ErrorKind};
use crate::engine::url::{DatabaseUrl, Place};
use crate::history::store::HistoryError;
use crate::run::executor::{RunError, StepCause};
use crate::run::lock::LockError;

/// Adds to an error which file it is about, and what to do.
pub(super) fn located(mut error: Error, url: &DatabaseUrl) -> Error {
    if url.dialect() == Dialect::Sqlite
        && let Some(refusal) = refusal(&mut error)
        && refusal.hint.is_none()
    {
        refusal.hint = advice(refusal, url);
    }
    error
}

/// Returns the database's error behind an error.
fn refusal(error: &mut Error) -> Option<&mut DatabaseError> {
    match error {
        Error::Connect { source, .. } => Some(source),
        Error::History(error) | Error::Run(RunError::History(error)) => match error {
            HistoryError::Database { source, .. } => Some(source),
            HistoryError::Place(_)
            | HistoryError::Newer { .. }
            | HistoryError::TooLong { .. }
            | HistoryError::Corrupt { .. } => None,
        },
        Error::Run(
            RunError::Session(error)
            | RunError::Release(error)
            | RunError::Lock(LockError::Database(error)),
        ) => Some(error),
        Error::Run(RunError::Step(error)) => match &mut error.cause {
            StepCause::Database(error) | StepCause::Lock(LockError::Database(error)) => Some(error),
            StepCause::Call(call) => call.database_error_mut(),
            StepCause::Lock(_)
            | StepCause::Code(_)
            | StepCause::Displaced
            | StepCause::Escaped(_)
            | StepCause::ForeignKeys { .. } => None,
        },
        Error::Graph(_)
        | Error::Config(_)
        | Error::Url(_)
        | Error::Target(_)
        | Error::Run(_)
        | Error::Offline(_)
        | Error::Behind { .. } => None,
    }
}

fn advice(refusal: &DatabaseError, url: &DatabaseUrl) -> Option<String> {
    let file = url.database();
    let for_reading = matches!(url.place(), Place::Sqlite(file) if file.is_for_reading());
    match refusal.kind {
        ErrorKind::ReadOnly if for_reading => {
            Some(format!("the URL opens `{file}` read-only: remove `mode` and `immutable` from it"))
        }
        ErrorKind::ReadOnly | ErrorKind::Privilege => Some(format!(
            "allow this user to read and write `{file}` and its folder, where SQLite keeps the journal"
        )),
        ErrorKind::Full => Some(format!(
            "free space on the disk of `{file}`, or raise the database's `max_page_count`"
        )),
        ErrorKind::Corrupt if refusal.code.as_deref() == Some("26") => {
            Some(format!("`{file}` is not a SQLite database, or is encrypted: name another file"))
        }
        ErrorKind::Corrupt => Some(format!(
            "`{file}` is damaged: restore a backup, or save what can be read with `.recover` of sqlite3"
        )),
        ErrorKind::Connection
        | ErrorKind::Unanswered
        | ErrorKind::Starting
        | ErrorKind::Authentication
        | ErrorKind::LockTimeout
        | ErrorKind::Serialization
        | ErrorKind::StatementTimeout
        | ErrorKind::Cancelled
        | ErrorKind::UndefinedTable
        | ErrorKind::UndefinedColumn
        | ErrorKind::UniqueViolation
        | ErrorKind::Syntax
        | ErrorKind::Other => None,
    }
}
