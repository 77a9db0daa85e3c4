//! The queries that find the schema of history.

use migrate_sql::Dialect;

use crate::history::table::HistoryTable;

impl HistoryTable {
    /// Returns a query for a row if the schema exists.
    pub(crate) fn find_schema(&self, schema: &str) -> String {
        let name = self.text(schema);
        match self.dialect {
            Dialect::Postgres => {
                format!("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = {name}")
            }
            Dialect::Mysql => {
                format!("SELECT 1 FROM information_schema.schemata WHERE schema_name = {name}")
            }
            Dialect::Sqlite => format!("SELECT 1 FROM pragma_database_list WHERE name = {name}"),
        }
    }

    /// Returns a query for PostgreSQL's current schema (0), its search path (1), and the schemas that hold a history table:
    /// on the path (2), and `public` off it (3).
    pub(crate) fn find_histories(&self) -> String {
        format!(
            "SELECT 0, CAST(pg_catalog.current_schema() AS text) \
             UNION ALL SELECT 1, pg_catalog.current_setting('search_path') \
             UNION ALL SELECT CASE WHEN {on_path} THEN 2 ELSE 3 END, CAST(n.nspname AS text) {of_history} \
             ORDER BY 1, 2",
            on_path = ON_PATH,
            of_history = self.of_history(),
        )
    }

    /// Returns the statement by which a script fails where [`choose`](crate::history::choose) refuses a run: if another
    /// history may be the intended one. `wanted` is the first schema of the URL's search path.
    pub(crate) fn refuse_other_histories(&self, wanted: Option<&str>) -> String {
        let table = self.text(&self.history);
        let refuse_missing = wanted.map_or_else(String::new, |schema| {
            let schema = self.text(schema);
            format!(
                "IF here <> {schema} THEN RAISE EXCEPTION 'the search path begins with %, which does not exist', \
                 {schema}; END IF; "
            )
        });
        format!(
            "DO $migrate$ DECLARE here text := pg_catalog.current_schema(); there text; BEGIN \
             IF here IS NULL THEN RAISE EXCEPTION 'the search path % names no schema that exists', \
             pg_catalog.current_setting('search_path'); END IF; {refuse_missing}\
             SELECT pg_catalog.string_agg(n.nspname, ', ') INTO there {of_history} AND n.nspname <> here \
             AND ({ON_PATH} OR NOT EXISTS (SELECT 1 FROM pg_catalog.pg_class h WHERE h.relname = {table} \
             AND h.relnamespace = (SELECT s.oid FROM pg_catalog.pg_namespace s WHERE s.nspname = here))); \
             IF there IS NOT NULL THEN RAISE EXCEPTION 'history would be kept in the schema %, but there is one in %', \
             here, there USING HINT = 'write the script with --history-schema'; END IF; END $migrate$",
            of_history = self.of_history(),
        )
    }

    fn of_history(&self) -> String {
        format!(
            "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relname = {table} AND c.relkind IN ('r', 'p') AND (n.nspname = 'public' OR {ON_PATH})",
            table = self.text(&self.history),
        )
    }
}

const ON_PATH: &str = "n.nspname = ANY (pg_catalog.current_schemas(false))";
