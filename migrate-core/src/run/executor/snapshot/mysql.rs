//! Snapshots on MySQL and MariaDB. They list settings, and some servers user variables; the rest is known from the SQL.

use std::collections::{BTreeMap, BTreeSet};

use migrate_sql::{Dialect, Traces, quote};

use crate::engine::connection::{Connection, DatabaseError, Row};

/// Variables that change on their own, or cannot be restored.
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

/// Resets variables for which it cannot be determined whether they were set.
const AS_AT_FIRST: &str = "SET SESSION timestamp = DEFAULT, insert_id = 0, last_insert_id = 0";

/// The query for the current database and role. The second column exists only on some servers.
const PLACE: &str = "SELECT database() /*!80000 , current_role() */ /*M!100005 , current_role() */";

/// How often releasing a lock is tried.
const MOST_LOCKS: usize = 1000;

/// A snapshot of a session's settings, variables, database and role.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    settings: BTreeMap<String, String>,
    variables: BTreeSet<String>,
    place: Place,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Place {
    database: Option<String>,
    role: Option<String>,
}

impl Session {
    pub(super) async fn read(connection: &mut Connection) -> Result<Self, DatabaseError> {
        Ok(Self {
            settings: settings(connection).await?,
            variables: variables(connection).await?,
            place: Place::read(connection).await?,
        })
    }

    pub(super) async fn restore(
        &self,
        connection: &mut Connection,
        traces: &Traces,
    ) -> Result<(), DatabaseError> {
        free(connection, traces).await?;
        let called = called(connection, traces).await?;
        run_all(connection, &called.as_ref().unwrap_or(traces).undo()).await?;
        let now = settings(connection).await?;
        let changed = self
            .settings
            .iter()
            .filter(|(name, was)| now.get(*name).is_some_and(|now| now != *was))
            .map(|(name, was)| format!("SET SESSION {} = {}", of_variable(name), variable(was)));
        let set = variables(connection).await?;
        let unset = set
            .difference(&self.variables)
            .map(|name| format!("SET @{} = NULL", quote::identifier(name, Dialect::Mysql)));
        let place = Place::read(connection).await?;
        let mut statements: Vec<String> = changed.chain(unset).collect();
        statements.push(AS_AT_FIRST.to_owned());
        statements.extend(self.place.back_from(&place));
        run_each(connection, &statements, is_of_server).await
    }
}

impl Place {
    async fn read(connection: &mut Connection) -> Result<Self, DatabaseError> {
        let rows = connection.fetch(PLACE).await?;
        let Some(row) = rows.first() else { return Ok(Self::default()) };
        let role = row.at::<Option<String>>(1).flatten().filter(|role| role != "NONE");
        Ok(Self { database: row.at::<Option<String>>(0).flatten(), role })
    }

    fn back_from(&self, now: &Self) -> Vec<String> {
        let quoted = |name: &str| quote::identifier(name, Dialect::Mysql);
        let used = self.database.iter().filter(|_| self.database != now.database);
        let used = used.map(|database| format!("USE {}", quoted(database)));
        let role = match &self.role {
            role if *role == now.role => None,
            None => Some("SET ROLE NONE".to_owned()),
            // MySQL returns a list that is already quoted.
            Some(list) if list.starts_with('`') => Some(format!("SET ROLE {list}")),
            Some(role) => Some(format!("SET ROLE {}", quoted(role))),
        };
        role.into_iter().chain(used).collect()
    }
}

async fn settings(connection: &mut Connection) -> Result<BTreeMap<String, String>, DatabaseError> {
    let rows = connection.fetch("SHOW SESSION VARIABLES").await?;
    let pair = |row: &Row| Some((row.at::<String>(0)?, row.at(1)?));
    let lasting = |(name, _): &(String, String)| !RESTLESS.contains(&name.as_str());
    Ok(rows.iter().filter_map(pair).filter(lasting).collect())
}

