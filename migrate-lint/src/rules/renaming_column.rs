//! `RENAME COLUMN`

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::ddl::Action;
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "renaming-column",
    group: Group::Compatibility,
    level: Level::Warn,
    dialects: &[Dialect::Mysql, Dialect::Sqlite],
    finds: "`RENAME COLUMN`, and MySQL's `CHANGE COLUMN` to another name",
    why: "The application that still runs asks for the old name and fails.",
    rewrite: "Add a column of the new name, write both, copy what is there, read the new one, and drop the old one \
             in a later release.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for (read, _, action, span) in script.changes() {
        let old = match action {
            Action::RenameColumn { from, to } if !from.is_same(to) => from,
            Action::RedefineColumn { from, column } if !from.is_same(&column.name) => from,
            _ => continue,
        };
        report.span(read, span, format!("what still uses `{}` fails", old.value()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn in_every_form() {
        for action in ["RENAME COLUMN a TO b", "CHANGE COLUMN a b INT", "CHANGE `a` b INT NOT NULL"]
        {
            let sql = format!("ALTER TABLE t ADD c INT, {action}");
            assert_eq!(found_in(&RULE, Dialect::Mysql, &sql), [action]);
        }
        let sql = "ALTER TABLE t RENAME a TO b";
        assert_eq!(found_in(&RULE, Dialect::Sqlite, sql), ["RENAME a TO b"]);
    }

    #[test]
    fn what_keeps_its_name() {
        for sql in [
            "ALTER TABLE t CHANGE a `A` BIGINT",
            "ALTER TABLE t MODIFY a BIGINT",
            "ALTER TABLE t RENAME INDEX a TO b",
            "CREATE TABLE t (a INT); ALTER TABLE t RENAME COLUMN a TO b",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Mysql, sql), [""; 0]);
        }
    }
}
