//! The engines. Only these files name sqlx's drivers.

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
mod stream;

use std::time::Duration;

use migrate_sql::Dialect;

use crate::engine::connection::{Connection, DatabaseError, ErrorKind};
use crate::engine::url::{Address, DatabaseUrl, Place};

/// What opening a connection does when the database does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Creates a missing SQLite file.
    Create,
    /// Fails if a SQLite file is missing.
    Fail,
}

/// Opens a connection for migrations.
///
/// # Errors
///
/// If the server cannot be reached or refuses the connection, or the program was compiled without the engine's feature.
pub async fn open(url: &DatabaseUrl, missing: Missing) -> Result<Connection, DatabaseError> {
    in_time(url, open_place(url.place(), missing)).await
}

/// How long connecting may take, unless the URL sets another time.
pub(crate) const CONNECT: Duration = Duration::from_secs(10);

/// Returns the error for a server that does not answer.
pub(crate) fn silent(waited: Duration) -> DatabaseError {
    let message =
        format!("the server does not answer: no connection within {} s", waited.as_secs());
    DatabaseError {
        hint: Some(
            "check host and port in the URL: something else may be listening there, a firewall may drop packets, or the \
             server is overloaded; `--wait-for-db SECONDS` keeps trying"
                .to_owned(),
        ),
        ..DatabaseError::new(ErrorKind::Starting, message)
    }
}

async fn open_place(place: &Place, missing: Missing) -> Result<Connection, DatabaseError> {
    match place {
        #[cfg(feature = "postgres")]
        Place::Postgres(server) => postgres::open(server, None).await,
        #[cfg(feature = "mysql")]
        Place::Mysql(server) => mysql::open(server).await,
        #[cfg(feature = "sqlite")]
        Place::Sqlite(file) => sqlite::open(file, missing).await,
        #[cfg(not(feature = "postgres"))]
        Place::Postgres(_) => Err(not_compiled(Dialect::Postgres, missing)),
        #[cfg(not(feature = "mysql"))]
        Place::Mysql(_) => Err(not_compiled(Dialect::Mysql, missing)),
        #[cfg(not(feature = "sqlite"))]
        Place::Sqlite(_) => Err(not_compiled(Dialect::Sqlite, missing)),
    }
}

/// Limits the time for connecting: a server may accept a connection and never answer.
async fn in_time(
    url: &DatabaseUrl,
    opening: impl Future<Output = Result<Connection, DatabaseError>>,
) -> Result<Connection, DatabaseError> {
    // A file system does not need a limit.
    if url.dialect() == Dialect::Sqlite {
        return opening.await;
    }
    let limit = url.connect_timeout().unwrap_or(CONNECT);
    tokio::time::timeout(limit, opening).await.unwrap_or_else(|_| Err(silent(limit)))
}

/// Returns the address of a URL's database, with the parts that the driver takes from the environment.
pub fn address(url: &DatabaseUrl) -> Address {
    match url.place() {
        #[cfg(feature = "postgres")]
        Place::Postgres(server) => postgres::address(server),
        #[cfg(feature = "mysql")]
        Place::Mysql(server) => mysql::address(server),
        #[cfg(not(feature = "postgres"))]
        Place::Postgres(_) => Address::file(url.database()),
        #[cfg(not(feature = "mysql"))]
        Place::Mysql(_) => Address::file(url.database()),
        Place::Sqlite(file) => Address::file(&file.path),
    }
}

/// Opens one more connection, to a session of PostgreSQL that starts by setting
/// [`POOLER_PROBE`](crate::engine::connector::POOLER_PROBE) to a word. A connection pooler refuses or loses that setting.
pub(crate) async fn open_marked(
    url: &DatabaseUrl,
    word: Option<&str>,
) -> Result<Connection, DatabaseError> {
    match (url.place(), word) {
        #[cfg(feature = "postgres")]
        (Place::Postgres(server), Some(word)) => {
            in_time(url, postgres::open(server, Some(word))).await
        }
        _ => open(url, Missing::Fail).await,
    }
}

#[cfg(not(all(feature = "postgres", feature = "mysql", feature = "sqlite")))]
fn not_compiled(dialect: Dialect, _missing: Missing) -> DatabaseError {
    let mut error = DatabaseError::new(
        ErrorKind::Other,
        format!("this program was compiled without {dialect}"),
    );
    error.hint = Some(format!("enable the feature `{dialect}` of migrate-core"));
    error
}
