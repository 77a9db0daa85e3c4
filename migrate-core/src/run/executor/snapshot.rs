//! What a session was like, to put it back after something that may have changed it: settings, and everything else that ends
//! only with the session. Nothing is undone by a command that would also free the lock of the run.

mod mysql;
mod postgres;
mod sqlite;

use migrate_sql::{Dialect, Traces};

use crate::engine::connection::{Connection, DatabaseError};

/// A session at some moment.
pub(crate) enum SessionSnapshot {
    Postgres(postgres::Session),
    Mysql(mysql::Session),
    Sqlite(sqlite::Session),
}

impl SessionSnapshot {
    /// Notes the session as it is.
    pub(crate) async fn read(connection: &mut Connection) -> Result<Self, DatabaseError> {
        match connection.dialect() {
            Dialect::Postgres => postgres::Session::read(connection).await.map(Self::Postgres),
            Dialect::Mysql => mysql::Session::read(connection).await.map(Self::Mysql),
            Dialect::Sqlite => sqlite::Session::read(connection).await.map(Self::Sqlite),
        }
    }

    /// Puts back what has changed since, as far as the database can list it.
    pub(crate) async fn restore(&self, connection: &mut Connection) -> Result<(), DatabaseError> {
        self.undo(connection, &Traces::new(connection.dialect())).await
    }

    /// Puts back what has changed since; `traces` names what the database cannot list.
    pub(crate) async fn undo(
        &self,
        connection: &mut Connection,
        traces: &Traces,
    ) -> Result<(), DatabaseError> {
        // sqlx knows statements that it has prepared by what its answers looked like before.
        connection.forget_statements().await?;
        match self {
            Self::Postgres(session) => session.restore(connection).await,
            Self::Mysql(session) => session.restore(connection, traces).await,
            Self::Sqlite(session) => session.restore(connection).await,
        }
    }

    /// What puts a session of PostgreSQL back, whatever was done in it by then.
    pub(super) fn put_back(&self) -> Vec<String> {
        match self {
            Self::Postgres(session) => session.put_back(),
            Self::Mysql(_) | Self::Sqlite(_) => Vec::new(),
        }
    }
}

/// What puts back a session of PostgreSQL in a script, which cannot ask what the session was like before.
pub(crate) fn postgres_start() -> Vec<String> {
    postgres::Session::default().put_back()
}
