//! Columns of type `json`

use crate::rule::{Group, Report, Rule};
use crate::script::{ParsedScript, ParsedStatement};
use migrate_sql::ddl::{Action, Column, ColumnChange};
use migrate_sql::{Ddl, Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "prefer-jsonb",
    group: Group::Design,
    level: Level::Warn,
    dialects: &[Dialect::Postgres],
    finds: "columns of type `json`",
    why: "`json` has no equality, so `SELECT DISTINCT`, `GROUP BY` and `UNION` fail as soon as the \
          column is among what they read; and it is parsed anew at every use.",
    rewrite: "`jsonb`; keep `json` only where blanks, order or duplicate keys of the text matter.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        match &read.ddl {
            Ddl::CreateTable(create) => {
                for column in &create.columns {
                    of_column(read, column, report);
                }
            }
            Ddl::AlterTable(alter) => {
                for (action, span) in &alter.actions {
                    match action {
                        Action::AddColumn { column, .. } => of_column(read, column, report),
                        Action::AlterColumn {
                            change: ColumnChange::Type { data_type, .. },
                            ..
                        } if is_json(data_type) => {
                            report.span(read, span.clone(), MESSAGE);
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

const MESSAGE: &str = "`SELECT DISTINCT`, `GROUP BY` and `UNION` fail on a `json` column";

fn of_column(read: &ParsedStatement<'_>, column: &Column<'_>, report: &mut Report<'_, '_>) {
    if is_json(column.data_type) {
        report.span(read, column.span.clone(), MESSAGE);
    }
}

/// Of arrays, too.
fn is_json(data_type: &str) -> bool {
    let name = data_type.split('[').next().unwrap_or_default().trim();
    ["json", "pg_catalog.json"].iter().any(|json| name.eq_ignore_ascii_case(json))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn json_and_jsonb() {
        for (sql, place) in [
            ("CREATE TABLE a (b int, c JSON NOT NULL)", "c JSON NOT NULL"),
            ("ALTER TABLE a ADD COLUMN b json[]", "b json[]"),
            ("ALTER TABLE a ALTER b TYPE json USING b::json", "ALTER b TYPE json USING b::json"),
        ] {
            assert_eq!(found_in(&RULE, Dialect::Postgres, sql), [place]);
        }
        for sql in ["CREATE TABLE a (json int, b jsonb)", "SELECT '{}'::json"] {
            assert_eq!(found_in(&RULE, Dialect::Postgres, sql), [""; 0]);
        }
    }
}
