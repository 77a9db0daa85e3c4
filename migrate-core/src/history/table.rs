//! The SQL of the history tables. Everything that writes to them is worded here, for online runs and offline
//! scripts alike.

mod columns;
mod lease;

use migrate_sql::{Dialect, quote};

use self::columns::{Column, HISTORY, LOG, in_dialect, nullable};
pub(crate) use self::lease::Tenant;
use crate::history::{State, StatementJournal, Undo};
use crate::migration::Kind;
use crate::revision::RevisionKey;

/// The version of the tables' layout. It rises when an older binary could no longer read them.
pub(crate) const LAYOUT: i64 = 1;

/// The columns that are read and that tables made by earlier versions may lack.
const LATE: [&str; 3] = ["waivers", "undone_by", "journal"];

/// What writes to history calls itself.
pub(crate) const TOOL: &str = concat!("migrate ", env!("CARGO_PKG_VERSION"));

/// Where history is kept: a dialect, a schema and a table's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryTable {
    dialect: Dialect,
    schema: Option<String>,
    history: String,
    log: String,
    lease: String,
    /// Who is written into history; the database user where nothing is said.
    actor: Option<String>,
    /// Whose rights are taken to reach the tables, where a session need not have them.
    role: Option<String>,
}

/// The row written before a revision is applied.
#[derive(Clone, Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) key: &'a RevisionKey,
    pub(crate) kind: Kind,
    /// Nothing takes the next free number, for scripts that do not know it.
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
    /// The statements begun with the row; nothing where a transaction holds all of them.
    pub(crate) journal: Option<&'a StatementJournal>,
}

/// A statement that ends a step's part in history.
pub(crate) enum Finish {
    /// It changes the revision's row.
    Row(String),
    /// It adds the log's row.
    Log(String),
}

/// What a row of the log tells of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Deed {
    Up,
    Down,
    Forget,
    Stamp,
    Failure,
    /// A human said what is so.
    Repair,
    /// A column was added to the history table.
    Widen,
}

impl Deed {
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
    /// The name of the history table unless settings give another.
    pub const DEFAULT_NAME: &'static str = "_migrate_history";

    /// Names the tables of a database: `table` for history, and its companions for the log and the lease.
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

    /// Says who is written into history, instead of the database user.
    #[must_use]
    pub fn with_actor(mut self, actor: Option<String>) -> Self {
        self.actor = actor;
        self
    }

    /// Says whose rights reach the tables on PostgreSQL. MySQL's sessions take a role once and for all.
    #[must_use]
    pub(crate) fn with_role(mut self, role: Option<String>) -> Self {
        self.role = role.filter(|_| self.dialect == Dialect::Postgres);
        self
    }

