//! MySQL and MariaDB.

use std::any::Any;

use futures_core::future::BoxFuture;
use migrate_sql::Dialect;
use sqlx::mysql::{
    MySqlConnectOptions, MySqlConnection, MySqlDatabaseError, MySqlQueryResult, MySqlRow,
};
use sqlx::{AssertSqlSafe, ConnectOptions, MySql, Row as _, Type, TypeInfo, ValueRef};

use crate::engine::backend::stream::{self, rows_to_end, run_to_end};
use crate::engine::connection::{
    Connection, DatabaseError, Driver, End, ErrorKind, ErrorPlace, Ran, Row, Session, Value,
};
use crate::engine::url::{Address, Server};

pub(super) async fn open(server: &Server) -> Result<Connection, DatabaseError> {
    let options = options(server).map_err(refusal)?;
    let set_up = set_up(options.get_charset(), options.get_collation());
    let options = options.disable_statement_logging();
    let mut connection = Connection::from(options.connect().await.map_err(refusal)?);
    if let Some(session) = connection.fetch(&set_up).await?.last().and_then(Session::read) {
        connection.know_session(session);
    }
    Ok(connection)
}

fn options(server: &Server) -> Result<MySqlConnectOptions, sqlx::Error> {
    // Keeps the server's SQL mode and time zone: the meaning of a migration must not depend on sqlx's defaults.
    let mut options = MySqlConnectOptions::new()
        .pipes_as_concat(false)
        .no_engine_substitution(false)
        .timezone(server.driver("timezone").map(str::to_owned))
        // Set together with the rest.
        .set_names(false);
    if let Some(host) = &server.host {
        options = options.host(host);
    }
    if let Some(port) = server.port {
        options = options.port(port);
    }
    if let Some(socket) = &server.socket {
        options = options.socket(socket);
    }
    if let Some(user) = &server.user {
        options = options.username(user);
    }
    if let Some(password) = &server.password {
        options = options.password(password);
    }
    if let Some(database) = &server.database {
        options = options.database(database);
    }
    for (name, value) in &server.driver {
        options = match *name {
            "ssl-mode" => options.ssl_mode(value.parse()?),
            "ssl-ca" => options.ssl_ca(value),
            "ssl-cert" => options.ssl_client_cert(value),
            "ssl-key" => options.ssl_client_key(value),
            "collation" => options.collation(value),
            _ => options,
        };
    }
    Ok(options)
}

/// Returns the message that sets up each connection, whatever the server's defaults are, and reads its session id.
fn set_up(charset: &str, collation: Option<&str>) -> String {
    let collation = collation.map(|name| format!(" COLLATE {name}")).unwrap_or_default();
    // Each statement is committed; a commit neither starts a transaction nor ends the session; table locks are awaited;
    // and a session may be idle for as long as its work takes.
    format!(
        "SET NAMES {charset}{collation}, SESSION autocommit = 1, SESSION completion_type = 0, \
         SESSION lock_wait_timeout = 5, SESSION innodb_lock_wait_timeout = 5, \
         SESSION wait_timeout = greatest(@@GLOBAL.wait_timeout, 28800) \
         /*M!100101 , SESSION max_statement_time = 0 *//*!50708 , SESSION max_execution_time = 0 */\
         /*M!100300 , SESSION idle_transaction_timeout = 0, SESSION idle_write_transaction_timeout = 0 */;\n\
         SELECT concat(connection_id(), ' ', @@hostname, ':', @@port, ':', @@server_id)"
    )
}

/// Returns the server's address, including defaults.
pub(super) fn address(server: &Server) -> Address {
    let database = server.database.as_deref().unwrap_or_default();
    if let Some(socket) = &server.socket {
        return Address::at(socket, database);
    }
    let host = server.host.as_deref().unwrap_or("localhost");
    Address::on(host, server.port.unwrap_or(3306), database)
}

impl Driver for MySqlConnection {
    fn dialect(&self) -> Dialect {
        Dialect::Mysql
    }

