//! `TIMESTAMP`, which ends in 2038.

use crate::rule::{Group, Report, Rule};
use crate::script::{ParsedScript, Since};
use migrate_sql::{Dialect, Level, tokens};

pub(crate) const RULE: Rule = Rule {
    id: "timestamp-column",
    group: Group::Design,
    level: Level::Allow,
    dialects: &[Dialect::Mysql],
    finds: "columns of the type `TIMESTAMP`, but for MariaDB from 11.5",
    why: "It ends on 19 January 2038: later times are refused.",
    rewrite: "Say `DATETIME`, and write UTC.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    if script.can(Since::LATE_TIMESTAMP) == Some(true) {
        return;
    }
    for read in &script.statements {
        for column in read.columns() {
            let first = tokens(column.data_type, Dialect::Mysql).next();
            if first.is_some_and(|word| word.is_word("TIMESTAMP")) {
                let message = format!("`{}` ends in January 2038", column.name.value());
                report.span(read, column.span.clone(), message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_for;
    use migrate_sql::SqlContext;

    #[test]
    fn but_for_servers_that_go_on() {
        let sql = "CREATE TABLE a (b TIMESTAMP(6) NULL, c DATETIME)";
        let found = |server| found_for(&RULE, sql, SqlContext::new(Dialect::Mysql), server);
        assert_eq!(found(None), ["b TIMESTAMP(6) NULL"]);
        assert_eq!(found(Some("mysql 9.1")), ["b TIMESTAMP(6) NULL"]);
        assert_eq!(found(Some("mariadb 11.5")), [""; 0]);
    }
}
