//! The database as code migrations see it.

mod call_journal;
mod error;
mod lent;
mod recording;
mod sending;
mod state;
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
mod typed;
mod untracked;

use std::future::Future;
use std::panic::Location;

use migrate_sql::{Traces, Validator};

pub(crate) use self::call_journal::{Call, CallJournal, Done, Replay};
pub(crate) use self::error::shortened;
pub use self::error::{DbError, DbErrorCause};
pub(crate) use self::recording::Recording;
pub(crate) use self::sending::Guard;
use self::sending::{accounted, fetch_accounted, fetch_guarded, guarded};
pub(crate) use self::state::States;
use crate::engine::connection::{Connection, FromValue, Row};
use crate::sql::Dialect;
use crate::sql::script::{Hold, Script};

/// The database, for a code migration. Calls run in the migration's transaction, if it has one.
///
/// ```
/// use migrate_core::prelude::*;
///
/// async fn add_email(db: &mut Db) -> Result<()> {
///     db.execute("ALTER TABLE users ADD COLUMN email TEXT").await?;
///     let users: i64 = db.fetch_value("SELECT count(*) FROM users").await?;
///     assert!(users >= 0);
///     Ok(())
/// }
/// ```
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each answers a question of its own")]
pub struct Db {
    session: Session,
    /// Checks statements before they are sent, and remembers what was created.
    validator: Validator,
    states: States,
    /// Records each call, where they do not run in one transaction.
    journal: Option<Box<dyn CallJournal>>,
    /// Whether an untracked call is in progress, which is one call for the journal.
    untracked: bool,
    /// Whether the typed connection is lent although calls are recorded.
    lends: bool,
    /// What the statements left in the session that the database cannot list.
    traces: Traces,
    /// The check before a statement that may not be transactional.
    guard: Option<Guard>,
    /// Whether there was such a statement, so that the migration must run again with a journal.
    unheld: bool,
    /// Whether the code made another call after the first failed one.
    went_on: bool,
    /// The number of statements that the code has run.
    statements: usize,
    /// The first failure, kept because user code may wrap or drop the error.
    failure: Option<DbError>,
}

#[derive(Debug)]
enum Session {
    Live(Connection),
    /// Offline: statements are recorded, and queries are refused.
    Recording(Recording),
}

impl Db {
    /// Returns the dialect of the database.
    pub fn dialect(&self) -> Dialect {
        self.validator.context().dialect
    }

