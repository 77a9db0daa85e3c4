//! PostgreSQL.

use std::any::Any;
use std::str::FromStr;

use futures_core::future::BoxFuture;
use migrate_sql::Dialect;
use sqlx::postgres::{
    PgConnectOptions, PgConnection, PgDatabaseError, PgErrorPosition, PgQueryResult, PgRow,
};
use sqlx::{AssertSqlSafe, ConnectOptions, Postgres, Row as _, TypeInfo, ValueRef};

use crate::engine::backend::stream::{self, rows_to_end, run_to_end};
use crate::engine::connection::{
    Connection, DatabaseError, Driver, End, ErrorKind, ErrorPlace, Ran, Row, Value,
};
use crate::engine::connector::POOLER_PROBE;
use crate::engine::process::ProcessId;
use crate::engine::url::{Address, Attributes, Server};

pub(super) async fn open(server: &Server, mark: Option<&str>) -> Result<Connection, DatabaseError> {
    let mut options = options(server)?
        // Connection poolers refuse unknown settings, and current servers do not need this one.
        .extra_float_digits(None);
    if let Some(word) = mark {
        options = options.options([(POOLER_PROBE, word)]);
    }
    if options.get_application_name().is_none() {
        let own = || ProcessId::this().application();
        options = options.application_name(&server.fallback_name.clone().unwrap_or_else(own));
    }
    let connection = options.disable_statement_logging().connect().await.map_err(refusal)?;
    let mut connection = Connection::from(connection);
    check(&mut connection, server.attributes).await?;
    Ok(connection)
}

fn options(server: &Server) -> Result<PgConnectOptions, DatabaseError> {
    PgConnectOptions::from_str(&server.postgres_url()).map_err(refusal)
}

/// Returns the server's address, including defaults and the environment.
pub(super) fn address(server: &Server) -> Address {
    let Ok(options) = options(server) else {
        return Address::file(server.database.as_deref().unwrap_or_default());
    };
    let folder = options.get_socket().map(|folder| folder.display().to_string());
    let host = folder.unwrap_or_else(|| options.get_host().to_owned());
    let database = options.get_database().unwrap_or_else(|| options.get_username());
    Address::on(&host, options.get_port(), database)
}

/// Refuses a server that is not of the kind that the URL requires.
async fn check(connection: &mut Connection, attributes: Attributes) -> Result<(), DatabaseError> {
    if attributes == Attributes::Any {
        return Ok(());
    }
    let query = "SELECT pg_catalog.pg_is_in_recovery(), \
                 pg_catalog.current_setting('default_transaction_read_only') = 'on'";
    let rows = connection.fetch(query).await?;
    let row = rows.first();
    let standby = row.and_then(|row| row.at::<bool>(0)).unwrap_or_default();
    let read_only = standby || row.and_then(|row| row.at::<bool>(1)).unwrap_or_default();
    let (name, is_met) = match attributes {
        Attributes::Any => return Ok(()),
        Attributes::ReadWrite => ("read-write", !read_only),
        Attributes::ReadOnly => ("read-only", read_only),
        Attributes::Primary => ("primary", !standby),
        Attributes::Standby => ("standby", standby),
    };
    if is_met {
        return Ok(());
    }
    let message = format!("the server is not `{name}`, which `target_session_attrs` requires");
    Err(DatabaseError::new(ErrorKind::Other, message))
}

impl Driver for PgConnection {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    // Uses simple queries: they allow many statements in a message, and leave no prepared statement behind.
    fn run<'a>(&'a mut self, message: &'a str) -> BoxFuture<'a, Ran> {
        let results = sqlx::raw_sql(AssertSqlSafe(message)).fetch_many(self);
        Box::pin(run_to_end(
            results,
            PgQueryResult::rows_affected,
            |row: &PgRow| row.try_get(0).ok(),
            refusal,
        ))
    }

    fn fetch<'a>(&'a mut self, query: &'a str) -> BoxFuture<'a, Result<Vec<Row>, DatabaseError>> {
        Box::pin(rows_to_end(sqlx::raw_sql(AssertSqlSafe(query)).fetch(self), value, refusal))
    }

