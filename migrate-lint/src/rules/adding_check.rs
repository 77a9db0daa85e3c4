//! `ADD CHECK`

use crate::rule::{Group, Report, Rule};
use crate::script::{ParsedScript, Since};
use migrate_sql::ddl::{Action, ConstraintKind};
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "adding-check",
    group: Group::Locks,
    level: Level::Warn,
    dialects: &[Dialect::Mysql],
    finds: "a check that is added to a table that was there before",
    why: "MySQL and MariaDB copy the table to check its rows; nobody can write to it meanwhile, and a row that \
         breaks the check makes it fail at the end.",
    rewrite: "Look for rows that break it first, and add it in a quiet hour; or let the application check.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for (read, alter, action, span) in script.changes() {
        let adds = match action {
            Action::AddConstraint(constraint) => constraint.kind == ConstraintKind::Check,
            // MariaDB adds a column with its check at once.
            Action::AddColumn { column, .. } => {
                column.check
                    && !read.is_asserted()
                    && script.can(Since::INSTANT_CHECK) != Some(true)
            }
            _ => false,
        };
        if adds {
            let table = alter.name.value();
            let message =
                format!("copies `{table}` to check its rows, while nobody can write to it");
            report.span(read, span, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn of_rows_that_are_there() {
        for action in ["ADD CONSTRAINT b CHECK (c > 0)", "ADD COLUMN b INT CHECK (b > 0)"] {
            let sql = format!("ALTER TABLE a {action}");
            assert_eq!(found_in(&RULE, Dialect::Mysql, &sql), [action]);
        }
    }

    #[test]
    fn of_no_rows() {
        for sql in [
            "CREATE TABLE a (b INT CHECK (b > 0)); ALTER TABLE a ADD CHECK (b < 9)",
            "ALTER TABLE a ADD COLUMN b INT CHECK (b > 0), ALGORITHM=INSTANT",
            "ALTER TABLE a DROP CHECK b",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Mysql, sql), [""; 0]);
        }
    }
}
