//! Errors of a code migration's calls.

use std::any::type_name;
use std::error::Error as StdError;
use std::panic::Location;
use std::sync::Arc;

use migrate_sql::{Fault, Lost};

use crate::engine::connection::{DatabaseError, Value};

/// A failed call on [`Db`](crate::Db).
#[derive(Clone, Debug, thiserror::Error)]
#[error("{cause}")]
pub struct DbError {
    /// Why it failed.
    #[source]
    pub cause: DbErrorCause,
    /// The statement or query, if there is one.
    pub sql: Option<String>,
    /// The place of the call in the sources.
    pub location: Option<&'static Location<'static>>,
}

/// Why a call on [`Db`](crate::Db) failed.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DbErrorCause {
    /// The database refused the statement.
    #[error("{0}")]
    Database(DatabaseError),
    /// The SQL was not sent: it is incomplete, or not allowed in this kind of migration.
    #[error("{0}")]
    Script(Fault),
    /// A query was made while an offline script is being written.
    #[error("this migration reads from the database, which is not possible in an offline script")]
    ReadsOffline,
    /// The query returned no row.
    #[error("the query returned no row")]
    NoRow,
    /// The query returned a value of another type.
    #[error("the query returned {value}, which is not a `{wanted}`")]
    Mismatch {
        /// The value, as debug text.
        value: String,
        /// The requested Rust type.
        wanted: &'static str,
    },
    /// The migrator was given no value of the type.
    #[error("the migrator was given no value of type `{wanted}`")]
    NoState {
        /// The requested Rust type.
        wanted: &'static str,
    },
    /// An earlier run made a different call at this point.
    #[error("call {statement} differs from the one that an earlier run made: {}", change(then.as_deref(), now.as_deref()))]
    Diverged {
        /// The call, from 1.
        statement: usize,
        /// The beginning of the earlier call, if it was kept.
        then: Option<String>,
        /// The call as it is now; `None` if the code ended before it.
        now: Option<String>,
    },
    /// An earlier run made this call, and its result was not kept.
    #[error("an earlier run made call {statement}, and its result was not kept")]
    Unrepeatable {
        /// The statement, from 1.
        statement: usize,
    },
    /// The statement needs state of the session that started this migration, which has ended.
    #[error("{lost}, in a session that has ended")]
    SessionLost {
        /// What is needed, and where. Statements are numbered from 1 as the code runs them.
        lost: Box<Lost>,
    },
    /// An earlier run ended during the statement, which may or may not have been applied.
    #[error(
        "an earlier run ended during statement {statement}, which may or may not have been applied{}",
        lines(seen)
    )]
    Undecided {
        /// The statement, from 1.
        statement: usize,
        /// What the catalog would show if it had been applied, and what it shows.
        seen: Vec<String>,
    },
    /// The statement takes effect outside of a transaction, so the code must run without one.
    #[error(
        "this statement cannot run in a transaction, so the migration runs again, with its statements in the journal"
    )]
    Unheld,
    /// The typed connection was requested where each call is recorded in the journal.
    #[error(
        "calls on the typed connection are not recorded in the statement journal, and no transaction would roll them back"
    )]
    NotTracked,
    /// An untracked call failed.
    #[error("the untracked call `{why}` failed: {source}")]
    Untracked {
        /// The reason it is not tracked.
        why: String,
        /// Its error.
        source: Arc<dyn StdError + Send + Sync>,
    },
    /// The connection belongs to another engine.
    #[error("this is a {actual} database, not {wanted}")]
    OtherEngine {
        /// The requested engine.
        wanted: &'static str,
        /// The engine of the connection.
        actual: &'static str,
    },
}

fn change(then: Option<&str>, now: Option<&str>) -> String {
    let quoted = |text: &str| format!("`{}`", shortened(text));
    let then = then.map_or_else(|| "a different one (its text was not kept)".to_owned(), quoted);
    match now {
        Some(now) => format!("it was {then}, and is {} now", quoted(now)),
        None => format!("it was {then}, and now the code ends before it"),
    }
}

/// Returns the beginning of a statement, on one line.
pub(crate) fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LONGEST_TEXT {
        return line;
    }
    let mut short: String = line.chars().take(LONGEST_TEXT - 1).collect();
    short.push('…');
    short
}

/// The number of characters of a text that are kept and shown.
const LONGEST_TEXT: usize = 96;

fn lines(seen: &[String]) -> String {
    if seen.is_empty() { String::new() } else { format!("; {}", seen.join("; ")) }
}

/// What to do when the typed connection is refused.
const NOT_TRACKED: &str = "use `db.execute`, which is tracked; or wrap it: `db.untracked(\"why\", async |db| …)`; or, if the whole \
migration is safe to run again from the start, set `resume = rerun` in its attribute";

impl DbError {
    pub(crate) fn new(cause: DbErrorCause, sql: Option<&str>) -> Self {
        Self { cause, sql: sql.map(str::to_owned), location: None }
    }

    pub(crate) fn at(self, location: &'static Location<'static>) -> Self {
        Self { location: Some(location), ..self }
    }

