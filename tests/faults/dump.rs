//! A database as it stands, in lines that two databases share if nothing tells them apart.

use migrate_core::{Connection, quote};
use migrate_tests::{Database, history, schema_of};

/// How many lines of a difference are told.
const MOST: usize = 6;

/// All that must be the same after a fault and without one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Dump {
    schema: Vec<String>,
    rows: Vec<String>,
    history: Vec<String>,
    log: Vec<String>,
}

impl Dump {
    /// Reads a database in which nobody is at work.
    pub(crate) async fn of(database: &Database) -> Self {
        Self {
            schema: schema_of(database).await,
            rows: rows_of(database).await,
            history: history::lasting(database).await,
            log: events(database).await,
        }
    }

    /// What this one has that `clean` has not, and the other way round; nothing where they are the same.
    pub(crate) fn difference(&self, clean: &Self) -> Option<String> {
        let parts = [
            ("schema", &self.schema, &clean.schema),
            ("rows", &self.rows, &clean.rows),
            ("history", &self.history, &clean.history),
            ("log", &self.log, &clean.log),
        ];
        let mut told = Vec::new();
        for (part, found, wanted) in parts.into_iter().filter(|(_, found, wanted)| found != wanted)
        {
            let extra = found.iter().filter(|line| !wanted.contains(line)).map(|line| ('+', line));
            let missing =
                wanted.iter().filter(|line| !found.contains(line)).map(|line| ('-', line));
            let lines: Vec<_> = extra.chain(missing).take(MOST).collect();
            // The same lines, but not in this order or as often.
            if lines.is_empty() {
                told.push(format!("{part} {found:?} instead of {wanted:?}"));
            }
            told.extend(lines.into_iter().map(|(sign, line)| format!("{part} {sign}{line}")));
        }
        (!told.is_empty()).then(|| told.join("; "))
    }
}

/// Every row of every table but those of history.
async fn rows_of(database: &Database) -> Vec<String> {
    let mut connection = database.open().await;
    let mut lines = Vec::new();
    for table in database.tables().await {
        lines.extend(rows_of_table(&mut connection, &table).await);
    }
    connection.close().await.expect("a goodbye");
    lines.sort_unstable();
    lines
}

async fn rows_of_table(connection: &mut Connection, table: &str) -> Vec<String> {
    let name = quote::identifier(table, connection.dialect());
    let rows = connection.query(&format!("SELECT * FROM {name}")).await.expect("its rows");
    rows.iter().map(|row| format!("{table} {row:?}")).collect()
}

/// How often each revision was applied and undone: failures and the like may come between.
async fn events(database: &Database) -> Vec<String> {
    let mut events = history::log(database).await;
    events.retain(|event| {
        event.starts_with("up ") || event.starts_with("down ") || event.starts_with("forget ")
    });
    events
}
