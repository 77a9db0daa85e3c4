//! `ADD FOREIGN KEY`

use crate::rule::{Group, Report, Rule};
use crate::script::{ParsedScript, Since};
use migrate_sql::ddl::{Action, ConstraintKind};
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "adding-foreign-key-constraint",
    group: Group::Locks,
    level: Level::Warn,
    dialects: &[Dialect::Mysql],
    finds: "a foreign key that is added to a table that was there before",
    why: "MySQL and MariaDB copy the table to look at every row, and nobody can write to it meanwhile; they do \
         without only where `foreign_key_checks` is off, and then nobody looks at the rows at all.",
    rewrite: "Look for rows without a parent first. Then either add it in a quiet hour, or switch \
             `foreign_key_checks` off before it, append `ALGORITHM=INPLACE, LOCK=NONE`, and switch the checks on \
             again behind it.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for (read, alter, action, span) in script.changes() {
        let parent = match action {
            Action::AddConstraint(constraint) => match &constraint.kind {
                ConstraintKind::ForeignKey(references) => &references.table,
                _ => continue,
            },
            // Without a known server `inline-references` has its say: it may mean nothing.
            Action::AddColumn { column, .. }
                if script.can(Since::INLINE_REFERENCES) == Some(true) =>
            {
                match &column.references {
                    Some(references) => &references.table,
                    None => continue,
                }
            }
            _ => continue,
        };
        if !read.is_asserted() {
            let (table, parent) = (alter.name.value(), parent.value());
            let message = format!(
                "copies `{table}` to look for every row's parent in `{parent}`, while nobody can write to it"
            );
            report.span(read, span, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{found_for, found_in};
    use migrate_sql::SqlContext;

    #[test]
    fn that_must_be_checked() {
        let sql = "ALTER TABLE a ADD b INT, ADD CONSTRAINT c FOREIGN KEY (b) REFERENCES d (e)";
        let place = "ADD CONSTRAINT c FOREIGN KEY (b) REFERENCES d (e)";
        assert_eq!(found_in(&RULE, Dialect::Mysql, sql), [place]);
    }

    #[test]
    fn that_is_not_checked_or_has_nothing_to_check() {
        let key = "FOREIGN KEY (b) REFERENCES d (e)";
        for sql in [
            format!("CREATE TABLE a (b INT, {key})"),
            format!("CREATE TABLE a (b INT); ALTER TABLE a ADD {key}"),
            format!("ALTER TABLE a ADD {key}, ALGORITHM=INPLACE, LOCK=NONE"),
        ] {
            assert_eq!(found_in(&RULE, Dialect::Mysql, &sql), [""; 0]);
        }
    }

    #[test]
    fn in_a_column_where_that_means_something() {
        let (sql, context) =
            ("ALTER TABLE a ADD b INT REFERENCES c (d)", SqlContext::new(Dialect::Mysql));
        let found = |server| found_for(&RULE, sql, context, server).len();
        assert_eq!([found(None), found(Some("mysql 8.4")), found(Some("mariadb 10.5"))], [0, 0, 1]);
    }
}
