//! History read from a database, and its tables made.

use std::time::Duration;

use migrate_sql::Dialect;

use crate::connection::{Connection, DatabaseError, ErrorKind, Row};
use crate::history::{History, HistoryRow, HistoryTable, LAYOUT, State, StatementJournal, Waived};
use crate::migration::Kind;
use crate::revision::{RevisionId, RevisionKey};

/// History cannot be read, or not by this program.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// The database refuses.
    #[error("the history table {table} cannot be {deed}")]
    Database {
        /// The table, quoted.
        table: String,
        /// What was tried: read or written.
        deed: &'static str,
        /// The refusal.
        source: DatabaseError,
    },
    /// A newer tool has changed the layout.
    #[error(
        "the history table {table} has layout {found}, and this program knows layouts up to {LAYOUT}"
    )]
    Newer {
        /// The table, quoted.
        table: String,
        /// Its layout.
        found: i64,
    },
    /// A row that no tool of ours has written.
    #[error("the history table {table} holds a row that cannot be read: {what}")]
    Corrupt {
        /// The table, quoted.
        table: String,
        /// The row's number and the fault.
        what: String,
    },
}

impl HistoryError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Database { source, .. } if source.kind == ErrorKind::Privilege => {
                Some("grant the role the rights to the table and its schema, or choose another with `--role`".to_owned())
            }
            Self::Database { source, .. } => source.hint.clone(),
            Self::Newer { .. } => Some("run the newer version of the tool".to_owned()),
            Self::Corrupt { .. } => Some("see who else writes to that table; `history_table` can name another".to_owned()),
        }
    }
}

/// Reads history in one round trip; nothing when the table is not there.
pub(crate) async fn read(
    connection: &mut Connection,
    table: &HistoryTable,
) -> Result<Option<History>, HistoryError> {
    let rows = match connection.fetch(&table.by_role(&table.select())).await {
        Ok(rows) => rows,
        Err(error) if error.kind == ErrorKind::UndefinedTable => return Ok(None),
        Err(source) => {
            return Err(HistoryError::Database { table: table.qualified(), deed: "read", source });
        }
    };
    let newest = rows.iter().filter_map(|row| row.get::<i64>("layout")).max().unwrap_or(LAYOUT);
    if newest > LAYOUT {
        return Err(HistoryError::Newer { table: table.qualified(), found: newest });
    }
    let rows = rows.iter().enumerate().map(|(index, row)| {
        parse(row).ok_or_else(|| HistoryError::Corrupt {
            table: table.qualified(),
            what: format!("number {}: {row:?}", index + 1),
        })
    });
    Ok(Some(History::new(rows.collect::<Result<Vec<_>, _>>()?)))
}

fn parse(row: &Row) -> Option<(RevisionKey, HistoryRow)> {
    let id = RevisionId::from(row.get::<String>("revision")?);
    let kind = match row.get::<String>("kind")?.as_str() {
        "schema" => Kind::Schema,
        "data" => Kind::Data,
        _ => return None,
    };
    let milliseconds: Option<i64> = row.get("duration_ms")?;
    let parsed = HistoryRow {
        kind,
        sequence: row.get("sequence")?,
        description: row.get("description")?,
        checksum: row.get("checksum")?,
        checksum_algorithm: row.get("checksum_algorithm")?,
        state: State::from_name(&row.get::<String>("state")?)?,
        statements_done: row.get("statements_done")?,
        statements_total: row.get("statements_total")?,
        journal: row.get::<Option<String>>("journal")?.map(|text| StatementJournal::parse(&text)),
        started_at: row.get("started_at")?,
        duration: milliseconds.and_then(|ms| u64::try_from(ms).ok()).map(Duration::from_millis),
        applied_by: row.get("applied_by")?,
        tool_version: row.get("tool_version")?,
        waivers: row
            .get::<Option<String>>("waivers")?
            .map_or_else(Vec::new, |text| Waived::read(&text)),
    };
    Some((RevisionKey::new(row.get::<String>("crate")?, id), parsed))
}

/// Creates the tables where they are missing.
pub(crate) async fn create(
    connection: &mut Connection,
    table: &HistoryTable,
) -> Result<(), HistoryError> {
    for statement in table.create() {
        let created = connection.execute(&table.by_role(&statement)).await;
        created.map_err(|source| HistoryError::Database {
            table: table.qualified(),
            deed: "created",
            source,
        })?;
    }
    Ok(())
}

/// The schema that unqualified names mean, on the engine where it is the connection's affair.
pub(crate) async fn default_schema(
    connection: &mut Connection,
) -> Result<Option<String>, DatabaseError> {
    match connection.dialect() {
        Dialect::Mysql => {
            Ok(connection.fetch_value::<Option<String>>("SELECT database()").await?.flatten())
        }
        Dialect::Postgres | Dialect::Sqlite => Ok(None),
    }
}
