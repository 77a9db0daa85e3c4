//! Snapshots on SQLite, which lists a connection's settings, temporary objects and attached files.

use std::collections::{BTreeMap, BTreeSet};

use migrate_sql::{Dialect, quote};

use crate::engine::connection::{Connection, DatabaseError};

/// Settings that outlive a statement and can be queried. `foreign_keys` is read before the executor switches it for a group,
/// and restored after that. None of them reads the file, which another run may be writing.
const PRAGMAS: [&str; 25] = [
    "analysis_limit",
    "automatic_index",
    "busy_timeout",
    "cache_size",
    "cache_spill",
    "cell_size_check",
    "count_changes",
    "defer_foreign_keys",
    "foreign_keys",
    "full_column_names",
    "ignore_check_constraints",
    "journal_size_limit",
    "legacy_alter_table",
    "locking_mode",
    "query_only",
    "read_uncommitted",
    "recursive_triggers",
    "reverse_unordered_selects",
    "secure_delete",
    "short_column_names",
    "synchronous",
    "temp_store",
    "threads",
    "trusted_schema",
    "writable_schema",
];

/// A snapshot of a connection's settings and objects.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    settings: BTreeMap<String, String>,
    attached: BTreeSet<String>,
    temporary: BTreeSet<String>,
}

impl Session {
    pub(super) async fn read(connection: &mut Connection) -> Result<Self, DatabaseError> {
        let temporary = temporary(connection).await?;
        Ok(Self {
            settings: settings(connection).await?,
            attached: attached(connection).await?,
            temporary: temporary.into_iter().map(|(_, name)| name).collect(),
        })
    }

    pub(super) async fn restore(&self, connection: &mut Connection) -> Result<(), DatabaseError> {
        // First, because `query_only` would prevent dropping the rest.
        let now = settings(connection).await?;
        for (name, was) in &self.settings {
            if now.get(name).is_some_and(|now| now != was) {
                connection.execute(&format!("PRAGMA {name} = {was}")).await?;
            }
        }
        let quoted = |name: &str| quote::identifier(name, Dialect::Sqlite);
        for (kind, name) in temporary(connection).await? {
            if !self.temporary.contains(&name) {
                let drop = format!("DROP {kind} IF EXISTS temp.{}", quoted(&name));
                connection.execute(&drop).await?;
            }
        }
        for name in attached(connection).await?.difference(&self.attached) {
            connection.execute(&format!("DETACH {}", quoted(name))).await?;
        }
        Ok(())
    }
}

async fn settings(connection: &mut Connection) -> Result<BTreeMap<String, String>, DatabaseError> {
    let queries = PRAGMAS.map(|name| format!("PRAGMA {name}"));
    let mut settings = BTreeMap::new();
    for (name, row) in PRAGMAS.iter().zip(connection.fetch(&queries.join(";\n")).await?) {
        let number = row.at::<i64>(0).map(|number| number.to_string());
        settings.extend(number.or_else(|| row.at(0)).map(|value| ((*name).to_owned(), value)));
    }
    // Only `LIKE` itself shows the setting.
    let exact = connection.fetch_value::<i64>("SELECT 'a' NOT LIKE 'A'").await?;
    settings.extend(exact.map(|exact| ("case_sensitive_like".to_owned(), exact.to_string())));
    // Write-ahead logging is a property of the file, and remains.
    let journal = connection.fetch_value::<String>("PRAGMA main.journal_mode").await?;
    let journal = journal.filter(|mode| !mode.eq_ignore_ascii_case("wal"));
    settings.extend(journal.map(|mode| ("journal_mode".to_owned(), mode)));
    Ok(settings)
}

async fn attached(connection: &mut Connection) -> Result<BTreeSet<String>, DatabaseError> {
    let rows = connection.fetch("PRAGMA database_list").await?;
    let names = rows.iter().filter_map(|row| row.at::<String>(1));
    Ok(names.filter(|name| name != "main" && name != "temp").collect())
}

/// Returns the kinds and names of temporary objects, in an order in which they can be dropped. Indexes are dropped with their
/// tables, and shadow tables with their virtual table.
async fn temporary(connection: &mut Connection) -> Result<Vec<(String, String)>, DatabaseError> {
    let list = "SELECT type, name FROM sqlite_temp_master WHERE type IN ('table', 'trigger', 'view') \
                AND name NOT LIKE 'sqlite!_%' ESCAPE '!' \
                ORDER BY type = 'table', sql NOT LIKE 'CREATE VIRTUAL%', name";
    let rows = connection.fetch(list).await?;
    Ok(rows.iter().filter_map(|row| Some((row.at(0)?, row.at(1)?))).collect())
}
