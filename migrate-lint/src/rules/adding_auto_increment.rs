//! `ADD COLUMN … AUTO_INCREMENT`

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::ddl::Action;
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "adding-auto-increment",
    group: Group::Locks,
    level: Level::Warn,
    dialects: &[Dialect::Mysql],
    finds: "`ADD COLUMN … AUTO_INCREMENT` for a table that was there before",
    why: "All rows are written anew to number them, and nobody can write to the table meanwhile. They are numbered \
         in the order in which each server finds them: a replica may give other numbers to the same rows.",
    rewrite: "Make a new table with the column, copy the rows in batches and in an order that is the same \
             everywhere, and let it take the old one's place.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for (read, alter, action, span) in script.changes() {
        if let Action::AddColumn { column, .. } = action
            && column.numbered
        {
            let table = alter.name.value();
            let message = format!(
                "writes all rows of `{table}` anew while nobody can write to it, and replicas may number them otherwise"
            );
            report.span(read, span, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn to_rows_that_are_there() {
        for action in ["ADD b INT AUTO_INCREMENT PRIMARY KEY FIRST", "ADD COLUMN b SERIAL"] {
            let sql = format!("ALTER TABLE a {action}");
            assert_eq!(found_in(&RULE, Dialect::Mysql, &sql), [action]);
        }
    }

    #[test]
    fn to_no_rows() {
        for sql in [
            "CREATE TABLE a (b INT); ALTER TABLE a ADD c INT AUTO_INCREMENT PRIMARY KEY",
            "ALTER TABLE a AUTO_INCREMENT = 100",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Mysql, sql), [""; 0]);
        }
    }
}