    pub(crate) fn database_error(&self) -> Option<&DatabaseError> {
        match &self.cause {
            DbErrorCause::Database(error) => Some(error),
            DbErrorCause::Script(_)
            | DbErrorCause::ReadsOffline
            | DbErrorCause::NoRow
            | DbErrorCause::Mismatch { .. }
            | DbErrorCause::NoState { .. }
            | DbErrorCause::Diverged { .. }
            | DbErrorCause::Unrepeatable { .. }
            | DbErrorCause::SessionLost { .. }
            | DbErrorCause::Undecided { .. }
            | DbErrorCause::Unheld
            | DbErrorCause::NotTracked
            | DbErrorCause::Untracked { .. }
            | DbErrorCause::OtherEngine { .. } => None,
        }
    }

    /// Returns whether code and journal disagree. The run has then failed, even if the code ignores the error.
    pub(crate) fn is_of_journal(&self) -> bool {
        match &self.cause {
            DbErrorCause::Diverged { .. }
            | DbErrorCause::Unrepeatable { .. }
            | DbErrorCause::SessionLost { .. }
            | DbErrorCause::Undecided { .. }
            | DbErrorCause::NotTracked => true,
            DbErrorCause::Database(_)
            | DbErrorCause::Script(_)
            | DbErrorCause::ReadsOffline
            | DbErrorCause::NoRow
            | DbErrorCause::Mismatch { .. }
            | DbErrorCause::NoState { .. }
            | DbErrorCause::Unheld
            | DbErrorCause::Untracked { .. }
            | DbErrorCause::OtherEngine { .. } => false,
        }
    }

    pub(crate) fn database_error_mut(&mut self) -> Option<&mut DatabaseError> {
        if let DbErrorCause::Database(error) = &mut self.cause { Some(error) } else { None }
    }

    /// Returns what to do about it, as far as the call itself shows.
    pub(crate) fn hint(&self) -> Option<String> {
        match &self.cause {
            DbErrorCause::Database(error) => error.hint.clone(),
            DbErrorCause::Script(fault) => fault.hint(),
            DbErrorCause::SessionLost { .. } => Some(
                "if all of it is safe to run again from the start, set `resume = rerun` on the migration".to_owned(),
            ),
            DbErrorCause::NotTracked => Some(NOT_TRACKED.to_owned()),
            DbErrorCause::ReadsOffline
            | DbErrorCause::NoRow
            | DbErrorCause::Mismatch { .. }
            | DbErrorCause::NoState { .. }
            | DbErrorCause::Diverged { .. }
            | DbErrorCause::Unrepeatable { .. }
            | DbErrorCause::Undecided { .. }
            | DbErrorCause::Unheld
            | DbErrorCause::Untracked { .. }
            | DbErrorCause::OtherEngine { .. } => None,
        }
    }

    /// Returns the statement that failed, from 1, among those not sent yet.
    pub(crate) fn statement(&self) -> Option<usize> {
        match &self.cause {
            // Each of these is sent on its own.
            DbErrorCause::Database(_)
            | DbErrorCause::Diverged { .. }
            | DbErrorCause::Unrepeatable { .. }
            | DbErrorCause::SessionLost { .. }
            | DbErrorCause::Undecided { .. } => Some(1),
            DbErrorCause::Script(fault) => fault.statement(),
            DbErrorCause::ReadsOffline
            | DbErrorCause::NoRow
            | DbErrorCause::Mismatch { .. }
            | DbErrorCause::NoState { .. }
            | DbErrorCause::Unheld
            | DbErrorCause::NotTracked
            | DbErrorCause::Untracked { .. }
            | DbErrorCause::OtherEngine { .. } => None,
        }
    }

    pub(crate) fn refused(sql: &str, error: Fault) -> Self {
        Self::new(DbErrorCause::Script(error), Some(sql))
    }

    pub(crate) fn reads_offline(sql: &str) -> Self {
        Self::new(DbErrorCause::ReadsOffline, Some(sql))
    }

    pub(crate) fn typed_offline() -> Self {
        Self::new(DbErrorCause::ReadsOffline, None)
    }

    pub(crate) fn no_row(sql: &str) -> Self {
        Self::new(DbErrorCause::NoRow, Some(sql))
    }

    pub(crate) fn mismatch<T>(sql: &str, value: &Value) -> Self {
        Self::new(
            DbErrorCause::Mismatch { value: format!("{value:?}"), wanted: type_name::<T>() },
            Some(sql),
        )
    }

    pub(crate) fn no_state<T>() -> Self {
        Self::new(DbErrorCause::NoState { wanted: type_name::<T>() }, None)
    }

    pub(crate) fn untracked(why: &str, error: Box<dyn StdError + Send + Sync>) -> Self {
        // The error of a call inside it says more.
        match error.downcast::<Self>() {
            Ok(call) => *call,
            Err(error) => {
                let (why, source) = (why.to_owned(), Arc::from(error));
                Self::new(DbErrorCause::Untracked { why, source }, None)
            }
        }
    }

    pub(crate) fn other_engine(wanted: &'static str, actual: &'static str) -> Self {
        Self::new(DbErrorCause::OtherEngine { wanted, actual }, None)
    }
}
