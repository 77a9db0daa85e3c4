//! `ALTER TABLE` of one table, more than once

use crate::names::Names;
use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::ddl::{Action, AlterTable};
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "combine-alters",
    group: Group::Design,
    level: Level::Allow,
    dialects: &[Dialect::Postgres, Dialect::Mysql],
    finds: "several `ALTER TABLE` of the same table that was there before",
    why: "Each takes its lock, and each may go through or copy the whole table; one statement does \
          so once.",
    rewrite: "Put the changes into one `ALTER TABLE`, with commas.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    let mut seen = Names::default();
    for (read, alter) in script.alterations().filter(|(_, alter)| combines(alter)) {
        if seen.holds(&alter.name) {
            let table = alter.name.text();
            report.statement(read, format!("`{table}` is altered by an earlier statement already"));
        }
        seen.insert(&alter.name, ());
    }
}

/// Whether all it does can stand beside other changes: PostgreSQL renames and moves alone.
fn combines(alter: &AlterTable<'_>) -> bool {
    alter.actions.iter().all(|(action, _)| {
        !matches!(
            action,
            Action::RenameTo(_)
                | Action::RenameColumn { .. }
                | Action::RenameConstraint { .. }
                | Action::SetSchema(_)
                | Action::AttachPartition(_)
                | Action::DetachPartition { .. }
                | Action::ValidateConstraint(_)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn the_second_is_found() {
        let sql = "ALTER TABLE a ADD b int; ALTER TABLE c ADD d int; ALTER TABLE a ADD e int";
        for dialect in [Dialect::Postgres, Dialect::Mysql] {
            assert_eq!(found_in(&RULE, dialect, sql), ["ALTER TABLE a ADD e int"]);
        }
        for sql in [
            "ALTER TABLE a ADD b int, ADD e int",
            "ALTER TABLE a ADD b int; ALTER TABLE a RENAME TO c",
            "CREATE TABLE a (c int); ALTER TABLE a ADD b int; ALTER TABLE a ADD e int",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Postgres, sql), [""; 0]);
        }
    }
}
