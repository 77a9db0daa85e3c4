//! `ADD COLUMN … NOT NULL` without a default.

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::ddl::{Action, Column};
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "adding-required-field",
    group: Group::Rows,
    level: Level::Warn,
    dialects: &[Dialect::Mysql, Dialect::Sqlite],
    finds: "`ADD COLUMN … NOT NULL` without a default",
    why: "SQLite refuses it as soon as the table has a row. MySQL invents a value for the rows that are there, such \
         as 0 or an empty text. And the application that still runs does not know the column, so its inserts fail.",
    rewrite: "Give it a constant default, or add it nullable, fill it, and demand it later.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for (read, alter, action, span) in script.changes() {
        if let Action::AddColumn { column, .. } = action
            && is_required(column)
        {
            let table = alter.name.value();
            let message = match script.context.dialect {
                Dialect::Sqlite => format!("fails if `{table}` has a row"),
                Dialect::Mysql | Dialect::Postgres => format!(
                    "rows get a value that nobody chose, and inserts into `{table}` that do not name it fail"
                ),
            };
            report.span(read, span, message);
        }
    }
}

fn is_required(column: &Column<'_>) -> bool {
    let has_default = column.default.is_some_and(|default| {
        !default.text.trim_matches(['(', ')', ' ']).eq_ignore_ascii_case("NULL")
    });
    column.not_null && !has_default && !column.numbered && column.generated.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{found_in, messages};

    #[test]
    fn without_a_value_for_the_rows_that_are_there() {
        for action in ["ADD COLUMN b INT NOT NULL", "ADD b TEXT NOT NULL DEFAULT (NULL)"] {
            let sql = format!("ALTER TABLE a {action}");
            for dialect in [Dialect::Mysql, Dialect::Sqlite] {
                assert_eq!(found_in(&RULE, dialect, &sql), [action]);
            }
            assert_eq!(messages(&RULE, Dialect::Sqlite, &sql), ["fails if `a` has a row"]);
        }
    }

    #[test]
    fn with_one() {
        for column in [
            "b INT",
            "b INT NOT NULL DEFAULT 0",
            "b INT NOT NULL AUTO_INCREMENT UNIQUE",
            "b INT GENERATED ALWAYS AS (c) VIRTUAL NOT NULL",
        ] {
            let sql = format!("ALTER TABLE a ADD COLUMN {column}");
            assert_eq!(found_in(&RULE, Dialect::Mysql, &sql), [""; 0]);
        }
    }
}
