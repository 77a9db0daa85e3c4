//! SQLite's foreign keys around a group.
//!
//! A table rebuild drops the old table, and dropping deletes its rows first: with enforcement on, that deletes the rows
//! of every table that refers to it with `ON DELETE CASCADE`. So schema steps run with enforcement off. It can only be
//! switched outside a transaction, and nothing may be violated at the end that was not before.

use std::collections::BTreeSet;

use crate::engine::connection::{Connection, DatabaseError, ErrorKind, Row};

/// The original state of enforcement.
pub(super) struct ForeignKeys {
    enforced: bool,
    /// The violations before; `None` where enforcement was not switched off.
    violated: Option<BTreeSet<String>>,
}

impl ForeignKeys {
    /// Switches enforcement off for schema steps.
    pub(super) async fn relax(
        connection: &mut Connection,
        schema: bool,
    ) -> Result<Self, DatabaseError> {
        let enforced = connection.fetch_value::<i64>("PRAGMA foreign_keys").await? == Some(1);
        if schema && enforced {
            connection.execute("PRAGMA foreign_keys = OFF").await?;
        }
        Ok(Self { enforced, violated: None })
    }

    /// Records the existing violations. Must be called in the transaction.
    pub(super) async fn note(
        &mut self,
        connection: &mut Connection,
        schema: bool,
    ) -> Result<(), DatabaseError> {
        if schema && self.enforced {
            self.violated = Some(violations(connection).await?);
        }
        Ok(())
    }

    /// Returns the violations that did not exist before.
    pub(super) async fn new_violations(
        &self,
        connection: &mut Connection,
    ) -> Result<Vec<String>, DatabaseError> {
        match &self.violated {
            None => Ok(Vec::new()),
            Some(before) => Ok(violations(connection).await?.difference(before).cloned().collect()),
        }
    }

    /// Restores enforcement.
    pub(super) async fn restore(&self, connection: &mut Connection) -> Result<(), DatabaseError> {
        if self.enforced { connection.execute("PRAGMA foreign_keys = ON").await } else { Ok(()) }
    }
}

async fn violations(connection: &mut Connection) -> Result<BTreeSet<String>, DatabaseError> {
    let rows = match connection.fetch("PRAGMA foreign_key_check").await {
        Ok(rows) => rows,
        // A reference to columns without a key cannot be checked, which is itself a violation.
        Err(error) if error.kind == ErrorKind::Other => return Ok(BTreeSet::from([error.message])),
        Err(error) => return Err(error),
    };
    let describe = |row: &Row| {
        let table: String = row.at(0).unwrap_or_default();
        let parent: String = row.at(2).unwrap_or_default();
        match row.at::<i64>(1) {
            Some(number) => {
                format!("row {number} of `{table}` refers to a missing row of `{parent}`")
            }
            None => format!("a row of `{table}` refers to a missing row of `{parent}`"),
        }
    };
    Ok(rows.iter().map(describe).collect())
}