    fn forget_statements(&mut self) -> BoxFuture<'_, Result<(), DatabaseError>> {
        Box::pin(async move {
            if sqlx::Connection::cached_statements_size(self) == 0 {
                return Ok(());
            }
            sqlx::Connection::clear_cached_statements(self).await.map_err(refusal)
        })
    }

    fn begin<'a>(&'a mut self, opening: &'a str) -> BoxFuture<'a, Result<(), DatabaseError>> {
        Box::pin(async move { stream::begin::<Postgres>(self, opening).await.map_err(refusal) })
    }

    fn end(&mut self, end: End, nested: bool) -> BoxFuture<'_, Result<bool, DatabaseError>> {
        Box::pin(async move { stream::end::<Postgres>(self, end, nested).await.map_err(refusal) })
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

fn value(row: &PgRow, index: usize) -> Result<Value, sqlx::Error> {
    let raw = row.try_get_raw(index)?;
    if raw.is_null() {
        return Ok(Value::Null);
    }
    Ok(match raw.type_info().name() {
        "BOOL" => Value::Bool(row.try_get(index)?),
        "INT2" => Value::Int(row.try_get::<i16, _>(index)?.into()),
        "INT4" => Value::Int(row.try_get::<i32, _>(index)?.into()),
        "INT8" => Value::Int(row.try_get(index)?),
        "FLOAT4" => Value::Float(row.try_get::<f32, _>(index)?.into()),
        "FLOAT8" => Value::Float(row.try_get(index)?),
        "BYTEA" => Value::Bytes(row.try_get(index)?),
        // A simple query returns every type as text.
        _ => Value::Text(raw.as_str().map_err(sqlx::Error::Decode)?.to_owned()),
    })
}

fn refusal(error: sqlx::Error) -> DatabaseError {
    let Some(refused) =
        error.as_database_error().and_then(|error| error.try_downcast_ref::<PgDatabaseError>())
    else {
        return DatabaseError::from_transport(error);
    };
    DatabaseError {
        code: Some(refused.code().to_owned()),
        detail: refused.detail().map(str::to_owned),
        hint: refused.hint().map(str::to_owned),
        place: refused.position().as_ref().and_then(place),
        ..DatabaseError::new(kind(refused.code(), refused.message()), refused.message())
    }
}

/// Returns the place of an error. A place inside a function's own query does not refer to the text that was sent.
fn place(position: &PgErrorPosition<'_>) -> Option<ErrorPlace> {
    match position {
        PgErrorPosition::Original(character) => {
            Some(ErrorPlace::Character(character.checked_sub(1)?))
        }
        PgErrorPosition::Internal { .. } => None,
    }
}

fn kind(code: &str, message: &str) -> ErrorKind {
    match code {
        "55P03" => ErrorKind::LockTimeout,
        "40001" | "40P01" => ErrorKind::Serialization,
        // Both cases have this code, and the message may be in another language.
        "57014" if message.contains("timeout") => ErrorKind::StatementTimeout,
        "57014" => ErrorKind::Cancelled,
        "42P01" | "3F000" => ErrorKind::UndefinedTable,
        "42703" => ErrorKind::UndefinedColumn,
        "23505" => ErrorKind::UniqueViolation,
        "42501" => ErrorKind::Privilege,
        "42601" => ErrorKind::Syntax,
        "25006" => ErrorKind::ReadOnly,
        "53100" => ErrorKind::Full,
        "28000" | "28P01" => ErrorKind::Authentication,
        "57P03" => ErrorKind::Starting,
        // The server was shut down by an administrator, or crashed.
        "57P01" | "57P02" => ErrorKind::Connection,
        code if code.starts_with("08") => ErrorKind::Connection,
        _ => ErrorKind::Other,
    }
}

impl From<PgConnection> for Connection {
    fn from(connection: PgConnection) -> Self {
        Self::new(connection)
    }
}

/// Removes the connection from its pool: a migration may leave settings behind that the pool must not pass on.
impl From<sqlx::pool::PoolConnection<Postgres>> for Connection {
    fn from(connection: sqlx::pool::PoolConnection<Postgres>) -> Self {
        Self::new(connection.detach())
    }
}

impl Connection {
    /// Returns sqlx's connection, if it is one to PostgreSQL.
    ///
    /// # Errors
    ///
    /// The connection itself, if it belongs to another engine.
    pub fn into_postgres(self) -> Result<PgConnection, Self> {
        self.into_driver()
    }
}