/// Returns the user variables that have a value, if the server lists them.
async fn variables(connection: &mut Connection) -> Result<BTreeSet<String>, DatabaseError> {
    const LISTS: [&str; 2] = [
        "SELECT variable_name FROM information_schema.user_variables WHERE variable_value IS NOT NULL",
        "SELECT v.variable_name FROM performance_schema.user_variables_by_thread v \
         JOIN performance_schema.threads t ON t.thread_id = v.thread_id \
         WHERE t.processlist_id = connection_id() AND v.variable_value IS NOT NULL",
    ];
    for list in LISTS {
        match connection.fetch(list).await {
            Ok(rows) => return Ok(rows.iter().filter_map(|row| row.at(0)).collect()),
            Err(error) if error.is_loss() => return Err(error),
            Err(_) => {}
        }
    }
    Ok(BTreeSet::new())
}

/// Returns what called procedures may have left, according to their texts.
async fn called(
    connection: &mut Connection,
    traces: &Traces,
) -> Result<Option<Traces>, DatabaseError> {
    if !traces.calls() {
        return Ok(None);
    }
    let bodies = "SELECT routine_schema, routine_definition FROM information_schema.routines \
                  WHERE routine_definition LIKE '%TEMPORARY%'";
    let mut traces = traces.clone();
    for row in connection.fetch(bodies).await? {
        if let (Some(database), Some(body)) = (row.at::<String>(0), row.at::<String>(1)) {
            traces.note_body(&database, &body);
        }
    }
    Ok(Some(traces))
}

/// Releases the locks as often as they were acquired.
async fn free(connection: &mut Connection, traces: &Traces) -> Result<(), DatabaseError> {
    for name in traces.locks() {
        let own = format!("SELECT is_used_lock({name}) = connection_id()");
        for _ in 0..MOST_LOCKS {
            match connection.fetch_value::<Option<i64>>(&own).await {
                Ok(Some(Some(1))) => {}
                Err(error) if error.is_loss() => return Err(error),
                // A name that is computed from a row cannot be evaluated here.
                Ok(_) | Err(_) => break,
            }
            run_all(connection, &[format!("DO RELEASE_LOCK({name})")]).await?;
        }
    }
    Ok(())
}

/// Runs all statements, even after one that fails: what was not created because of a failure cannot be removed.
async fn run_all(connection: &mut Connection, statements: &[String]) -> Result<(), DatabaseError> {
    run_each(connection, statements, |_| true).await
}

/// Runs all statements, even after one whose failure `passes`.
async fn run_each(
    connection: &mut Connection,
    statements: &[String],
    passes: impl Fn(&DatabaseError) -> bool,
) -> Result<(), DatabaseError> {
    let mut left = statements;
    while !left.is_empty() {
        let ran = connection.run(&left.join(";\n")).await;
        match ran.outcome {
            Ok(()) => return Ok(()),
            Err(error) if error.is_loss() || !passes(&error) => return Err(error),
            Err(error) => {
                tracing::debug!(%error, "nothing to undo");
                left = left.get(ran.answers.len() + 1..).unwrap_or_default();
            }
        }
    }
    Ok(())
}

/// Returns whether a variable is the server's and not the session's. `SHOW SESSION VARIABLES` lists both, and the server's
/// change while a run goes on: by an administrator, by `SET GLOBAL`, and with the binary log by every write.
fn is_of_server(error: &DatabaseError) -> bool {
    const GLOBAL: &str = "error 1229";
    const READ_ONLY: &str = "error 1238";
    let code = error.code.as_deref().unwrap_or_default();
    code.ends_with(GLOBAL) || code.ends_with(READ_ONLY)
}

/// Quotes a variable's name. Names of MySQL's components have two parts.
fn of_variable(name: &str) -> String {
    let parts = name.split('.').map(|part| quote::identifier(part, Dialect::Mysql));
    parts.collect::<Vec<_>>().join(".")
}

/// Quotes a value, unless it is a number.
fn variable(value: &str) -> String {
    let is_number =
        value.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E'));
    if is_number && value.parse::<f64>().is_ok() {
        value.to_owned()
    } else {
        quote::literal(value, Dialect::Mysql)
    }
}
