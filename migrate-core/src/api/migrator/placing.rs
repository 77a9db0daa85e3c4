//! Finds the schema of history.

use migrate_sql::Dialect;

use crate::engine::connection::{Connection, DatabaseError};
use crate::history::store::HistoryError;
use crate::history::{HistoryTable, PlaceError, Schemas, choose};
use crate::run::settings::Settings;

/// Returns the history table of these settings: in the configured schema, or where the session creates tables. `wanted` is the
/// URL's search path, `database` its database, if it names one. Takes at most one round trip.
pub(crate) async fn place(
    connection: &mut Connection,
    settings: &Settings,
    (wanted, database): (Option<&str>, Option<String>),
) -> Result<HistoryTable, HistoryError> {
    let dialect = connection.dialect();
    let named = settings.history_schema.as_ref();
    // The queries only need its name and role.
    let asking = settings.history_table(dialect, None);
    let refused = |source| HistoryError::Database {
        table: format!("`{}`", settings.history_table),
        action: "located",
        source,
    };
    let schema = match (dialect, named) {
        (_, Some(schema)) => {
            let query = asking.by_role(&asking.find_schema(schema));
            if connection.fetch(&query).await.map_err(refused)?.is_empty() {
                return Err(PlaceError::Unknown { schema: schema.clone() }.into());
            }
            Some(schema.clone())
        }
        (Dialect::Postgres, None) => {
            let schemas = look(connection, &asking).await.map_err(refused)?;
            Some(choose(&settings.history_table, wanted, schemas)?)
        }
        (Dialect::Mysql, None) => {
            let used = match database {
                Some(database) => Some(database),
                None => in_use(connection).await.map_err(refused)?,
            };
            Some(used.ok_or(PlaceError::NoDatabase)?)
        }
        (Dialect::Sqlite, None) => None,
    };
    Ok(settings.history_table(dialect, schema))
}

async fn look(connection: &mut Connection, table: &HistoryTable) -> Result<Schemas, DatabaseError> {
    let mut schemas = Schemas::default();
    for row in connection.fetch(&table.by_role(&table.find_histories())).await? {
        let (part, name) = (row.at::<i64>(0), row.at::<Option<String>>(1).flatten());
        match (part, name) {
            (Some(0), name) => schemas.current = name,
            (Some(1), Some(path)) => schemas.path = path,
            (Some(2), Some(schema)) => schemas.on_path.push(schema),
            (_, Some(schema)) => schemas.off_path.push(schema),
            (_, None) => {}
        }
    }
    Ok(schemas)
}

/// Returns the current database.
async fn in_use(connection: &mut Connection) -> Result<Option<String>, DatabaseError> {
    Ok(connection.fetch_value::<Option<String>>("SELECT database()").await?.flatten())
}
