//! The SQL of the history tables, for online runs and offline scripts.

mod columns;
mod hit;
mod lease;
mod placing;
mod reading;
mod writing;

use migrate_sql::{Dialect, quote};

use self::columns::{
    Column, DOWN_KIND, HISTORY, LOG, RENAMED_IN_HISTORY, RENAMED_IN_LOG, in_dialect, nullable,
};
pub(crate) use self::hit::is_miss;
pub(crate) use self::lease::LeaseOwner;
use crate::declare::migration::Kind;
use crate::declare::revision::RevisionKey;
use crate::history::{State, StatementJournal, Undo};

/// The version of the tables' layout. Increased when older binaries can no longer read them.
pub(crate) const LAYOUT: i64 = 2;

/// The limits for statements outside a run's transactions on PostgreSQL.
const LIMITS: &str = "SET LOCAL statement_timeout = 0;\nSET LOCAL lock_timeout = 5000;\n";

/// The name of this tool and its version, stored in history.
pub(crate) const TOOL: &str = concat!("migrate ", env!("CARGO_PKG_VERSION"));

/// The history tables: a dialect, a schema and a table's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryTable {
    dialect: Dialect,
    schema: Option<String>,
    history: String,
    log: String,
    lease: String,
    /// The actor stored in history; `None` for the database user.
    actor: Option<String>,
    /// The role whose privileges are used for the tables, if the session does not have them.
    role: Option<String>,
}

/// The row written before a revision is applied.
#[derive(Clone, Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) key: &'a RevisionKey,
    pub(crate) kind: Kind,
    /// `None` uses the next free number, for scripts, where it is not known.
    pub(crate) sequence: Option<i64>,
    pub(crate) description: &'a str,
    pub(crate) checksum: Option<(String, &'static str)>,
    pub(crate) sql_up: Option<&'a str>,
    pub(crate) sql_down: Option<&'a str>,
    pub(crate) waivers: Option<&'a str>,
    pub(crate) undo: Undo,
    pub(crate) state: State,
    pub(crate) statements_done: usize,
    pub(crate) statements_total: usize,
    /// The statements started with the row; `None` where they all run in one transaction.
    pub(crate) journal: Option<&'a Beginning>,
}

/// The journal with which a step starts.
#[derive(Clone, Debug)]
pub(crate) struct Beginning {
    /// The started statements, including the one that is started now.
    pub(crate) journal: StatementJournal,
    /// An expression for what the catalog shows before the last one.
    pub(crate) before: Option<String>,
}

impl From<StatementJournal> for Beginning {
    fn from(journal: StatementJournal) -> Self {
        Self { journal, before: None }
    }
}

/// Statements that change an existing row, and log the change.
pub(crate) struct Claim {
    /// The change. It fails if the row does not exist, or is not in the expected state.
    pub(crate) row: Vec<String>,
    pub(crate) log: String,
}

/// A statement that records the end of a step.
pub(crate) enum Finish {
    /// Changes the revision's row.
    Row(String),
    /// Adds a row to the log.
    Log(String),
}

/// The event of a log row.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LogEvent {
    Up,
    Down,
    Forget,
    Stamp,
    Failure,
    /// A person corrected history.
    Repair,
    /// A column of the tables was added or renamed.
    Widen,
}

impl LogEvent {
    const fn name(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Forget => "forget",
            Self::Stamp => "stamp",
            Self::Failure => "failure",
            Self::Repair => "repair",
            Self::Widen => "widen",
        }
    }
}

impl HistoryTable {
    /// The default name of the history table.
    pub const DEFAULT_NAME: &'static str = "_migrate_history";

    /// Creates the names of the tables: `table` for history, and related ones for the log and the lease.
    pub fn new(dialect: Dialect, schema: Option<String>, table: &str) -> Self {
        let stem = table.strip_suffix("_history").unwrap_or(table);
        let (log, lease) = (format!("{stem}_log"), format!("{stem}_lock"));
        let schema = schema.or_else(|| match dialect {
            Dialect::Postgres => Some("public".to_owned()),
            Dialect::Sqlite => Some("main".to_owned()),
            Dialect::Mysql => None,
        });
        Self { dialect, schema, history: table.to_owned(), log, lease, actor: None, role: None }
    }

