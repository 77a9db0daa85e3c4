//! What a session's settings were, to put them back after something that may change them.

use std::collections::BTreeMap;

use migrate_sql::{Dialect, quote};

use crate::connection::{Connection, DatabaseError, Row};

/// A session's settings at some moment.
pub(crate) struct Baseline {
    settings: BTreeMap<String, String>,
    /// PostgreSQL's role, MySQL's database.
    place: Option<String>,
}

/// SQLite's settings that outlive a statement and can be asked for. `foreign_keys` is noted before the executor switches
/// it for a group, and put back after the executor has.
const PRAGMAS: [&str; 7] = [
    "defer_foreign_keys",
    "foreign_keys",
    "ignore_check_constraints",
    "legacy_alter_table",
    "query_only",
    "recursive_triggers",
    "trusted_schema",
];

/// MySQL's variables that change by themselves, or cannot be set back.
const RESTLESS: [&str; 9] = [
    "error_count",
    "identity",
    "insert_id",
    "last_gtid",
    "last_insert_id",
    "pseudo_thread_id",
    "rand_seed1",
    "timestamp",
    "warning_count",
];

impl Baseline {
    /// Notes the settings as they are.
    pub(crate) async fn read(connection: &mut Connection) -> Result<Self, DatabaseError> {
        let place = match connection.dialect() {
            Dialect::Postgres => {
                connection.fetch_value("SELECT pg_catalog.current_setting('role')").await?
            }
            Dialect::Mysql => {
                connection.fetch_value::<Option<String>>("SELECT database()").await?.flatten()
            }
            Dialect::Sqlite => None,
        };
        Ok(Self { settings: read_settings(connection).await?, place })
    }

    /// Puts back what has changed since.
    pub(crate) async fn restore(self, connection: &mut Connection) -> Result<(), DatabaseError> {
        let dialect = connection.dialect();
        let statements = match dialect {
            Dialect::Postgres => self.put_back(),
            Dialect::Mysql | Dialect::Sqlite => {
                let now = read_settings(connection).await?;
                let changed = self
                    .settings
                    .iter()
                    .filter(|(name, was)| now.get(*name).is_some_and(|now| now != *was));
                let set = changed.map(|(name, was)| match dialect {
                    Dialect::Mysql => {
                        format!("SET SESSION {} = {}", of_variable(name), variable(was))
                    }
                    Dialect::Postgres | Dialect::Sqlite => format!("PRAGMA {name} = {was}"),
                });
                let used = self
                    .place
                    .iter()
                    .map(|database| format!("USE {}", quote::identifier(database, dialect)));
                set.chain(used).collect()
            }
        };
        if statements.is_empty() {
            return Ok(());
        }
        connection.execute(&statements.join(";\n")).await
    }

    /// What puts back the settings of a session of PostgreSQL, whatever they are by then.
    pub(super) fn put_back(&self) -> Vec<String> {
        let text = |text: &str| quote::literal(text, Dialect::Postgres);
        let set = |(name, value): (&String, &String)| {
            format!("SELECT pg_catalog.set_config({}, {}, false)", text(name), text(value))
        };
        let role = self.place.as_ref().filter(|role| *role != "none");
        let role =
            role.map(|role| format!("SET ROLE {}", quote::identifier(role, Dialect::Postgres)));
        ["RESET ROLE".to_owned(), "RESET ALL".to_owned()]
            .into_iter()
            .chain(self.settings.iter().map(set))
            .chain(role)
            .collect()
    }
}

async fn read_settings(
    connection: &mut Connection,
) -> Result<BTreeMap<String, String>, DatabaseError> {
    let mut settings = BTreeMap::new();
    match connection.dialect() {
        Dialect::Postgres => {
            // What ends with each transaction is no session's.
            let query = "SELECT name, setting FROM pg_catalog.pg_settings WHERE source = 'session' AND name NOT IN \
                         ('transaction_isolation', 'transaction_read_only', 'transaction_deferrable')";
            settings.extend(connection.fetch(query).await?.iter().filter_map(pair));
        }
        Dialect::Mysql => {
            settings
                .extend(connection.fetch("SHOW SESSION VARIABLES").await?.iter().filter_map(pair));
            settings.retain(|name, _| !RESTLESS.contains(&name.as_str()));
        }
        Dialect::Sqlite => {
            for pragma in PRAGMAS {
                if let Some(value) =
                    connection.fetch_value::<i64>(&format!("PRAGMA {pragma}")).await?
                {
                    settings.insert(pragma.to_owned(), value.to_string());
                }
            }
        }
    }
    Ok(settings)
}

fn pair(row: &Row) -> Option<(String, String)> {
    Some((row.at(0)?, row.at(1)?))
}

/// A variable's name; those of MySQL's components have two parts.
fn of_variable(name: &str) -> String {
    let parts = name.split('.').map(|part| quote::identifier(part, Dialect::Mysql));
    parts.collect::<Vec<_>>().join(".")
}

/// A number must not be quoted, and everything else must be.
fn variable(value: &str) -> String {
    let is_number =
        value.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E'));
    if is_number && value.parse::<f64>().is_ok() {
        value.to_owned()
    } else {
        quote::literal(value, Dialect::Mysql)
    }
}
