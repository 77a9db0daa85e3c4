//! The engines: the only files that name sqlx's drivers.

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
mod stream;

use migrate_sql::Dialect;

use crate::connection::{Connection, DatabaseError};
use crate::url::DatabaseUrl;

/// Whether opening a connection may create the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// A SQLite file that is not there is created.
    Create,
    /// A SQLite file that is not there is an error.
    Fail,
}

/// Opens a connection for migrations.
///
/// # Errors
///
/// The server cannot be reached or refuses, or the program was compiled without the engine's feature.
pub async fn open(url: &DatabaseUrl, missing: Missing) -> Result<Connection, DatabaseError> {
    match url.dialect() {
        #[cfg(feature = "postgres")]
        Dialect::Postgres => postgres::open(url, None).await,
        #[cfg(feature = "mysql")]
        Dialect::Mysql => mysql::open(url).await,
        #[cfg(feature = "sqlite")]
        Dialect::Sqlite => sqlite::open(url, missing).await,
        #[cfg(not(all(feature = "postgres", feature = "mysql", feature = "sqlite")))]
        dialect => Err(not_compiled(dialect, missing)),
    }
}

/// Opens one more connection, to a session of PostgreSQL that begins by setting [`MARK`](crate::companion::MARK) to a word. A pooler refuses to
/// hand that on, or forgets it.
pub(crate) async fn open_marked(
    url: &DatabaseUrl,
    word: Option<&str>,
) -> Result<Connection, DatabaseError> {
    match (url.dialect(), word) {
        #[cfg(feature = "postgres")]
        (Dialect::Postgres, Some(word)) => postgres::open(url, Some(word)).await,
        _ => open(url, Missing::Fail).await,
    }
}

#[cfg(not(all(feature = "postgres", feature = "mysql", feature = "sqlite")))]
fn not_compiled(dialect: Dialect, _missing: Missing) -> DatabaseError {
    let mut error = DatabaseError::new(
        crate::connection::ErrorKind::Other,
        format!("this program was compiled without {dialect}"),
    );
    error.hint = Some(format!("enable the feature `{dialect}` of migrate-core"));
    error
}
