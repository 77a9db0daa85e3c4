//! Snapshots of a session, to restore it after something that may have changed it: settings, and everything else that ends
//! only with the session. No command is used that would also release the lock of the run.

mod mysql;
mod postgres;
mod sqlite;

use migrate_sql::{Dialect, Traces};

use crate::engine::connection::{Connection, DatabaseError};

/// A snapshot of a session.
pub(crate) enum SessionSnapshot {
    Postgres(postgres::Session),
    Mysql(mysql::Session),
    Sqlite(sqlite::Session),
}

impl SessionSnapshot {
    /// Takes a snapshot of the session.
    pub(crate) async fn read(connection: &mut Connection) -> Result<Self, DatabaseError> {
        match connection.dialect() {
            Dialect::Postgres => postgres::Session::read(connection).await.map(Self::Postgres),
            Dialect::Mysql => mysql::Session::read(connection).await.map(Self::Mysql),
            Dialect::Sqlite => sqlite::Session::read(connection).await.map(Self::Sqlite),
        }
    }

    /// Restores what has changed since, as far as the database can list it.
    pub(crate) async fn restore(&self, connection: &mut Connection) -> Result<(), DatabaseError> {
        self.undo(connection, &Traces::new(connection.dialect())).await
    }

    /// Restores what has changed since. `traces` names what the database cannot list.
    pub(crate) async fn undo(
        &self,
        connection: &mut Connection,
        traces: &Traces,
    ) -> Result<(), DatabaseError> {
        // sqlx remembers the result columns of statements that it has prepared.
        connection.forget_statements().await?;
        match self {
            Self::Postgres(session) => session.restore(connection).await,
            Self::Mysql(session) => session.restore(connection, traces).await,
            Self::Sqlite(session) => session.restore(connection).await,
        }
    }

    /// Returns the statements that restore a session of PostgreSQL, whatever was done in it.
    pub(super) fn put_back(&self) -> Vec<String> {
        match self {
            Self::Postgres(session) => session.put_back(),
            Self::Mysql(_) | Self::Sqlite(_) => Vec::new(),
        }
    }
}

/// Returns the statements that restore a session of PostgreSQL in a script, which cannot read the earlier settings.
pub(crate) fn postgres_start() -> Vec<String> {
    postgres::Session::default().put_back()
}