    /// Runs `sql`, one statement or several, and returns the number of rows changed.
    ///
    /// # Errors
    ///
    /// [`DbError`], with the statement and the place of this call, if the SQL is incomplete, contains transaction control,
    /// changes rows in a schema migration or the schema in a data migration, or is refused by the database.
    #[track_caller]
    pub fn execute<'a>(
        &'a mut self,
        sql: &'a str,
    ) -> impl Future<Output = Result<u64, DbError>> + Send + 'a {
        let caller = Location::caller();
        async move {
            let outcome = self.execute_from(sql).await;
            self.remember(outcome.map_err(|error| error.at(caller)))
        }
    }

    /// Runs the query `sql` and returns all its rows.
    ///
    /// # Errors
    ///
    /// As for [`execute`](Self::execute), and offline, where queries are not possible.
    #[track_caller]
    pub fn fetch_all<'a>(
        &'a mut self,
        sql: &'a str,
    ) -> impl Future<Output = Result<Vec<Row>, DbError>> + Send + 'a {
        let caller = Location::caller();
        async move {
            let outcome = self.fetch_from(sql).await;
            self.remember(outcome.map_err(|error| error.at(caller)))
        }
    }

    /// Runs the query `sql` and returns its first row, if there is one.
    ///
    /// # Errors
    ///
    /// As for [`fetch_all`](Self::fetch_all).
    #[track_caller]
    pub fn fetch_optional<'a>(
        &'a mut self,
        sql: &'a str,
    ) -> impl Future<Output = Result<Option<Row>, DbError>> + Send + 'a {
        let rows = self.fetch_all(sql);
        async move { Ok(rows.await?.into_iter().next()) }
    }

    /// Runs the query `sql` and returns the first value of its first row.
    ///
    /// # Errors
    ///
    /// As for [`fetch_all`](Self::fetch_all), and if there is no row or the value is not a `T`.
    #[track_caller]
    pub fn fetch_value<'a, T: FromValue + 'a>(
        &'a mut self,
        sql: &'a str,
    ) -> impl Future<Output = Result<T, DbError>> + Send + 'a {
        let caller = Location::caller();
        async move {
            let outcome = match self.fetch_from(sql).await {
                Ok(rows) => single_value(rows, sql),
                Err(error) => Err(error),
            };
            self.remember(outcome.map_err(|error| error.at(caller)))
        }
    }

    /// Returns the application's value of type `T`, given with [`Migrator::with`](crate::Migrator::with).
    ///
    /// # Errors
    ///
    /// If no value of that type was given.
    pub fn state<T: Send + Sync + 'static>(&self) -> Result<&T, DbError> {
        self.states.get().ok_or_else(DbError::no_state::<T>)
    }

    async fn execute_from(&mut self, sql: &str) -> Result<u64, DbError> {
        let script = self.script(sql)?;
        let tracked = !self.untracked;
        match &mut self.session {
            Session::Recording(recording) => {
                recording.push(&script);
                self.statements += script.len();
                Ok(0)
            }
            Session::Live(connection) => {
                // Checked before any of it runs, because that would have to be undone.
                let unheld = self.guard.is_some() && self.journal.is_none();
                if unheld && script.statements().any(|one| one.hold() != Hold::Together) {
                    return Err(DbError::new(DbErrorCause::Unheld, Some(sql)));
                }
                let mut rows = 0;
                for statement in script.statements() {
                    let ran = match self.journal.as_mut().filter(|_| tracked) {
                        None => guarded(connection, statement, self.guard).await,
                        Some(journal) => accounted(connection, &mut **journal, statement).await,
                    };
                    rows += ran.map_err(|cause| DbError::new(cause, Some(statement.text())))?;
                    self.statements += 1;
                }
                Ok(rows)
            }
        }
    }

    async fn fetch_from(&mut self, sql: &str) -> Result<Vec<Row>, DbError> {
        let script = self.script(sql)?;
        let tracked = !self.untracked;
        match &mut self.session {
            Session::Recording(_) => Err(DbError::reads_offline(sql)),
            Session::Live(connection) => {
                let rows = match self.journal.as_mut().filter(|_| tracked) {
                    // Queries are repeated by a run that resumes.
                    Some(journal) if !script.only_reads() => {
                        fetch_accounted(connection, &mut **journal, &script).await
                    }
                    None if !script.only_reads() => {
                        fetch_guarded(connection, &script, self.guard).await
                    }
                    journal => {
                        let mut queries = script.statements();
                        let refused = journal.as_ref().and_then(|journal| {
                            queries.find_map(|query| journal.may_read(query).err())
                        });
                        if let Some(cause) = refused {
                            return Err(DbError::new(cause, Some(sql)));
                        }
                        connection.fetch(script.text()).await.map_err(DbErrorCause::Database)
                    }
                };
                let rows = rows.map_err(|cause| DbError::new(cause, Some(sql)))?;
                self.statements += 1;
                Ok(rows)
            }
        }
    }

    /// Returns the statements of `sql`, if this migration may run them.
    fn script(&mut self, sql: &str) -> Result<Script, DbError> {
        self.went_on |= self.failure.is_some();
        let script = Script::new(sql.to_owned(), &mut self.validator);
        let script = script.map_err(|fault| DbError::refused(sql, fault))?;
        self.traces.extend(script.traces());
        Ok(script)
    }

    fn remember<T>(&mut self, outcome: Result<T, DbError>) -> Result<T, DbError> {
        if let Err(error) = &outcome {
            self.unheld |= matches!(error.cause, DbErrorCause::Unheld);
        }
        if let Err(error) = &outcome
            && self.failure.is_none()
        {
            self.failure = Some(error.clone());
        }
        outcome
    }
}

fn single_value<T: FromValue>(rows: Vec<Row>, sql: &str) -> Result<T, DbError> {
    let value =
        rows.into_iter().next().and_then(Row::into_first).ok_or_else(|| DbError::no_row(sql))?;
    T::from_value(&value).ok_or_else(|| DbError::mismatch::<T>(sql, &value))
}
