//! `REFERENCES` in a column's definition.

use crate::rule::{Group, Report, Rule};
use crate::script::{ParsedScript, Since};
use migrate_sql::ddl::{Column, References};
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "inline-references",
    group: Group::Correctness,
    level: Level::Deny,
    dialects: &[Dialect::Mysql],
    finds: "`REFERENCES` in a column's definition, unless `[lint] server` names MySQL from 9.0 or MariaDB from 10.5",
    why: "Older servers read it and forget it: there is no foreign key, and nothing says so.",
    rewrite: "Say `FOREIGN KEY (column) REFERENCES …` behind the columns, which every server keeps.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    if script.can(Since::INLINE_REFERENCES) == Some(true) {
        return;
    }
    for read in &script.statements {
        for column in read.columns() {
            if let Some(references) = &column.references {
                let message = format!(
                    "servers before MySQL 9.0 and MariaDB 10.5 forget the foreign key to `{}`",
                    references.table.value()
                );
                let rewrite = instead(column, references);
                report.instead(read, column.span.clone(), message, rewrite);
            }
        }
    }
}

fn instead(column: &Column<'_>, references: &References<'_>) -> String {
    let (name, table) = (column.name.text(), references.table.text());
    format!(
        "Say `FOREIGN KEY ({name}) REFERENCES {table} (…)` behind the columns, or name the server in `[lint]` if \
         it is newer."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{found_for, found_in};
    use migrate_sql::SqlContext;

    #[test]
    fn where_it_may_be_forgotten() {
        let sql = "CREATE TABLE a (b INT REFERENCES c (d), e INT); ALTER TABLE a ADD f INT REFERENCES c (d)";
        let places = ["b INT REFERENCES c (d)", "f INT REFERENCES c (d)"];
        assert_eq!(found_in(&RULE, Dialect::Mysql, sql), places);
        for (server, found) in
            [("mysql 8.4", 2), ("mariadb 10.4", 2), ("mysql 9.0", 0), ("mariadb 10.5", 0)]
        {
            let places = found_for(&RULE, sql, SqlContext::new(Dialect::Mysql), Some(server));
            assert_eq!(places.len(), found, "{server}");
        }
    }

    #[test]
    fn a_foreign_key_of_the_table_is_kept() {
        let sql = "CREATE TABLE a (b INT, FOREIGN KEY (b) REFERENCES c (d))";
        assert_eq!(found_in(&RULE, Dialect::Mysql, sql), [""; 0]);
    }
}
