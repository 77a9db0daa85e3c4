//! What a code migration is told when a call fails.

use std::any::type_name;
use std::error::Error as StdError;
use std::panic::Location;
use std::sync::Arc;

use migrate_sql::{Fault, Lost};

use crate::engine::connection::{DatabaseError, Value};

/// A call on [`Db`](crate::Db) failed.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{cause}")]
pub struct DbError {
    /// What went wrong.
    #[source]
    pub cause: DbErrorCause,
    /// The statement or query, as far as there is one.
    pub sql: Option<String>,
    /// The place of the call.
    pub location: Option<&'static Location<'static>>,
}

/// Why a call on [`Db`](crate::Db) failed.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DbErrorCause {
    /// The database refused.
    #[error("{0}")]
    Database(DatabaseError),
    /// The SQL was not sent: it is incomplete, not ours to run, or not what this kind of migration may hold.
    #[error("{0}")]
    Script(Fault),
    /// A query was asked for while writing an offline script.
    #[error("this migration reads from the database, which an offline script cannot")]
    ReadsOffline,
    /// The query gave no row.
    #[error("the query gave no row")]
    NoRow,
    /// The value is of another type.
    #[error("the query gave {value}, which is no `{wanted}`")]
    Mismatch {
        /// The value, as debugging text.
        value: String,
        /// The Rust type asked for.
        wanted: &'static str,
    },
    /// No value of the type was given to the migrator.
    #[error("no value of type `{wanted}` was given to the migrator")]
    NoState {
        /// The Rust type asked for.
        wanted: &'static str,
    },
    /// An earlier run made another call at this place.
    #[error("call {statement} is not the one that an earlier run made there: {}", change(then.as_deref(), now.as_deref()))]
    Diverged {
        /// The call, from 1.
        statement: usize,
        /// The beginning of the call that was made then, as far as it is kept.
        then: Option<String>,
        /// The call as it is now; nothing if the code ended before it.
        now: Option<String>,
    },
    /// An earlier run did something at this place whose result is not kept.
    #[error("an earlier run made call {statement}, and its answer was not kept")]
    Unrepeatable {
        /// The statement, from 1.
        statement: usize,
    },
    /// The statement needs what went with the session of the run that began this migration.
    #[error("{lost}, in a session that has ended")]
    SessionLost {
        /// What is needed, and where: the statements are counted from 1 as the code runs them.
        lost: Box<Lost>,
    },
    /// An earlier run ended within the statement, and it cannot be told whether it took effect.
    #[error(
        "an earlier run ended within statement {statement}, and it cannot be told whether it took effect{}",
        lines(seen)
    )]
    Undecided {
        /// The statement, from 1.
        statement: usize,
        /// What would be there if it had, and what is.
        seen: Vec<String>,
    },
    /// The statement takes effect outside of the migration's transaction, which the code has to be run without.
    #[error(
        "no transaction can hold this statement, so the migration is run again, its statements in the journal"
    )]
    Unheld,
    /// The typed connection was asked for where each call is kept in the journal.
    #[error(
        "the typed connection is not in the statement journal, and no transaction would undo what it does"
    )]
    NotTracked,
    /// What is not tracked failed.
    #[error("`{why}`, which is not tracked, failed: {source}")]
    Untracked {
        /// Why it is not tracked.
        why: String,
        /// Its error.
        source: Arc<dyn StdError + Send + Sync>,
    },
    /// The connection is of another engine.
    #[error("this is a {actual} database, not {wanted}")]
    OtherEngine {
        /// The engine asked for.
        wanted: &'static str,
        /// The engine at hand.
        actual: &'static str,
    },
}

fn change(then: Option<&str>, now: Option<&str>) -> String {
    let quoted = |text: &str| format!("`{}`", shortened(text));
    let then = then.map_or_else(|| "another one (its text was not kept)".to_owned(), quoted);
    match now {
        Some(now) => format!("then {then}, now {}", quoted(now)),
        None => format!("then {then}, now the code ended before it"),
    }
}

/// The beginning of a statement on one line.
pub(crate) fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LONGEST_TEXT {
        return line;
    }
    let mut short: String = line.chars().take(LONGEST_TEXT - 1).collect();
    short.push('…');
    short
}

/// So much of a text is kept and shown.
const LONGEST_TEXT: usize = 96;

fn lines(seen: &[String]) -> String {
    if seen.is_empty() { String::new() } else { format!("; {}", seen.join("; ")) }
}

/// What to do where the typed connection is refused.
const NOT_TRACKED: &str = "use `db.execute`, which is tracked; or wrap it: `db.untracked(\"why\", async |db| …)`; or, if the whole \
     migration can be run again from its start, say `resume = rerun` in its attribute";

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

    /// Whether it says that code and journal do not agree: whatever the code makes of it, its run has failed.
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

    /// What to do about it, as far as the SQL alone tells.
    pub(crate) fn hint(&self) -> Option<String> {
        match &self.cause {
            DbErrorCause::Database(error) => error.hint.clone(),
            DbErrorCause::Script(fault) => fault.hint(),
            DbErrorCause::SessionLost { .. } => Some(
                "if all of it is safe to run again from the start, say `resume = rerun` on the migration".to_owned(),
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

    /// The statement to blame, counted from 1 within what was still to be sent.
    pub(crate) fn statement(&self) -> Option<usize> {
        match &self.cause {
            // Each is sent by itself.
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
        // A call that failed within it tells more.
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
