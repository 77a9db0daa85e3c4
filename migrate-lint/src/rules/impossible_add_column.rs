//! Columns that SQLite adds to no table.

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::ddl::Action;
use migrate_sql::{Ddl, Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "impossible-add-column",
    group: Group::Correctness,
    level: Level::Deny,
    dialects: &[Dialect::Sqlite],
    finds: "`ADD COLUMN` with `PRIMARY KEY` or `UNIQUE`",
    why: "SQLite refuses it, whatever is in the table.",
    rewrite: "Add the column, and say `CREATE UNIQUE INDEX` in a second statement; for another primary key, rebuild \
             the table.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        let Ddl::AlterTable(alter) = &read.ddl else { continue };
        for (action, span) in &alter.actions {
            let Action::AddColumn { column, .. } = action else { continue };
            if column.primary_key {
                report.instead(
                    read,
                    span.clone(),
                    "SQLite adds no column that is a primary key",
                    "Rebuild the table: create it under another name, copy the rows, drop the old one, rename.",
                );
            } else if column.unique {
                let (table, name) = (alter.name.text(), column.name.text());
                report.instead(
                    read,
                    span.clone(),
                    "SQLite adds no column that is unique",
                    format!("Add it without `UNIQUE`, then say `CREATE UNIQUE INDEX … ON {table} ({name})`."),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{advice, found_in};

    #[test]
    fn in_any_table() {
        for action in ["ADD COLUMN b INTEGER PRIMARY KEY", "ADD b TEXT UNIQUE"] {
            for sql in [
                format!("ALTER TABLE a {action}"),
                format!("CREATE TABLE a (c TEXT); ALTER TABLE a {action}"),
            ] {
                assert_eq!(found_in(&RULE, Dialect::Sqlite, &sql), [action]);
            }
        }
        let rewrites = advice(&RULE, Dialect::Sqlite, "ALTER TABLE a ADD b TEXT UNIQUE", None);
        assert!(rewrites[0].ends_with("`CREATE UNIQUE INDEX … ON a (b)`."), "{rewrites:?}");
    }

    #[test]
    fn what_is_possible() {
        for sql in
            ["ALTER TABLE a ADD COLUMN b TEXT", "CREATE TABLE a (b INTEGER PRIMARY KEY, c UNIQUE)"]
        {
            assert_eq!(found_in(&RULE, Dialect::Sqlite, sql), [""; 0]);
        }
    }
}
