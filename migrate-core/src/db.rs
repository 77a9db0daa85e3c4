//! The database as code migrations see it.

mod call_journal;
mod error;
mod recording;
mod state;
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
mod typed;

use std::error::Error as StdError;
use std::future::Future;
use std::panic::Location;

use migrate_sql::{Traces, Validator};

pub(crate) use self::call_journal::{Call, CallJournal, Done, Replay};
pub(crate) use self::error::shortened;
pub use self::error::{DbError, DbErrorCause};
pub(crate) use self::recording::Recording;
pub(crate) use self::state::States;
use crate::engine::connection::{Connection, DatabaseError, FromValue, Row, kept};
use crate::sql::Dialect;
use crate::sql::script::{Hold, Script, ScriptStatement};

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
    pub(crate) fn live(connection: Connection, validator: Validator, states: States) -> Self {
        Self::new(Session::Live(connection), validator, states)
    }

    pub(crate) fn recording(validator: Validator, states: States) -> Self {
        Self::new(Session::Recording(Recording::default()), validator, states)
    }

    fn new(session: Session, validator: Validator, states: States) -> Self {
        let traces = Traces::new(validator.context().dialect);
        Self {
            session,
            validator,
            states,
            journal: None,
            untracked: false,
            lends: false,
            traces,
            guard: None,
            unheld: false,
            went_on: false,
            statements: 0,
            failure: None,
        }
    }

    /// Records each call in the journal.
    pub(crate) fn with_journal(self, journal: Option<Box<dyn CallJournal>>) -> Self {
        Self { journal, ..self }
    }

    /// Lends the typed connection even where calls are recorded, because all of the migration may run again.
    pub(crate) fn lending(self, lends: bool) -> Self {
        Self { lends, ..self }
    }

    /// Runs this check before each statement.
    pub(crate) fn with_guard(self, guard: Option<Guard>) -> Self {
        Self { guard, ..self }
    }

    /// Returns whether it stopped before a statement that cannot run in a transaction.
    pub(crate) fn is_unheld(&self) -> bool {
        self.unheld
    }

    /// Returns whether the code made another call after the first failed one.
    pub(crate) fn went_on(&self) -> bool {
        self.went_on
    }

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

    /// Runs work that the statement journal cannot record as one call: with a typed connection, another service, a file.
    ///
    /// Where a migration does not run in a transaction (schema code on MySQL and MariaDB, `transaction = false`), its calls
    /// are recorded in a journal, and a run that resumes skips those that are done. Inside `work` nothing is recorded: if the
    /// run ends there, or `work` fails, its outcome is unknown and must be recorded (`migrate repair REVISION --done` or
    /// `--not-done`) before the next run. Keep `work` small. In a transaction this only runs `work`.
    ///
    /// ```
    /// # #[cfg(feature = "postgres")]
    /// # mod example {
    /// use migrate_core::prelude::*;
    /// use migrate_core::sqlx;
    ///
    /// async fn import_countries(db: &mut Db) -> Result<()> {
    ///     db.execute("CREATE TABLE IF NOT EXISTS countries (code TEXT PRIMARY KEY)").await?;
    ///     let codes = vec!["DE", "NO", "PT"];
    ///     db.untracked("binds an array", async |db| {
    ///         sqlx::query("INSERT INTO countries SELECT unnest($1::text[])")
    ///             .bind(&codes)
    ///             .execute(db.postgres()?)
    ///             .await?;
    ///         Ok(())
    ///     })
    ///     .await?;
    ///     Ok(())
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The error of a call in `work`, or [`DbErrorCause::Untracked`] with any other error of `work`. Always fails offline,
    /// where `work` cannot be recorded.
    #[track_caller]
    pub fn untracked<'a, F>(
        &'a mut self,
        why: &'a str,
        work: F,
    ) -> impl Future<Output = Result<(), DbError>> + use<'a, F>
    where
        F: AsyncFnOnce(&mut Self) -> Result<(), Box<dyn StdError + Send + Sync>> + 'a,
    {
        let caller = Location::caller();
        async move {
            let outcome = self.untracked_from(why, work).await;
            self.remember(outcome.map_err(|error| error.at(caller)))
        }
    }

    async fn untracked_from<F>(&mut self, why: &str, work: F) -> Result<(), DbError>
    where
        F: AsyncFnOnce(&mut Self) -> Result<(), Box<dyn StdError + Send + Sync>>,
    {
        self.went_on |= self.failure.is_some();
        let failed = |error| DbError::untracked(why, error);
        match (&mut self.session, &mut self.journal) {
            (Session::Recording(_), _) => return Err(DbError::typed_offline()),
            (Session::Live(connection), Some(journal)) if !self.untracked => {
                let replay = journal.begin(connection, Call::untracked(why)).await;
                match replay.map_err(|cause| DbError::new(cause, None))? {
                    Replay::Skip(_) => return Ok(()),
                    Replay::Run | Replay::Retry => {}
                }
            }
            (Session::Live(_), _) => return work(self).await.map_err(failed),
        }
        self.untracked = true;
        let outcome = work(self).await;
        self.untracked = false;
        self.statements += 1;
        let (Session::Live(connection), Some(journal)) = (&mut self.session, &mut self.journal)
        else {
            return outcome.map_err(failed);
        };
        match outcome {
            Ok(()) => {
                let ended = journal.end(connection, Done::default()).await;
                ended.map_err(|error| DbError::new(DbErrorCause::Database(error), None))
            }
            Err(error) => {
                journal.fail(connection).await;
                Err(failed(error))
            }
        }
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

    #[cfg_attr(
        not(any(feature = "postgres", feature = "mysql", feature = "sqlite")),
        expect(dead_code, reason = "no engine is compiled in")
    )]
    #[track_caller]
    pub(crate) fn typed<T: 'static>(&mut self, wanted: &'static str) -> Result<&mut T, DbError> {
        let caller = Location::caller();
        if matches!(self.session, Session::Recording(_)) {
            return self.remember(Err(DbError::typed_offline()));
        }
        self.went_on |= self.failure.is_some();
        if self.journal.is_some() && !self.untracked && !self.lends {
            let refused = DbError::new(DbErrorCause::NotTracked, None).at(caller);
            return self.remember(Err(refused));
        }
        let actual = self.dialect().name();
        match &mut self.session {
            Session::Live(connection) => {
                connection.driver_mut().ok_or(DbError::other_engine(wanted, actual))
            }
            Session::Recording(_) => Err(DbError::typed_offline()),
        }
    }

    /// Returns what the statements left in the session that the database cannot list.
    pub(crate) fn take_traces(&mut self) -> Traces {
        let none = Traces::new(self.dialect());
        std::mem::replace(&mut self.traces, none)
    }

    /// Returns the journal of the calls.
    pub(crate) fn take_journal(&mut self) -> Option<Box<dyn CallJournal>> {
        self.journal.take()
    }

    /// Returns the connection; `None` offline.
    pub(crate) fn into_connection(self) -> Option<Connection> {
        match self.session {
            Session::Live(connection) => Some(connection),
            Session::Recording(_) => None,
        }
    }

    /// Returns the recorded statements; none online.
    pub(crate) fn into_recorded(self) -> Vec<String> {
        match self.session {
            Session::Live(_) => Vec::new(),
            Session::Recording(recording) => recording.into_statements(),
        }
    }

    pub(crate) fn statements(&self) -> usize {
        self.statements
    }

    pub(crate) fn take_failure(&mut self) -> Option<DbError> {
        self.failure.take()
    }
}