    /// The statement with the rights of the role, in one message and so in one transaction. A pooled session must not
    /// be left with a role, so none is given one before it is known to be nobody else's.
    pub(crate) fn by_role(&self, statement: &str) -> String {
        match &self.role {
            Some(role) => format!("SET LOCAL ROLE {};\n{statement}", self.identifier(role)),
            None => statement.to_owned(),
        }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The history table's name, and the longest of those beside it: the lease's is longer than the log's.
    pub(crate) fn longest_names(&self) -> (&str, &str) {
        (&self.history, &self.lease)
    }

    /// The history table's name with its schema, quoted.
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

    /// Creates history and log, each a statement. History comes last: where it is there, so is the log, wherever a run
    /// that made them has ended.
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

    /// Reads all rows of history, in the columns that [`read`](crate::journal) knows.
    pub(crate) fn select(&self) -> String {
        self.reading(&LATE.join(", "), "")
    }

    /// Reads all rows of a table that an earlier version made, and what it lacks as NULL. An unqualified name belongs to
    /// the innermost query that knows it: to the table, if it has the column, and else to what stands beside it.
    pub(crate) fn select_narrow(&self) -> String {
        let own = |name: &str| {
            format!(
                "(SELECT {name} FROM {table} AS same_row WHERE same_row.crate = a_row.crate \
                 AND same_row.revision = a_row.revision) AS {name}",
                table = self.qualified(),
            )
        };
        let absent = LATE.map(|name| format!("NULL AS {name}")).join(", ");
        self.reading(&LATE.map(own).join(", "), &format!(" CROSS JOIN (SELECT {absent}) AS absent"))
    }

    fn reading(&self, late: &str, beside: &str) -> String {
        format!(
            "SELECT crate, revision, kind, sequence, description, checksum, checksum_algorithm, state, \
             statements_done, statements_total, {started_at}, duration_ms, applied_by, tool_version, \
             layout, {late} FROM {table} AS a_row{beside}",
            started_at = self.as_iso("started_at"),
            table = self.qualified(),
        )
    }

    /// Asks for the names of the columns that the history table has.
    pub(crate) fn select_columns(&self) -> String {
        let table = self.text(&self.history);
        match self.dialect {
            Dialect::Postgres => format!(
                "SELECT CAST(attname AS text) FROM pg_catalog.pg_attribute \
                 WHERE attrelid = CAST({} AS regclass) AND attnum > 0 AND NOT attisdropped",
                self.text(&self.qualified())
            ),
            Dialect::Mysql => format!(
                "SELECT column_name FROM information_schema.columns WHERE table_name = {table} AND table_schema = {}",
                self.schema
                    .as_deref()
                    .map_or_else(|| "database()".to_owned(), |name| self.text(name))
            ),
            Dialect::Sqlite => format!(
                "SELECT name FROM pragma_table_info({table}, {})",
                self.text(self.schema.as_deref().unwrap_or("main"))
            ),
        }
    }

    /// Adds the columns that a table with only these lacks, and logs each; older programs do not ask for them.
    pub(crate) fn widen(&self, columns: &[String]) -> Vec<String> {
        let lacks = |name: &str| !columns.iter().any(|column| column.eq_ignore_ascii_case(name));
        let nowhere = RevisionKey::new("", "");
        nullable(self.dialect)
            .filter(|(name, _)| lacks(name))
            .flat_map(|(name, kind)| {
                let detail = format!("the column {name} of the history table");
                [
                    format!("ALTER TABLE {} ADD COLUMN {name} {kind}", self.qualified()),
                    self.log(Deed::Widen, &nowhere, &detail),
                ]
            })
            .collect()
    }

    /// Reads what changes whenever a runner writes: the number of rows and the last sequence number.
    pub(crate) fn select_mark(&self) -> String {
        format!("SELECT count(*), coalesce(max(sequence), 0) FROM {}", self.qualified())
    }

    /// Reads the SQL a revision was applied with.
    pub(crate) fn select_sql(&self, key: &RevisionKey) -> String {
        format!("SELECT sql_up, sql_down FROM {} WHERE {}", self.qualified(), self.is(key))
    }

    /// Reads the SQL that revisions were applied with, each with its crate and id.
    pub(crate) fn select_texts(&self, keys: &[RevisionKey]) -> String {
        let any: Vec<String> = keys.iter().map(|key| format!("({})", self.is(key))).collect();
        format!(
            "SELECT crate, revision, sql_up, sql_down FROM {} WHERE {}",
            self.qualified(),
            any.join(" OR ")
        )
    }

    /// Writes a revision's row.
    pub(crate) fn insert(&self, entry: &Entry<'_>) -> String {
        let sequence = match entry.sequence {
            Some(number) => number.to_string(),
            None => format!("coalesce(max(sequence), 0) + 1 FROM {}", self.qualified()),
        };
        let (checksum, algorithm) = self.checksum(entry);
        // A stamp is over as it is written.
        let finished_at = if entry.state == State::Applied { self.now() } else { "NULL" };
        let values = [
            self.text(&entry.key.krate),
            self.text(entry.key.id.as_str()),
            self.text(entry.kind.name()),
            self.text(entry.description),
            checksum,
            algorithm,
            self.optional(entry.sql_up),
            self.optional(entry.sql_down),
            self.optional(entry.waivers),
            self.text(entry.undo.name()),
            self.text(entry.state.name()),
            entry.statements_done.to_string(),
            entry.statements_total.to_string(),
            self.journal(entry.journal),
            self.now().to_owned(),
            finished_at.to_owned(),
            self.actor(),
            self.text(TOOL),
            LAYOUT.to_string(),
            sequence,
        ];
        format!(
            "INSERT INTO {} (crate, revision, kind, description, checksum, checksum_algorithm, sql_up, sql_down, \
             waivers, undone_by, state, statements_done, statements_total, journal, started_at, finished_at, \
             applied_by, tool_version, layout, sequence) SELECT {}",
            self.qualified(),
            values.join(", "),
        )
    }

    /// Marks that `done` statements of a revision have ended well, and that what `begins` names is begun.
    pub(crate) fn mark(&self, key: &RevisionKey, done: usize, begins: &str) -> String {
        let journal = match self.dialect {
            _ if begins.is_empty() => String::new(),
            Dialect::Mysql => {
                format!(", journal = concat(coalesce(journal, ''), {})", self.text(begins))
            }
            Dialect::Postgres | Dialect::Sqlite => {
                format!(", journal = coalesce(journal, '') || {}", self.text(begins))
            }
        };
        format!(
            "UPDATE {} SET statements_done = {done}{journal} WHERE {}",
            self.qualified(),
            self.is(key)
        )
    }

    /// Takes up a revision that an earlier run left half-done, as it is now: what failed may have been edited.
    pub(crate) fn resume(&self, entry: &Entry<'_>) -> String {
        let (checksum, algorithm) = self.checksum(entry);
        format!(
            "UPDATE {table} SET description = {description}, checksum = {checksum}, \
             checksum_algorithm = {algorithm}, sql_up = {sql_up}, sql_down = {sql_down}, waivers = {waivers}, \
             undone_by = {undone_by}, state = 'started', statements_done = {done}, statements_total = {total}, journal = {journal} WHERE {is}",
            table = self.qualified(),
            description = self.text(entry.description),
            sql_up = self.optional(entry.sql_up),
            sql_down = self.optional(entry.sql_down),
            undone_by = self.text(entry.undo.name()),
            waivers = self.optional(entry.waivers),
            done = entry.statements_done,
            total = entry.statements_total,
            journal = self.journal(entry.journal),
            is = self.is(entry.key),
        )
    }

    /// Notes how far a half-done revision has come: `done` statements of `total`.
    pub(crate) fn note_progress(
        &self,
        key: &RevisionKey,
        (done, total): (usize, usize),
        journal: Option<&StatementJournal>,
    ) -> String {
        format!(
            "UPDATE {table} SET statements_done = {done}, statements_total = {total}, journal = {journal} WHERE {is}",
            table = self.qualified(),
            journal = self.journal(journal),
            is = self.is(key),
        )
    }

    /// Marks a revision as applied, and logs it.
    pub(crate) fn finish(&self, key: &RevisionKey, done: usize) -> [Finish; 2] {
        let finish = format!(
            "UPDATE {table} SET state = 'applied', statements_done = {done}, journal = NULL, finished_at = {now}, \
             duration_ms = {elapsed} WHERE {is}",
            table = self.qualified(),
            now = self.now(),
            elapsed = self.elapsed(),
            is = self.is(key),
        );
        [Finish::Row(finish), Finish::Log(self.log_from_history(Deed::Up, key, "duration_ms"))]
    }

    /// Marks that a revision's undoing has begun.
    pub(crate) fn begin_revert(
        &self,
        key: &RevisionKey,
        statements: usize,
        journal: Option<&StatementJournal>,
    ) -> String {
        format!(
            "UPDATE {table} SET state = 'reverting', statements_done = 0, statements_total = {statements}, \
             journal = {journal}, started_at = {now} WHERE {is}",
            journal = self.journal(journal),
            table = self.qualified(),
            now = self.now(),
            is = self.is(key),
        )
    }

    /// Logs that a revision was undone, and removes its row.
    pub(crate) fn finish_revert(&self, key: &RevisionKey) -> [Finish; 2] {
        let log = self.log_from_history(Deed::Down, key, &self.elapsed());
        [Finish::Log(log), Finish::Row(self.delete(key))]
    }

    /// Whether a log row can answer with the duration it holds, as it is written.
    pub(crate) fn can_return(&self) -> bool {
        match self.dialect {
            Dialect::Postgres | Dialect::Sqlite => true,
            Dialect::Mysql => false,
        }
    }

    /// Makes the writing of a log row answer with the duration it holds.
    pub(crate) fn returning_duration(log: &str) -> String {
        format!("{log} RETURNING duration_ms")
    }

    /// Asks for the milliseconds that the last step took. The lock keeps other writers out.
    pub(crate) fn select_duration(&self) -> String {
        format!("SELECT duration_ms FROM {} ORDER BY id DESC LIMIT 1", self.qualify(&self.log))
    }

    /// Removes a revision's row with no undoing, and logs it.
    pub(crate) fn forget(&self, key: &RevisionKey, deed: Deed, reason: &str) -> Vec<String> {
        vec![self.log(deed, key, reason), self.delete(key)]
    }

    /// Takes over what an applied revision is now, and logs it.
    pub(crate) fn accept(&self, entry: &Entry<'_>, detail: &str) -> Vec<String> {
        let (checksum, algorithm) = self.checksum(entry);
        let accept = format!(
            "UPDATE {table} SET description = {description}, checksum = {checksum}, \
             checksum_algorithm = {algorithm}, sql_up = {up}, sql_down = {down}, undone_by = {undone_by}, \
             waivers = {waivers} WHERE {is} AND state = 'applied'",
            table = self.qualified(),
            description = self.text(entry.description),
            up = self.optional(entry.sql_up),
            down = self.optional(entry.sql_down),
            undone_by = self.text(entry.undo.name()),
            waivers = self.optional(entry.waivers),
            is = self.is(entry.key),
        );
        vec![accept, self.log(Deed::Repair, entry.key, detail)]
    }

    /// Says how far a half-done revision came, and logs it.
    pub(crate) fn settle(
        &self,
        key: &RevisionKey,
        at: (usize, &StatementJournal),
        detail: &str,
    ) -> Vec<String> {
        let (done, journal) = at;
        let settle = format!(
            "UPDATE {table} SET state = CASE state WHEN 'reverting' THEN state ELSE 'failed' END, \
             statements_done = {done}, journal = {journal} WHERE {is} AND state <> 'applied'",
            table = self.qualified(),
            journal = self.text(&journal.text()),
            is = self.is(key),
        );
        vec![settle, self.log(Deed::Repair, key, detail)]
    }

    /// Marks a revision as failed after `done` statements; `journal` tells what may have been in flight.
    pub(crate) fn fail(
        &self,
        key: &RevisionKey,
        done: usize,
        journal: &StatementJournal,
    ) -> String {
        format!(
            "UPDATE {table} SET state = CASE state WHEN 'reverting' THEN state ELSE 'failed' END, \
             statements_done = {done}, journal = {journal}, finished_at = {now} WHERE {is}",
            table = self.qualified(),
            journal = self.journal(Some(journal)),
            now = self.now(),
            is = self.is(key),
        )
    }

    /// Logs a deed with words of its own.
    pub(crate) fn log(&self, deed: Deed, key: &RevisionKey, detail: &str) -> String {
        format!(
            "INSERT INTO {log} (at, deed, crate, revision, actor, tool_version, detail) \
             VALUES ({now}, {deed}, {krate}, {revision}, {actor}, {tool}, {detail})",
            log = self.qualify(&self.log),
            now = self.now(),
            deed = self.text(deed.name()),
            krate = self.text(&key.krate),
            revision = self.text(key.id.as_str()),
            actor = self.actor(),
            tool = self.text(TOOL),
            detail = self.text(detail),
        )
    }

    fn log_from_history(&self, deed: Deed, key: &RevisionKey, duration: &str) -> String {
        format!(
            "INSERT INTO {log} (at, deed, crate, revision, actor, tool_version, duration_ms) \
             SELECT {now}, {deed}, crate, revision, {actor}, {tool}, {duration} FROM {history} WHERE {is}",
            log = self.qualify(&self.log),
            now = self.now(),
            deed = self.text(deed.name()),
            actor = self.actor(),
            tool = self.text(TOOL),
            history = self.qualified(),
            is = self.is(key),
        )
    }

    fn delete(&self, key: &RevisionKey) -> String {
        format!("DELETE FROM {} WHERE {}", self.qualified(), self.is(key))
    }

    fn is(&self, key: &RevisionKey) -> String {
        format!("crate = {} AND revision = {}", self.text(&key.krate), self.text(key.id.as_str()))
    }

    fn text(&self, text: &str) -> String {
        quote::literal(text, self.dialect)
    }

    fn checksum(&self, entry: &Entry<'_>) -> (String, String) {
        match &entry.checksum {
            Some((checksum, algorithm)) => (self.text(checksum), self.text(algorithm)),
            None => ("NULL".to_owned(), "NULL".to_owned()),
        }
    }

    fn optional(&self, text: Option<&str>) -> String {
        text.map_or_else(|| "NULL".to_owned(), |text| self.text(text))
    }

    fn journal(&self, journal: Option<&StatementJournal>) -> String {
        journal.map_or_else(|| "NULL".to_owned(), |journal| self.text(&journal.text()))
    }

    fn actor(&self) -> String {
        match (&self.actor, self.dialect) {
            (Some(actor), _) => self.text(actor),
            (None, Dialect::Postgres) => "session_user".to_owned(),
            (None, Dialect::Mysql) => "current_user()".to_owned(),
            (None, Dialect::Sqlite) => "''".to_owned(),
        }
    }

    // Inside a group's message the transaction's own time stands still, so the clock is read instead.
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

    fn as_iso(&self, column: &str) -> String {
        match self.dialect {
            Dialect::Postgres => {
                format!(
                    "to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') AS {column}"
                )
            }
            Dialect::Mysql => {
                format!(
                    "concat(left(date_format({column}, '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z') AS {column}"
                )
            }
            Dialect::Sqlite => column.to_owned(),
        }
    }
}
