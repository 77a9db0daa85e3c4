//! The queries that read history.

use migrate_sql::Dialect;

use crate::declare::revision::RevisionKey;
use crate::history::table::HistoryTable;
use crate::history::table::columns::{
    EVENT, RENAMED_IN_HISTORY, RENAMED_IN_LOG, Renamed, late, read,
};

impl HistoryTable {
    /// Returns the query for all rows of history, with the columns that [`read`](crate::history::store) expects.
    pub(crate) fn select(&self) -> String {
        self.reading(&late().collect::<Vec<_>>().join(", "), "")
    }

    /// Returns the query for all rows of an earlier version's table, with NULL for missing columns. An unqualified name
    /// refers to the innermost query that has it: to the table, if it has the column, and otherwise to the joined row.
    pub(crate) fn select_narrow(&self) -> String {
        let table = self.qualified();
        let Renamed { from, to, .. } = RENAMED_IN_HISTORY;
        let own = |name: &'static str| {
            let value =
                if name == to { format!("coalesce({to}, {from})") } else { name.to_owned() };
            format!(
                "(SELECT {value} FROM {table} AS same_row WHERE same_row.crate = a_row.crate \
                 AND same_row.revision = a_row.revision) AS {name}"
            )
        };
        let absent = late().chain([from]).map(|name| format!("NULL AS {name}"));
        let absent = absent.collect::<Vec<_>>().join(", ");
        let own = late().map(own).collect::<Vec<_>>().join(", ");
        self.reading(&own, &format!(" CROSS JOIN (SELECT {absent}) AS absent"))
    }

    fn reading(&self, late: &str, beside: &str) -> String {
        let columns =
            read().map(|(name, time)| if time { self.as_iso(name) } else { name.to_owned() });
        let columns = columns.collect::<Vec<_>>().join(", ");
        format!("SELECT {columns}, {late} FROM {} AS a_row{beside}", self.qualified())
    }

    /// Returns the query for the history table's columns.
    pub(crate) fn select_columns(&self) -> String {
        self.select_columns_of(&self.history)
    }

    /// Returns the query for the log's columns.
    pub(crate) fn select_log_columns(&self) -> String {
        self.select_columns_of(&self.log)
    }

    fn select_columns_of(&self, name: &str) -> String {
        let table = self.text(name);
        match self.dialect {
            Dialect::Postgres => format!(
                "SELECT CAST(attname AS text) FROM pg_catalog.pg_attribute \
                 WHERE attrelid = CAST({} AS regclass) AND attnum > 0 AND NOT attisdropped",
                self.text(&self.qualify(name))
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

    /// Returns the query for the log's last row about a change of history, which failures and upgrades are not.
    pub(crate) fn select_last_change(&self) -> String {
        self.last_change_by(EVENT)
    }

    /// Returns the same query for a log of layout 1.
    pub(crate) fn select_last_change_of_old(&self) -> String {
        self.last_change_by(RENAMED_IN_LOG.from)
    }

    fn last_change_by(&self, event: &str) -> String {
        format!(
            "SELECT coalesce((SELECT id FROM {} WHERE {event} NOT IN ('failure', 'widen') ORDER BY id DESC LIMIT 1), 0)",
            self.qualify(&self.log)
        )
    }

    /// Returns the query for a [mark](crate::history::Mark), its fields in order.
    pub(crate) fn select_mark(&self) -> String {
        format!(
            "{last}, count(*), count(CASE WHEN state <> 'applied' THEN 1 END) FROM {}",
            self.qualified(),
            last = self.select_last_change(),
        )
    }

    /// Returns the query for the state of a revision.
    pub(crate) fn select_state(&self, key: &RevisionKey) -> String {
        format!("SELECT state FROM {} WHERE {}", self.qualified(), self.is(key))
    }

    /// Returns the query for the SQL that a revision was applied with.
    pub(crate) fn select_sql(&self, key: &RevisionKey) -> String {
        format!("SELECT sql_up, sql_down FROM {} WHERE {}", self.qualified(), self.is(key))
    }

    /// Returns the query for the SQL that revisions were applied with, each with its crate and id.
    pub(crate) fn select_texts(&self, keys: &[RevisionKey]) -> String {
        let any: Vec<String> = keys.iter().map(|key| format!("({})", self.is(key))).collect();
        format!(
            "SELECT crate, revision, sql_up, sql_down FROM {} WHERE {}",
            self.qualified(),
            any.join(" OR ")
        )
    }

    pub(super) fn as_iso(&self, column: &str) -> String {
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