    /// Sets the actor to store in history, instead of the database user.
    #[must_use]
    pub fn with_actor(mut self, actor: Option<String>) -> Self {
        self.actor = actor;
        self
    }

    /// Sets the role whose privileges are used on PostgreSQL. On MySQL, the session itself has the role.
    #[must_use]
    pub(crate) fn with_role(mut self, role: Option<String>) -> Self {
        self.role = role.filter(|_| self.dialect == Dialect::Postgres);
        self
    }

    /// Returns the statement with the privileges of the role, and without default limits of role, database or server, as
    /// one message and therefore one transaction. A pooled session must not keep a role or setting.
    pub(crate) fn by_role(&self, statement: &str) -> String {
        if self.dialect != Dialect::Postgres {
            return statement.to_owned();
        }
        let role = self.role.as_ref();
        let role = role.map(|role| format!("SET LOCAL ROLE {};\n", self.identifier(role)));
        format!("{}{LIMITS}{statement}", role.unwrap_or_default())
    }

    /// Does the same for a statement about the lease, which two sessions write to: with a stricter isolation level, their
    /// writes would conflict.
    fn for_lease(&self, statement: &str) -> String {
        match self.dialect {
            Dialect::Postgres => format!(
                "SET TRANSACTION ISOLATION LEVEL READ COMMITTED;\n{}",
                self.by_role(statement)
            ),
            Dialect::Mysql | Dialect::Sqlite => statement.to_owned(),
        }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Returns the history table's name, and the longest related name, which is the lease's.
    pub(crate) fn longest_names(&self) -> (&str, &str) {
        (&self.history, &self.lease)
    }

    /// Returns the history table's name with its schema, quoted.
    pub fn qualified(&self) -> String {
        self.qualify(&self.history)
    }

    fn qualify(&self, table: &str) -> String {
        let table = self.identifier(table);
        match &self.schema {
            Some(schema) => format!("{}.{table}", self.identifier(schema)),
            None => table,
        }
    }

    fn identifier(&self, name: &str) -> String {
        quote::identifier(name, self.dialect)
    }

    /// Returns the statements that create log and history. History comes last: where it exists, so does the log, wherever
    /// the run that created them ended.
    pub(crate) fn create(&self) -> Vec<String> {
        vec![self.create_table(&self.log, LOG), self.create_table(&self.history, HISTORY)]
    }

    fn create_table(&self, table: &str, columns: &[Column]) -> String {
        let engine = match self.dialect {
            Dialect::Mysql => " ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
            Dialect::Postgres | Dialect::Sqlite => "",
        };
        let columns = in_dialect(columns, self.dialect);
        format!("CREATE TABLE IF NOT EXISTS {} (\n  {columns}\n){engine}", self.qualify(table))
    }

    /// Returns the statement that renames the log's column of layout 1; `None` where that is done.
    pub(crate) fn rename_in_log(&self, columns: &[String]) -> Option<String> {
        let change = || RENAMED_IN_LOG.change(self.dialect);
        let due = RENAMED_IN_LOG.is_due(columns);
        due.then(|| format!("ALTER TABLE {} {}", self.qualify(&self.log), change()))
    }

    /// Returns the statements that upgrade tables of an earlier version, which have only these columns, and log it.
    ///
    /// The rows get this layout's number first, so that an older program refuses them from then on. History's column is
    /// renamed last, after the log's: with it, the upgrade is complete.
    pub(crate) fn upgrade(&self, columns: &[String], log: &[String]) -> Vec<String> {
        let history = self.qualified();
        let lacks = |name: &str| !columns.iter().any(|column| column.eq_ignore_ascii_case(name));
        let told = |detail: &str| self.log(LogEvent::Widen, &RevisionKey::new("", ""), detail);
        let mut statements = Vec::new();
        if lacks(DOWN_KIND) {
            statements
                .push(format!("UPDATE {history} SET layout = {LAYOUT} WHERE layout < {LAYOUT}"));
        }
        statements.extend(self.rename_in_log(log));
        let renames = RENAMED_IN_HISTORY.is_due(columns);
        if renames {
            statements.push(told(&format!("the names of layout {LAYOUT}")));
            let change = RENAMED_IN_HISTORY.change(self.dialect);
            statements.push(format!("ALTER TABLE {history} {change}"));
        }
        let added = nullable(self.dialect)
            .filter(|(name, _)| lacks(name) && !(renames && *name == DOWN_KIND));
        statements.extend(added.flat_map(|(name, kind)| {
            let detail = format!("the column {name} of the history table");
            [format!("ALTER TABLE {history} ADD COLUMN {name} {kind}"), told(&detail)]
        }));
        statements
    }

    /// Returns the statement that logs an event with details.
    pub(crate) fn log(&self, event: LogEvent, key: &RevisionKey, detail: &str) -> String {
        format!(
            "INSERT INTO {log} (at, event, crate, revision, actor, tool_version, detail) \
             VALUES ({now}, {event}, {krate}, {revision}, {actor}, {tool}, {detail})",
            log = self.qualify(&self.log),
            now = self.now(),
            event = self.text(event.name()),
            krate = self.text(&key.krate),
            revision = self.text(key.id.as_str()),
            actor = self.actor(),
            tool = self.text(TOOL),
            detail = self.text(detail),
        )
    }

    fn log_from_history(&self, event: LogEvent, key: &RevisionKey, duration: &str) -> String {
        format!(
            "INSERT INTO {log} (at, event, crate, revision, actor, tool_version, duration_ms) \
             SELECT {now}, {event}, crate, revision, {actor}, {tool}, {duration} FROM {history} WHERE {is}",
            log = self.qualify(&self.log),
            now = self.now(),
            event = self.text(event.name()),
            actor = self.actor(),
            tool = self.text(TOOL),
            history = self.qualified(),
            is = self.is(key),
        )
    }

    fn is(&self, key: &RevisionKey) -> String {
        format!("crate = {} AND revision = {}", self.text(&key.krate), self.text(key.id.as_str()))
    }

    fn text(&self, text: &str) -> String {
        quote::literal(text, self.dialect)
    }

    fn optional(&self, text: Option<&str>) -> String {
        text.map_or_else(|| "NULL".to_owned(), |text| self.text(text))
    }

    fn journal(&self, begun: Option<&Beginning>) -> String {
        begun.map_or_else(
            || "NULL".to_owned(),
            |begun| self.noting(&begun.journal.text(), begun.before.as_deref()),
        )
    }

    /// Returns an expression for a journal's text, followed by what the catalog shows now.
    fn noting(&self, text: &str, before: Option<&str>) -> String {
        match (before, self.dialect) {
            (None, _) => self.text(text),
            (Some(before), Dialect::Mysql) => {
                format!("concat({}, {before})", self.text(&format!("{text}~")))
            }
            (Some(before), Dialect::Postgres | Dialect::Sqlite) => {
                format!("{} || {before}", self.text(&format!("{text}~")))
            }
        }
    }

    fn actor(&self) -> String {
        match (&self.actor, self.dialect) {
            (Some(actor), _) => self.text(actor),
            (None, Dialect::Postgres) => "session_user".to_owned(),
            (None, Dialect::Mysql) => "current_user()".to_owned(),
            (None, Dialect::Sqlite) => "''".to_owned(),
        }
    }

    // The transaction's own time stands still inside a group's message, so the clock is used.
    fn now(&self) -> &'static str {
        match self.dialect {
            Dialect::Postgres => "pg_catalog.clock_timestamp()",
            Dialect::Mysql => "utc_timestamp(6)",
            Dialect::Sqlite => "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')",
        }
    }

    fn elapsed(&self) -> String {
        match self.dialect {
            Dialect::Postgres => {
                "CAST(extract(epoch FROM pg_catalog.clock_timestamp() - started_at) * 1000 AS bigint)".to_owned()
            }
            Dialect::Mysql => "timestampdiff(MICROSECOND, started_at, utc_timestamp(6)) DIV 1000".to_owned(),
            Dialect::Sqlite => {
                "CAST(round((julianday('now') - julianday(started_at)) * 86400000) AS INTEGER)".to_owned()
            }
        }
    }
}
