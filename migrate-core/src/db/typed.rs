//! The typed connections of sqlx that code may ask for.

#[cfg(feature = "mysql")]
use sqlx::MySqlConnection;
#[cfg(feature = "postgres")]
use sqlx::PgConnection;
#[cfg(feature = "sqlite")]
use sqlx::SqliteConnection;

use crate::db::{Db, DbError};

#[cfg(feature = "postgres")]
impl Db {
    /// The typed sqlx connection, within the migration's transaction.
    ///
    /// # Errors
    ///
    /// When the database is of another engine, offline, where there is none, and, outside of
    /// [`untracked`](Self::untracked), where no transaction would undo what it does.
    #[track_caller]
    pub fn postgres(&mut self) -> Result<&mut PgConnection, DbError> {
        self.typed("PostgreSQL")
    }
}

#[cfg(feature = "mysql")]
impl Db {
    /// The typed sqlx connection, within the migration's transaction where it has one.
    ///
    /// # Errors
    ///
    /// When the database is of another engine, offline, where there is none, and, outside of
    /// [`untracked`](Self::untracked), where no transaction would undo what it does.
    #[track_caller]
    pub fn mysql(&mut self) -> Result<&mut MySqlConnection, DbError> {
        self.typed("MySQL")
    }
}

#[cfg(feature = "sqlite")]
impl Db {
    /// The typed sqlx connection, within the migration's transaction.
    ///
    /// # Errors
    ///
    /// When the database is of another engine, offline, where there is none, and, outside of
    /// [`untracked`](Self::untracked), where no transaction would undo what it does.
    #[track_caller]
    pub fn sqlite(&mut self) -> Result<&mut SqliteConnection, DbError> {
        self.typed("SQLite")
    }
}
