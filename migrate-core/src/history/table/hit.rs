//! Changes of a row that must exist. If it does not, another run was faster, and nothing may be done twice.

use migrate_sql::Dialect;

use crate::engine::connection::DatabaseError;
use crate::history::HistoryTable;

impl HistoryTable {
    /// Makes an `UPDATE` or `DELETE` fail if it changes no row. The statements are sent together, and return nothing.
    ///
    /// Each engine does it differently: PostgreSQL divides by the number of rows within the statement, MySQL and SQLite ask
    /// how many the last statement changed. They use an `INSERT` that never adds a row, because scripts must not print rows.
    pub(super) fn hitting(&self, statement: &str) -> Vec<String> {
        match self.dialect {
            Dialect::Postgres => vec![format!(
                "WITH hit AS ({statement} RETURNING 1) {} WHERE 1 / (SELECT count(*) FROM hit) = 0",
                self.no_row()
            )],
            Dialect::Mysql => vec![
                statement.to_owned(),
                format!(
                    "{} FROM DUAL WHERE CASE WHEN row_count() > 0 THEN 0 ELSE (SELECT 1 UNION ALL SELECT 2) END = 1",
                    self.no_row()
                ),
            ],
            Dialect::Sqlite => vec![
                statement.to_owned(),
                // The smallest integer has no absolute value.
                format!("{} WHERE abs(changes() - 9223372036854775807 - 1) = 0", self.no_row()),
            ],
        }
    }

    fn no_row(&self) -> String {
        format!(
            "INSERT INTO {} (at, event, crate, revision, actor, tool_version) SELECT {}, '', '', '', '', ''",
            self.qualify(&self.log),
            self.now()
        )
    }
}

/// Returns whether an error is that of a change that affected no row.
pub(crate) fn is_miss(error: &DatabaseError, dialect: Dialect) -> bool {
    let code = error.code.as_deref().unwrap_or_default();
    match dialect {
        Dialect::Postgres => code == "22012",
        Dialect::Mysql => code.starts_with("21000"),
        Dialect::Sqlite => error.message == "integer overflow",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_postgres_needs_no_second_statement() {
        let statements = |dialect| {
            let table = HistoryTable::new(dialect, None, HistoryTable::DEFAULT_NAME);
            table.hitting("DELETE FROM t").len()
        };
        assert_eq!(Dialect::ALL.map(statements), [1, 2, 2]);
    }
}
