//! Tables that are dropped and created again

use crate::names::Names;
use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::ddl::ObjectKind;
use migrate_sql::{Ddl, Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "drop-and-recreate",
    group: Group::DataLoss,
    level: Level::Warn,
    dialects: &Dialect::ALL,
    finds: "`DROP TABLE` and then `CREATE TABLE` of the same name, and `CREATE OR REPLACE TABLE`",
    why: "The new table is empty: what the old one held is lost, which is seldom what a change of \
          columns means.",
    rewrite: "Alter the table; where that cannot be, create a second one, copy the rows, drop the \
              first, rename the second.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    let mut dropped = Names::default();
    for read in &script.statements {
        match &read.ddl {
            Ddl::Drop(drop) if drop.kind == ObjectKind::Table && !drop.temporary => {
                for name in drop.names.iter().filter(|name| !script.is_new(read, name)) {
                    dropped.insert(name, ());
                }
            }
            Ddl::CreateTable(create) if !create.temporary => {
                let name = create.name.text();
                let replaces = create.or_replace && !script.is_new(read, &create.name);
                if replaces || dropped.holds(&create.name) {
                    report.statement(
                        read,
                        format!(
                            "`{name}` begins empty: all rows of the table it replaces are lost"
                        ),
                    );
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn rows_that_are_lost() {
        let create = "CREATE TABLE a (b int)";
        for dialect in Dialect::ALL {
            let sql = format!("DROP TABLE IF EXISTS x, a; {create}");
            assert_eq!(found_in(&RULE, dialect, &sql), [create]);
        }
        let replace = "CREATE OR REPLACE TABLE a (b int)";
        assert_eq!(found_in(&RULE, Dialect::Mysql, replace), [replace]);
    }

    #[test]
    fn rows_that_are_kept() {
        for sql in [
            "CREATE TABLE a (b int)",
            "DROP TABLE a; CREATE TABLE b (c int)",
            "CREATE TABLE a_new (b int); INSERT INTO a_new SELECT b FROM a; DROP TABLE a; ALTER TABLE a_new RENAME TO a",
            "CREATE TABLE a (b int); DROP TABLE a; CREATE TABLE a (b int)",
            "DROP VIEW a; CREATE TABLE a (b int)",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Sqlite, sql), [""; 0], "{sql}");
        }
    }
}
