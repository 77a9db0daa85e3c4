//! Reads history from a database, and creates its tables.

use std::collections::BTreeMap;
use std::time::Duration;

use migrate_sql::Dialect;

use crate::declare::migration::Kind;
use crate::declare::revision::{RevisionId, RevisionKey};
use crate::engine::connection::{Connection, DatabaseError, ErrorKind, Row, hint};
use crate::history::{
    History, HistoryRow, HistoryTable, Kept, LAYOUT, Mark, PlaceError, State, StatementJournal,
    Undo, Waived,
};

/// History cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// The database refused a statement.
    #[error("the history table {table} cannot be {action}")]
    Database {
        /// The table, quoted.
        table: String,
        /// What was tried: `located`, `read`, `created` or `upgraded`.
        action: &'static str,
        /// The database's error.
        source: DatabaseError,
    },
    /// A newer version has changed the layout.
    #[error(
        "the history table {table} has layout {found}, but this program knows only layouts up to {LAYOUT}"
    )]
    Newer {
        /// The table, quoted.
        table: String,
        /// Its layout.
        found: i64,
    },
    /// The server would truncate names so that two tables would share one.
    #[error(
        "the history table's name `{table}` is too long: related tables have names up to {more} characters longer, and the \
        server allows {most}"
    )]
    TooLong {
        /// The table's name.
        table: String,
        /// How much longer the longest related name is.
        more: usize,
        /// The length that the server allows.
        most: usize,
    },
    /// The schema for history cannot be determined.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// A row was not written by this tool.
    #[error("the history table {table} holds a row that cannot be read: {what}")]
    Corrupt {
        /// The table, quoted.
        table: String,
        /// The row's number and its content.
        what: String,
    },
}

impl HistoryError {
    /// Returns what to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Database { source, .. } => {
                source.hint.clone().or_else(|| hint::of_access(source).map(str::to_owned))
            }
            Self::TooLong { .. } => Some("give `[history] table` a shorter name".to_owned()),
            Self::Place(error) => Some(error.hint()),
            Self::Newer { .. } => Some("use the newer version of the tool".to_owned()),
            Self::Corrupt { .. } => Some(
                "check what else writes to that table, or choose another with `history_table`"
                    .to_owned(),
            ),
        }
    }
}

/// History as it was read.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) history: History,
    /// Whether the table does not exist.
    pub(crate) missing: bool,
    /// Whether an earlier version created the table, and it lacks columns.
    pub(crate) narrow: bool,
    /// The number of the log's last row about a change, read before history; `None` if there is no log.
    pub(crate) last_change: Option<i64>,
}

/// The SQL of a revision, as history keeps it.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    pub(crate) up: Option<String>,
    pub(crate) down: Option<String>,
}

/// Refuses a table whose name, truncated, would also be the name of a related table.
pub(crate) fn check_names(table: &HistoryTable) -> Result<(), HistoryError> {
    let (name, beside) = table.longest_names();
    let (most, length): (_, fn(&str) -> usize) = match table.dialect() {
        Dialect::Postgres => (63, str::len),
        Dialect::Mysql => (64, |name| name.chars().count()),
        Dialect::Sqlite => return Ok(()),
    };
    let more = length(beside).saturating_sub(length(name));
    if length(beside).max(length(name)) <= most {
        return Ok(());
    }
    Err(HistoryError::TooLong { table: name.to_owned(), more, most })
}

/// Reads history in one round trip, or in two where the table lacks columns.
pub(crate) async fn read(
    connection: &mut Connection,
    table: &HistoryTable,
) -> Result<Read, HistoryError> {
    let refused =
        |source| HistoryError::Database { table: table.qualified(), action: "read", source };
    let (rows, narrow) = match fetch(connection, table, &table.select()).await {
        Ok(rows) => (rows, false),
        Err(error) if error.kind == ErrorKind::UndefinedTable => {
            return Ok(Read { missing: true, ..Read::default() });
        }
        Err(error) if error.kind == ErrorKind::UndefinedColumn => {
            (fetch(connection, table, &table.select_narrow()).await.map_err(refused)?, true)
        }
        Err(source) => return Err(refused(source)),
    };
    let newest = rows.iter().filter_map(|row| row.get::<i64>("layout")).max().unwrap_or(LAYOUT);
    if newest > LAYOUT {
        return Err(HistoryError::Newer { table: table.qualified(), found: newest });
    }
    // Each is let go as it is parsed: history may be long.
    let rows = rows.into_iter().enumerate().map(|(index, row)| {
        parse(&row).ok_or_else(|| HistoryError::Corrupt {
            table: table.qualified(),
            what: format!("number {}: {row:?}", index + 1),
        })
    });
    let history = History::new(rows.collect::<Result<Vec<_>, _>>()?);
    Ok(Read { history, narrow, ..Read::default() })
}

/// Reads the number of the log's last row about a change; `None` if there is no log.
pub(crate) async fn read_last_change(
    connection: &mut Connection,
    table: &HistoryTable,
) -> Result<Option<i64>, HistoryError> {
    let now = table.select_last_change();
    // Tried once more at the end: another run may have renamed the column in between.
    let queries = [&now, &table.select_last_change_of_old(), &now];
    let mut asked = Ok(Vec::new());
    for query in queries {
        asked = fetch(connection, table, query).await;
        if !asked.as_ref().is_err_and(|error| error.kind == ErrorKind::UndefinedColumn) {
            break;
        }
    }
    match asked {
        Ok(rows) => Ok(rows.first().and_then(|row| row.at(0))),
        Err(error) if error.kind == ErrorKind::UndefinedTable => Ok(None),
        Err(source) => {
            Err(HistoryError::Database { table: table.qualified(), action: "read", source })
        }
    }
}

