//! `ALGORITHM = COPY`

use crate::rule::{Group, Report, Rule};
use crate::script::{ParsedScript, ParsedStatement, Since};
use migrate_sql::{Ddl, Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "copy-algorithm",
    group: Group::Locks,
    level: Level::Warn,
    dialects: &[Dialect::Mysql],
    finds: "`ALGORITHM = COPY` for a table that was there before, but for MariaDB from 11.2",
    why: "The whole table is copied, and nobody can write to it until that is done.",
    rewrite: "Ask for `ALGORITHM=INPLACE, LOCK=NONE`; what cannot be done so is done better by a second column or \
             table that is filled in batches.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    if script.can(Since::ONLINE_COPY) == Some(true) {
        return;
    }
    for read in script.statements.iter().filter(|read| changes_old_table(script, read)) {
        if let Some((value, span)) = read.algorithm()
            && value.eq_ignore_ascii_case("COPY")
        {
            report.span(read, span, "nobody can write to the table while it is copied");
        }
    }
}

/// Whether a statement that takes `ALGORITHM` and `LOCK` is about a table that was there before.
pub(super) fn changes_old_table<'a>(script: &ParsedScript<'a>, read: &ParsedStatement<'a>) -> bool {
    match &read.ddl {
        Ddl::AlterTable(alter) => !script.is_new(read, &alter.name),
        Ddl::CreateIndex(index) => !script.is_new(read, &index.table),
        Ddl::Drop(drop) => drop.on.as_ref().is_some_and(|table| !script.is_new(read, table)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{found_for, found_in};
    use migrate_sql::SqlContext;

    #[test]
    fn where_it_is_asked_for() {
        let sql = "ALTER TABLE a ADD b INT, algorithm copy";
        assert_eq!(found_in(&RULE, Dialect::Mysql, sql), ["algorithm copy"]);
        let sql = "DROP INDEX a ON b ALGORITHM = COPY";
        assert_eq!(found_in(&RULE, Dialect::Mysql, sql), ["ALGORITHM = COPY"]);
    }

    #[test]
    fn where_it_blocks_nobody() {
        for sql in [
            "ALTER TABLE a ADD b INT, ALGORITHM=INPLACE",
            "CREATE TABLE a (b INT); ALTER TABLE a ADD c INT, ALGORITHM=COPY",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Mysql, sql), [""; 0]);
        }
        let (sql, context) =
            ("ALTER TABLE a FORCE, ALGORITHM=COPY", SqlContext::new(Dialect::Mysql));
        assert_eq!(found_for(&RULE, sql, context, Some("mariadb 11.2")), [""; 0]);
        assert_eq!(found_for(&RULE, sql, context, Some("mysql 9.1")), ["ALGORITHM=COPY"]);
    }
}
