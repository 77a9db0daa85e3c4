//! Statements of PostgreSQL that must not be cancelled while they wait for a lock, unlike others.

use migrate_sql::{Dialect, quote};

use crate::engine::connection::{Connection, DatabaseError};

/// A session that waits for locks without limit, until the limit is restored.
#[derive(Debug)]
pub(super) struct Patience {
    before: String,
}

impl Patience {
    /// Makes the session wait without limit; `None` if it already does.
    pub(super) async fn begin(connection: &mut Connection) -> Result<Option<Self>, DatabaseError> {
        if connection.dialect() != Dialect::Postgres {
            return Ok(None);
        }
        let ask = "SELECT pg_catalog.current_setting('lock_timeout')";
        let before = connection.fetch_value::<String>(ask).await?.filter(|limit| limit != "0");
        if before.is_some() {
            connection.execute("SET lock_timeout = 0").await?;
        }
        Ok(before.map(|before| Self { before }))
    }

    /// Restores the limit.
    pub(super) async fn end(self, connection: &mut Connection) -> Result<(), DatabaseError> {
        let before = quote::literal(&self.before, Dialect::Postgres);
        connection.execute(&format!("SET lock_timeout = {before}")).await
    }
}

/// Runs a statement that removes leftovers of another one, and must not leave any itself.
pub(super) async fn run(connection: &mut Connection, sql: &str) -> Result<(), DatabaseError> {
    let patience =
        if sql.contains("CONCURRENTLY") { Patience::begin(connection).await? } else { None };
    let outcome = connection.execute(sql).await;
    let ended = match patience {
        Some(patience) => patience.end(connection).await,
        None => Ok(()),
    };
    outcome.and(ended)
}
