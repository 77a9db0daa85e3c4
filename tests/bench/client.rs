//! The engine's own client with scripts as people write them: the statements, and a row of history for each migration.

use migrate_core::{Dialect, quote};
use migrate_tests::Database;

use crate::peer::{Action, Peer, Work};
use crate::revisions;

/// `sqlite3` in one transaction, or `psql` with a transaction for each migration and a round trip for each statement.
pub(crate) struct Plain {
    engine: Dialect,
    up: String,
    down: String,
}

impl Plain {
    pub(crate) fn new(engine: Dialect, count: usize) -> Self {
        let up = (1..=count).map(|number| {
            let [table, index] = revisions::up(number);
            vec![table, index, insert(engine, number)]
        });
        let down = (1..=count).rev().map(|number| {
            vec![
                revisions::down(number),
                format!("DELETE FROM history WHERE revision = '{}'", revisions::id(number)),
            ]
        });
        Self {
            engine,
            up: format!("{HISTORY};\n{}", script(engine, up)),
            down: script(engine, down),
        }
    }
}

impl Peer for Plain {
    fn name(&self) -> &'static str {
        match self.engine {
            Dialect::Sqlite => "sqlite3, one transaction",
            Dialect::Postgres => "psql, a transaction each",
            Dialect::Mysql => "mariadb",
        }
    }

    fn work(&self, _: &Database, action: Action) -> Option<Work> {
        Some(Work::Script(match action {
            Action::Up => self.up.clone(),
            Action::Nothing => read_history(self.engine, "history"),
            Action::Down => self.down.clone(),
        }))
    }
}

/// As wide as ours, because writing it and reading it is part of the work.
const HISTORY: &str = "CREATE TABLE history (crate text NOT NULL, revision text NOT NULL, kind text NOT NULL, \
    sequence bigint NOT NULL, description text NOT NULL, checksum text, checksum_algorithm text, sql_up text, \
    sql_down text, state text NOT NULL, statements_done bigint NOT NULL, statements_total bigint NOT NULL, \
    started_at timestamp NOT NULL, duration_ms bigint, applied_by text NOT NULL, tool_version text NOT NULL, \
    layout bigint NOT NULL, PRIMARY KEY (crate, revision), UNIQUE (sequence))";

fn insert(engine: Dialect, number: usize) -> String {
    let id = revisions::id(number);
    let (up, down) = (revisions::up(number).join(";\n"), revisions::down(number));
    format!(
        "INSERT INTO history VALUES ('bench', '{id}', 'schema', {number}, 'create t{id}', '{number:064}', 'tokens-1', \
         {up}, {down}, 'applied', 2, 2, CURRENT_TIMESTAMP, 1, 'bench', 'by hand', 1)",
        up = quote::literal(&up, engine),
        down = quote::literal(&down, engine),
    )
}

/// Reads what `up` reads when it finds nothing to do.
pub(crate) fn read_history(engine: Dialect, table: &str) -> String {
    let bare = if engine == Dialect::Postgres { "\\pset format unaligned\n" } else { "" };
    format!(
        "{bare}SELECT crate, revision, kind, sequence, description, checksum, checksum_algorithm, state, \
         statements_done, statements_total, started_at, duration_ms, applied_by, tool_version, layout FROM {table};\n"
    )
}

fn script(engine: Dialect, migrations: impl Iterator<Item = Vec<String>>) -> String {
    let mut script: Vec<String> = match engine {
        Dialect::Postgres => vec!["\\set ON_ERROR_STOP on\n".to_owned()],
        Dialect::Sqlite | Dialect::Mysql => vec!["BEGIN;\n".to_owned()],
    };
    for statements in migrations {
        let each = statements.join(";\n");
        script.push(match engine {
            Dialect::Postgres => format!("BEGIN;\n{each};\nCOMMIT;\n"),
            Dialect::Sqlite | Dialect::Mysql => format!("{each};\n"),
        });
    }
    if engine != Dialect::Postgres {
        script.push("COMMIT;\n".to_owned());
    }
    script.concat()
}
