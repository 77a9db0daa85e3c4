//! SQLite.

mod file;

use std::any::Any;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_core::future::BoxFuture;
use migrate_sql::Dialect;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteQueryResult, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Row as _, Sqlite, TypeInfo, ValueRef};

use crate::engine::backend::Missing;
use crate::engine::backend::stream::{self, rows_to_end, run_to_end};
use crate::engine::connection::{
    Connection, DatabaseError, Driver, End, ErrorKind, ErrorPlace, Ran, Row, Value,
};
use crate::engine::url::File;

pub(super) async fn open(file: &File, missing: Missing) -> Result<Connection, DatabaseError> {
    let creates = missing == Missing::Create && file.may_be_made();
    let options = SqliteConnectOptions::from_str(&file.text())
        .map_err(refusal)?
        // The migration lock waits for other runs, and reports which and how long.
        .busy_timeout(Duration::from_millis(100))
        // The worker then does not have to wait for us after every fifty results.
        .row_buffer_size(4096)
        .create_if_missing(creates);
    if file.is_on_disk() {
        let path = options.get_filename();
        if creates {
            file::create(path)?;
        }
        file::look(path)?;
    }
    Ok(options.disable_statement_logging().connect().await.map_err(refusal)?.into())
}

impl Driver for SqliteConnection {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn run<'a>(&'a mut self, message: &'a str) -> BoxFuture<'a, Ran> {
        let results = sqlx::raw_sql(AssertSqlSafe(message)).fetch_many(self);
        Box::pin(run_to_end(
            results,
            SqliteQueryResult::rows_affected,
            |row: &SqliteRow| row.try_get(0).ok(),
            refusal,
        ))
    }

    fn fetch<'a>(&'a mut self, query: &'a str) -> BoxFuture<'a, Result<Vec<Row>, DatabaseError>> {
        Box::pin(rows_to_end(sqlx::raw_sql(AssertSqlSafe(query)).fetch(self), value, refusal))
    }

    fn begin<'a>(&'a mut self, opening: &'a str) -> BoxFuture<'a, Result<(), DatabaseError>> {
        Box::pin(async move { stream::begin::<Sqlite>(self, opening).await.map_err(refusal) })
    }

    /// Ends transactions. The one that sqlx counts is a savepoint inside the group's transaction and ends with that; an
    /// empty transaction lets sqlx notice.
    fn end(&mut self, end: End, nested: bool) -> BoxFuture<'_, Result<bool, DatabaseError>> {
        Box::pin(async move {
            // sqlx rolls back a dropped transaction in its own thread, and counts it until then.
            sqlx::Connection::ping(&mut *self).await.map_err(refusal)?;
            if nested {
                return stream::end::<Sqlite>(self, end, true).await.map_err(refusal);
            }
            if !stream::counts::<Sqlite>(self) || end != End::Forget {
                return Ok(false);
            }
            sqlx::raw_sql("BEGIN").execute(&mut *self).await.map_err(refusal)?;
            stream::end::<Sqlite>(self, end, false).await.map_err(refusal)
        })
    }

    fn interrupt_by(
        &mut self,
        flag: Option<Arc<AtomicBool>>,
    ) -> BoxFuture<'_, Result<(), DatabaseError>> {
        // Often enough to stop almost at once, and rarely enough to cost nothing.
        const OPERATIONS: i32 = 1000;
        Box::pin(async move {
            let mut handle = self.lock_handle().await.map_err(refusal)?;
            match flag {
                Some(flag) => {
                    handle.set_progress_handler(OPERATIONS, move || !flag.load(Ordering::Relaxed));
                }
                None => handle.remove_progress_handler(),
            }
            Ok(())
        })
    }

    fn forget_statements(&mut self) -> BoxFuture<'_, Result<(), DatabaseError>> {
        Box::pin(async move {
            if sqlx::Connection::cached_statements_size(self) == 0 {
                return Ok(());
            }
            sqlx::Connection::clear_cached_statements(self).await.map_err(refusal)
        })
    }

    fn close(self: Box<Self>) -> BoxFuture<'static, Result<(), DatabaseError>> {
        Box::pin(async move { sqlx::Connection::close(*self).await.map_err(refusal) })
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

fn value(row: &SqliteRow, index: usize) -> Result<Value, sqlx::Error> {
    let raw = row.try_get_raw(index)?;
    if raw.is_null() {
        return Ok(Value::Null);
    }
    let kind = raw.type_info().name().to_owned();
    Ok(match kind.as_str() {
        "INTEGER" | "BOOLEAN" => Value::Int(row.try_get_unchecked(index)?),
        "REAL" => Value::Float(row.try_get_unchecked(index)?),
        "BLOB" => Value::Bytes(row.try_get_unchecked(index)?),
        _ => Value::Text(row.try_get_unchecked(index)?),
    })
}

fn refusal(error: sqlx::Error) -> DatabaseError {
    let Some(refused) = error.as_database_error() else {
        return DatabaseError::from_transport(error);
    };
    let code = refused.code().map(|code| code.to_string());
    let message = refused.message();
    let error = DatabaseError::new(kind(code.as_deref(), message), message);
    DatabaseError { place: place(message), code, ..error }
}

/// Reads `near "text": …` and `no such column: text` from the engine's message.
fn place(message: &str) -> Option<ErrorPlace> {
    let text = match message.strip_prefix("near \"") {
        Some(rest) => rest.rsplit_once("\":")?.0,
        None => ["no such column: ", "no such table: ", "no such function: "]
            .iter()
            .find_map(|prefix| message.strip_prefix(prefix))?,
    };
    let text = text.strip_prefix("main.").unwrap_or(text);
    Some(ErrorPlace::Near { text: text.to_owned(), line: None })
}

fn kind(code: Option<&str>, message: &str) -> ErrorKind {
    // In extended result codes, the lowest byte is the primary code.
    let code: i32 = code.and_then(|code| code.parse().ok()).unwrap_or(0);
    match (code & 0xff, code) {
        (5 | 6, _) => ErrorKind::LockTimeout,
        (_, 1555 | 2067 | 2579) => ErrorKind::UniqueViolation,
        // 14 usually means that the folder does not allow creating the journal.
        (3 | 14 | 23, _) => ErrorKind::Privilege,
        (8, _) => ErrorKind::ReadOnly,
        (13, _) => ErrorKind::Full,
        (9, _) => ErrorKind::Cancelled,
        (11 | 26, _) => ErrorKind::Corrupt,
        (1, _) if message.starts_with("no such table") => ErrorKind::UndefinedTable,
        (1, _) if message.starts_with("no such column") => ErrorKind::UndefinedColumn,
        (1, _) if message.starts_with("near \"") => ErrorKind::Syntax,
        _ => ErrorKind::Other,
    }
}

impl From<SqliteConnection> for Connection {
    fn from(connection: SqliteConnection) -> Self {
        Self::new(connection)
    }
}

/// Removes the connection from its pool: a migration may leave settings behind that the pool must not pass on.
impl From<sqlx::pool::PoolConnection<Sqlite>> for Connection {
    fn from(connection: sqlx::pool::PoolConnection<Sqlite>) -> Self {
        Self::new(connection.detach())
    }
}

impl Connection {
    /// Returns sqlx's connection, if it is one to SQLite.
    ///
    /// # Errors
    ///
    /// The connection itself, if it belongs to another engine.
    pub fn into_sqlite(self) -> Result<SqliteConnection, Self> {
        self.into_driver()
    }
}