async fn run(
    connection: &mut Connection,
    statement: ScriptStatement<'_>,
) -> Result<u64, DbErrorCause> {
    let ran = connection.run(statement.text()).await;
    ran.outcome.map(|()| ran.rows_affected).map_err(DbErrorCause::Database)
}

/// Returns a query that fails if the effects of a statement would remain although its transaction is rolled back. It runs
/// right before the statement.
pub(crate) type Guard = fn(&str, Dialect) -> Option<String>;

/// Runs a statement in the migration's transaction, or refuses it.
async fn guarded(
    connection: &mut Connection,
    statement: ScriptStatement<'_>,
    guard: Option<Guard>,
) -> Result<u64, DbErrorCause> {
    let question = guard.and_then(|guard| guard(statement.text(), connection.dialect()));
    let Some(question) = question else {
        return run(connection, statement).await;
    };
    // In one message, so that the check costs no round trip.
    let ran = connection.run(&format!("{question};\n{}", statement.text())).await;
    match ran.outcome {
        Ok(()) => Ok(ran.rows_affected),
        Err(error) if ran.answers.is_empty() && is_refusal(&error) => Err(DbErrorCause::Unheld),
        Err(error) => Err(DbErrorCause::Database(error)),
    }
}

/// Runs statements that change something and return rows, in the migration's transaction, or refuses them.
async fn fetch_guarded(
    connection: &mut Connection,
    script: &Script,
    guard: Option<Guard>,
) -> Result<Vec<Row>, DbErrorCause> {
    for statement in script.statements().filter(|_| guard.is_some()) {
        if statement.hold() != Hold::Together {
            return Err(DbErrorCause::Unheld);
        }
        let question = guard.and_then(|guard| guard(statement.text(), connection.dialect()));
        if let Some(question) = question {
            connection.execute(&question).await.map_err(|error| {
                if is_refusal(&error) {
                    DbErrorCause::Unheld
                } else {
                    DbErrorCause::Database(error)
                }
            })?;
        }
    }
    connection.fetch(script.text()).await.map_err(DbErrorCause::Database)
}

