//! Reads the history tables, without the code that wrote them.

use migrate_core::Row;

use crate::Database;

/// The columns in which an online run and a script must agree: all except times, duration, user and version.
const LASTING: &str = "SELECT crate, revision, kind, sequence, description, checksum, checksum_algorithm, sql_up, \
    sql_down, down_kind, state, statements_done, statements_total, journal, data_cursor, rows_done, layout FROM _migrate_history \
    ORDER BY sequence";

/// Returns the rows of the history table as text, without the columns that differ from run to run.
pub async fn lasting(database: &Database) -> Vec<String> {
    let mut connection = database.open().await;
    let rows = match connection.query(LASTING).await {
        Ok(rows) => rows,
        // Layout 1 has another name for one column.
        Err(_) => database.query(&LASTING.replace("down_kind", "undone_by")).await,
    };
    rows.iter().map(|row| format!("{row:?}")).collect()
}

/// Returns the revisions that have a row, with their states, in the order in which they were applied.
pub async fn states(database: &Database) -> Vec<(String, String)> {
    let rows =
        database.query("SELECT revision, state FROM _migrate_history ORDER BY sequence").await;
    rows.iter().map(|row| (text(row, 0), text(row, 1))).collect()
}

/// Returns the applied revisions, in order.
pub async fn applied(database: &Database) -> Vec<String> {
    states(database)
        .await
        .into_iter()
        .filter(|(_, state)| state == "applied")
        .map(|(revision, _)| revision)
        .collect()
}

/// Returns event and revision of each row of the log, in order. In layout 1 the event's column is `deed`.
pub async fn log(database: &Database) -> Vec<String> {
    let rows = database.query("SELECT * FROM _migrate_log ORDER BY id").await;
    rows.iter().map(|row| format!("{} {}", text(row, 2), text(row, 4))).collect()
}

fn text(row: &Row, index: usize) -> String {
    row.at(index).expect("a text")
}
