//! Tables that are dropped and created again

use crate::{
    Dialect, Level, Outline,
    lint::{
        Group, Rule,
        reading::{Read, Reading},
        report::Report,
    },
    outline::{Name, ObjectKind},
};

pub(in crate::lint) const RULE: Rule = Rule {
    id: "drop-and-recreate",
    group: Group::DataLoss,
    level: Level::Warn,
    dialects: &Dialect::ALL,
    finds: "`DROP TABLE` and then `CREATE TABLE` of the same name, and `CREATE OR REPLACE TABLE`",
    why: "The new table is empty: what the old one held is lost, which is seldom what a change of columns means.",
    rewrite: "Alter the table; where that cannot be, create a second one, copy the rows, drop the first, rename the second.",
    check: Some(check),
};

fn check(reading: &Reading<'_>, report: &mut Report<'_, '_>) {
    for read in &reading.statements {
        let Outline::CreateTable(create) = &read.outline else { continue };
        let replaces = create.or_replace && !reading.is_new(read, &create.name);
        if create.temporary || !(replaces || is_dropped(reading, read, &create.name)) {
            continue;
        }
        let name = create.name.text();
        report.statement(
            read,
            format!("`{name}` begins empty: all rows of the table it replaces are lost"),
        );
    }
}

/// Whether an earlier statement drops a table of this name that was there before, and whose rows nobody takes along.
fn is_dropped(reading: &Reading<'_>, read: &Read<'_>, name: &Name<'_>) -> bool {
    reading.before(read).iter().any(|earlier| {
        let Outline::Drop(drop) = &earlier.outline else { return false };
        drop.kind == ObjectKind::Table
            && !drop.temporary
            && drop
                .names
                .iter()
                .any(|dropped| dropped.is_same(name) && !reading.is_new(earlier, dropped))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::rules::tested::found_in;

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
