//! `VALIDATE CONSTRAINT` while the table is locked

use crate::lock::{self, Lock};
use crate::names::Names;
use crate::rule::{Group, Report, Rule};
use crate::script::{ParsedScript, ParsedStatement};
use migrate_sql::ddl::{Action, AlterTable};
use migrate_sql::{Ddl, Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "validate-in-same-transaction",
    group: Group::Locks,
    level: Level::Warn,
    dialects: &[Dialect::Postgres],
    finds: "`VALIDATE CONSTRAINT` in the transaction that added the constraint or took another \
            strong lock on the table",
    why: "Validating alone blocks nobody, but the lock that was taken before is kept while every \
          row is checked.",
    rewrite: "`VALIDATE CONSTRAINT` in a later migration.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    let mut kept = Names::default();
    for read in &script.statements {
        let locks = lock::locks(script, read);
        if let Ddl::AlterTable(alter) = &read.ddl {
            let besides =
                locks.iter().filter(|(table, _)| table.is_same(&alter.name)).map(|(_, lock)| lock);
            if let Some(lock) = kept.of(&alter.name).chain(besides).max() {
                validations(read, alter, *lock, report);
            }
        }
        let strong = locks.into_iter().filter(|(_, lock)| *lock > Lock::Weak);
        for (table, lock) in strong.filter(|_| script.context.transaction) {
            if kept.of(table).max().is_none_or(|held| *held < lock) {
                kept.insert(table, lock);
            }
        }
    }
}

/// Reports what is validated under a lock that is stronger than validating needs.
fn validations(
    read: &ParsedStatement<'_>,
    alter: &AlterTable<'_>,
    lock: Lock,
    report: &mut Report<'_, '_>,
) {
    if lock == Lock::Weak {
        return;
    }
    let table = alter.name.text();
    let blocked = if lock == Lock::All { "reads or writes" } else { "writes to" };
    for (action, span) in &alter.actions {
        let Action::ValidateConstraint(name) = action else { continue };
        report.instead(
            read,
            span.clone(),
            format!(
                "nobody {blocked} `{table}` while every row is checked: the {} lock is kept",
                lock.name()
            ),
            format!(
                "`ALTER TABLE {table} VALIDATE CONSTRAINT {}` in a later migration.",
                name.text()
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{found, found_in};
    use migrate_sql::SqlContext;

    const VALIDATE: &str = "VALIDATE CONSTRAINT c";

    #[test]
    fn while_it_is_locked() {
        for sql in [
            "ALTER TABLE a ADD CONSTRAINT c CHECK (b) NOT VALID; ALTER TABLE a VALIDATE CONSTRAINT c",
            "ALTER TABLE a ADD CONSTRAINT c FOREIGN KEY (b) REFERENCES d NOT VALID, VALIDATE CONSTRAINT c",
            "ALTER TABLE d ADD FOREIGN KEY (b) REFERENCES a NOT VALID; ALTER TABLE a VALIDATE CONSTRAINT c",
            "ALTER TABLE a ADD b int; SELECT 1; ALTER TABLE a VALIDATE CONSTRAINT c",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Postgres, sql), [VALIDATE], "{sql}");
        }
    }

    #[test]
    fn while_it_is_not() {
        for sql in [
            "ALTER TABLE a VALIDATE CONSTRAINT c",
            "ALTER TABLE d ADD b int; ALTER TABLE a VALIDATE CONSTRAINT c",
            "ALTER TABLE a VALIDATE CONSTRAINT c; ALTER TABLE a ADD b int",
            "ALTER TABLE a VALIDATE CONSTRAINT b; ALTER TABLE a VALIDATE CONSTRAINT c",
            "CREATE TABLE a (b int); ALTER TABLE a ADD d int; ALTER TABLE a VALIDATE CONSTRAINT c",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Postgres, sql), [""; 0], "{sql}");
        }
        let sql = "ALTER TABLE a ADD b int; ALTER TABLE a VALIDATE CONSTRAINT c";
        let alone = SqlContext { transaction: false, ..SqlContext::new(Dialect::Postgres) };
        assert_eq!(found(&RULE, sql, alone), [""; 0]);
    }
}