    // Uses the text protocol: it allows many statements in a message, and needs no round trip to prepare one.
    fn run<'a>(&'a mut self, message: &'a str) -> BoxFuture<'a, Ran> {
        let results = sqlx::raw_sql(AssertSqlSafe(message)).fetch_many(self);
        Box::pin(run_to_end(
            results,
            MySqlQueryResult::rows_affected,
            |row: &MySqlRow| row.try_get(0).ok(),
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
        Box::pin(async move { stream::begin::<MySql>(self, opening).await.map_err(refusal) })
    }

    fn end(&mut self, end: End, nested: bool) -> BoxFuture<'_, Result<bool, DatabaseError>> {
        Box::pin(async move { stream::end::<MySql>(self, end, nested).await.map_err(refusal) })
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

fn value(row: &MySqlRow, index: usize) -> Result<Value, sqlx::Error> {
    let raw = row.try_get_raw(index)?;
    if raw.is_null() {
        return Ok(Value::Null);
    }
    let info = raw.type_info().into_owned();
    // Text with a `_bin` collation is reported as binary, too.
    if <String as Type<MySql>>::compatible(&info) {
        return Ok(Value::Text(row.try_get_unchecked(index)?));
    }
    Ok(match info.name() {
        "BOOLEAN" | "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "BIGINT" | "YEAR" => {
            Value::Int(row.try_get_unchecked(index)?)
        }
        "FLOAT" | "DOUBLE" => Value::Float(row.try_get_unchecked(index)?),
        "BINARY" | "VARBINARY" | "TINYBLOB" | "BLOB" | "MEDIUMBLOB" | "LONGBLOB" | "BIT"
        | "GEOMETRY" => Value::Bytes(row.try_get_unchecked(index)?),
        // The text protocol returns every type as text.
        _ => Value::Text(row.try_get_unchecked(index)?),
    })
}

fn refusal(error: sqlx::Error) -> DatabaseError {
    let Some(refused) =
        error.as_database_error().and_then(|error| error.try_downcast_ref::<MySqlDatabaseError>())
    else {
        return DatabaseError::from_transport(error);
    };
    let state = refused.code().map_or(String::new(), |state| format!("{state}, "));
    DatabaseError {
        code: Some(format!("{state}error {}", refused.number())),
        place: place(refused.message()),
        ..DatabaseError::new(kind(refused.number()), refused.message())
    }
}

/// Reads `… near 'text' at line 3` from the server's message.
fn place(message: &str) -> Option<ErrorPlace> {
    let (_, rest) = message.split_once("near '")?;
    let (text, line) = rest.rsplit_once("' at line ")?;
    Some(ErrorPlace::Near { text: text.to_owned(), line: line.trim().parse().ok() })
}

fn kind(number: u16) -> ErrorKind {
    match number {
        // 1684: a table that the catalog query needs is being changed.
        1205 | 1684 => ErrorKind::LockTimeout,
        1213 => ErrorKind::Serialization,
        1969 | 3024 => ErrorKind::StatementTimeout,
        1317 => ErrorKind::Cancelled,
        1146 => ErrorKind::UndefinedTable,
        1054 => ErrorKind::UndefinedColumn,
        1062 => ErrorKind::UniqueViolation,
        1045 | 1698 => ErrorKind::Authentication,
        1044 | 1142 | 1227 | 1370 => ErrorKind::Privilege,
        1290 | 1792 | 1836 => ErrorKind::ReadOnly,
        1021 | 1114 => ErrorKind::Full,
        1064 => ErrorKind::Syntax,
        1053 | 1927 => ErrorKind::Connection,
        _ => ErrorKind::Other,
    }
}

impl From<MySqlConnection> for Connection {
    fn from(connection: MySqlConnection) -> Self {
        Self::new(connection)
    }
}

/// Removes the connection from its pool: a migration may leave settings behind that the pool must not pass on.
impl From<sqlx::pool::PoolConnection<MySql>> for Connection {
    fn from(connection: sqlx::pool::PoolConnection<MySql>) -> Self {
        Self::new(connection.detach())
    }
}

impl Connection {
    /// Returns sqlx's connection, if it is one to MySQL or MariaDB.
    ///
    /// # Errors
    ///
    /// The connection itself, if it belongs to another engine.
    pub fn into_mysql(self) -> Result<MySqlConnection, Self> {
        self.into_driver()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_read_off_the_servers_words() {
        let message = "You have an error in your SQL syntax; check the manual that corresponds to your MariaDB \
                       server version for the right syntax to use near 'VALUE 'x' (1)' at line 12";
        assert_eq!(
            place(message),
            Some(ErrorPlace::Near { text: "VALUE 'x' (1)".into(), line: Some(12) })
        );
        assert_eq!(place("Table 'a.b' doesn't exist"), None);
    }
}