/// Reads the mark that tells whether history has changed.
pub(crate) async fn read_mark(
    connection: &mut Connection,
    table: &HistoryTable,
) -> Result<Mark, HistoryError> {
    let rows = fetch(connection, table, &table.select_mark()).await.map_err(|source| {
        HistoryError::Database { table: table.qualified(), action: "read", source }
    })?;
    let mark = rows
        .first()
        .and_then(|row| Some(Mark { log: row.at(0)?, rows: row.at(1)?, unfinished: row.at(2)? }));
    mark.ok_or_else(|| HistoryError::Corrupt {
        table: table.qualified(),
        what: "its rows cannot be counted".to_owned(),
    })
}

fn parse(row: &Row) -> Option<(RevisionKey, HistoryRow)> {
    let id = RevisionId::from(row.get::<String>("revision")?);
    let kind = match row.get::<String>("kind")?.as_str() {
        "schema" => Kind::Schema,
        "data" => Kind::Data,
        _ => return None,
    };
    // A negative count would be taken for zero, and finished statements would run again.
    let count = |column| row.get::<i64>(column).filter(|count| *count >= 0);
    let milliseconds: Option<i64> = row.get("duration_ms")?;
    let parsed = HistoryRow {
        kind,
        sequence: row.get("sequence")?,
        description: row.get("description")?,
        checksum: row.get("checksum")?,
        checksum_algorithm: row.get("checksum_algorithm")?,
        state: State::from_name(&row.get::<String>("state")?)?,
        statements_done: count("statements_done")?,
        statements_total: count("statements_total")?,
        journal: row.get::<Option<String>>("journal")?.map(|text| StatementJournal::parse(&text)),
        kept: row
            .get::<Option<String>>("session")?
            .map_or_else(Kept::default, |text| Kept::parse(&text)),
        started_at: row.get("started_at")?,
        duration: milliseconds.and_then(|ms| u64::try_from(ms).ok()).map(Duration::from_millis),
        applied_by: row.get("applied_by")?,
        tool_version: row.get("tool_version")?,
        waivers: row
            .get::<Option<String>>("waivers")?
            .map_or_else(Vec::new, |text| Waived::read(&text)),
        undo: row.get::<Option<String>>("down_kind")?.and_then(|word| Undo::from_name(&word)),
        sql_down: None,
    };
    Some((RevisionKey::new(row.get::<String>("crate")?, id), parsed))
}

/// Reads the SQL, up and down, that revisions were applied with, as far as history has kept it.
pub(crate) async fn texts(
    connection: &mut Connection,
    table: &HistoryTable,
    keys: &[RevisionKey],
) -> Result<BTreeMap<RevisionKey, Texts>, HistoryError> {
    let mut texts = BTreeMap::new();
    // More than an engine accepts in one expression would fail.
    for keys in keys.chunks(200) {
        let query = table.select_texts(keys);
        let rows = fetch(connection, table, &query).await.map_err(|source| {
            HistoryError::Database { table: table.qualified(), action: "read", source }
        })?;
        texts.extend(rows.iter().filter_map(|row| {
            let id = RevisionId::from(row.get::<String>("revision")?);
            let key = RevisionKey::new(row.get::<String>("crate")?, id);
            Some((key, Texts { up: row.get("sql_up")?, down: row.get("sql_down")? }))
        }));
    }
    Ok(texts)
}

/// Queries the tables with the privileges of the configured role.
pub(crate) async fn fetch(
    connection: &mut Connection,
    table: &HistoryTable,
    query: &str,
) -> Result<Vec<Row>, DatabaseError> {
    connection.ask(&table.by_role(query)).await
}

/// Creates the tables where they are missing.
pub(crate) async fn create(
    connection: &mut Connection,
    table: &HistoryTable,
) -> Result<(), HistoryError> {
    let refused =
        |source| HistoryError::Database { table: table.qualified(), action: "created", source };
    for statement in table.create() {
        connection.execute(&table.by_role(&statement)).await.map_err(refused)?;
    }
    // The log may exist without the history table, from an earlier version.
    let log = columns(connection, table, &table.select_log_columns()).await.map_err(refused)?;
    if let Some(rename) = table.rename_in_log(&log) {
        connection.execute(&table.by_role(&rename)).await.map_err(refused)?;
    }
    Ok(())
}

/// Upgrades tables of an earlier version: adds missing columns and renames others.
pub(crate) async fn widen(
    connection: &mut Connection,
    table: &HistoryTable,
) -> Result<(), HistoryError> {
    let refused =
        |source| HistoryError::Database { table: table.qualified(), action: "upgraded", source };
    for statement in lacking(connection, table).await.map_err(refused)? {
        tracing::info!(statement, "upgrading the history table");
        if let Err(error) = connection.execute(&table.by_role(&statement)).await {
            // Without a lock, another run may have been faster.
            let left = lacking(connection, table).await.map_err(refused)?;
            return if left.is_empty() { Ok(()) } else { Err(refused(error)) };
        }
    }
    Ok(())
}

/// Returns the statements that upgrade the tables of an earlier version.
async fn lacking(
    connection: &mut Connection,
    table: &HistoryTable,
) -> Result<Vec<String>, DatabaseError> {
    let log = columns(connection, table, &table.select_log_columns()).await?;
    let history = columns(connection, table, &table.select_columns()).await?;
    Ok(table.upgrade(&history, &log))
}

async fn columns(
    connection: &mut Connection,
    table: &HistoryTable,
    query: &str,
) -> Result<Vec<String>, DatabaseError> {
    let rows = fetch(connection, table, query).await?;
    Ok(rows.iter().filter_map(|row| row.at(0)).collect())
}