/// Returns whether it is the error of a guard: a subquery with two rows.
fn is_refusal(error: &DatabaseError) -> bool {
    error.code.as_ref().is_some_and(|code| code.starts_with("21000"))
}

/// Runs and records a statement, unless an earlier run did.
async fn accounted(
    connection: &mut Connection,
    journal: &mut dyn CallJournal,
    statement: ScriptStatement<'_>,
) -> Result<u64, DbErrorCause> {
    match journal.begin(connection, Call::statement(statement)).await? {
        Replay::Skip(done) => Ok(done.rows),
        Replay::Retry => run(connection, statement).await,
        Replay::Run => match run(connection, statement).await {
            Ok(rows) => {
                let done = Done { rows, answer: None };
                journal.end(connection, done).await.map_err(DbErrorCause::Database)?;
                Ok(rows)
            }
            Err(cause) => {
                journal.fail(connection).await;
                Err(cause)
            }
        },
    }
}

/// Does the same for statements that return rows. Queries are repeated by a run that resumes.
async fn fetch_accounted(
    connection: &mut Connection,
    journal: &mut dyn CallJournal,
    script: &Script,
) -> Result<Vec<Row>, DbErrorCause> {
    let mut rows = Vec::new();
    for statement in script.statements() {
        rows.extend(if statement.only_reads() {
            journal.may_read(statement)?;
            connection.fetch(statement.text()).await.map_err(DbErrorCause::Database)?
        } else {
            fetch_between_marks(connection, journal, statement).await?
        });
    }
    Ok(rows)
}

/// Runs and records a statement that changes something and returns rows. A later run gets the same result.
async fn fetch_between_marks(
    connection: &mut Connection,
    journal: &mut dyn CallJournal,
    statement: ScriptStatement<'_>,
) -> Result<Vec<Row>, DbErrorCause> {
    match journal.begin(connection, Call::statement(statement)).await? {
        Replay::Skip(done) => {
            let kept = done.answer.as_deref().and_then(kept::decode_rows);
            kept.ok_or_else(|| DbErrorCause::Unrepeatable { statement: journal.past() })
        }
        Replay::Retry => connection.fetch(statement.text()).await.map_err(DbErrorCause::Database),
        Replay::Run => match connection.fetch(statement.text()).await {
            Ok(rows) => {
                let done = Done { rows: 0, answer: kept::encode_rows(&rows) };
                journal.end(connection, done).await.map_err(DbErrorCause::Database)?;
                Ok(rows)
            }
            Err(error) => {
                journal.fail(connection).await;
                Err(DbErrorCause::Database(error))
            }
        },
    }
}

fn single_value<T: FromValue>(rows: Vec<Row>, sql: &str) -> Result<T, DbError> {
    let value =
        rows.into_iter().next().and_then(Row::into_first).ok_or_else(|| DbError::no_row(sql))?;
    T::from_value(&value).ok_or_else(|| DbError::mismatch::<T>(sql, &value))
}
