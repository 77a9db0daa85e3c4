//! The typed connections of sqlx, for code.

#[cfg(feature = "mysql")]
use sqlx::MySqlConnection;
#[cfg(feature = "postgres")]
use sqlx::PgConnection;
#[cfg(feature = "sqlite")]
use sqlx::SqliteConnection;

use crate::db::{Db, DbError};

#[cfg(feature = "postgres")]
impl Db {
    /// Returns the typed sqlx connection, in the migration's transaction.
    ///
    /// # Errors
    ///
    /// If the database has another engine, in an offline script, and where there is no transaction, except in
    /// [`untracked`](Self::untracked).
    #[track_caller]
    pub fn postgres(&mut self) -> Result<&mut PgConnection, DbError> {
        self.typed("PostgreSQL")
    }
}

#[cfg(feature = "mysql")]
impl Db {
    /// Returns the typed sqlx connection, in the migration's transaction if it has one.
    ///
    /// # Errors
    ///
    /// If the database has another engine, in an offline script, and where there is no transaction, except in
    /// [`untracked`](Self::untracked).
    #[track_caller]
    pub fn mysql(&mut self) -> Result<&mut MySqlConnection, DbError> {
        self.typed("MySQL")
    }
}

#[cfg(feature = "sqlite")]
impl Db {
    /// Returns the typed sqlx connection, in the migration's transaction.
    ///
    /// # Errors
    ///
    /// If the database has another engine, in an offline script, and where there is no transaction, except in
    /// [`untracked`](Self::untracked).
    #[track_caller]
    pub fn sqlite(&mut self) -> Result<&mut SqliteConnection, DbError> {
        self.typed("SQLite")
    }
}
