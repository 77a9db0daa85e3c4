//! `VALIDATE CONSTRAINT` while the table is locked

use crate::{
    Dialect, Level,
    lint::{
        Group, Rule,
        lock::{self, Lock},
        reading::{Read, Reading},
        report::Report,
    },
    outline::{Action, AlterTable},
};

pub(in crate::lint) const RULE: Rule = Rule {
    id: "validate-in-same-transaction",
    group: Group::Locks,
    level: Level::Warn,
    dialects: &[Dialect::Postgres],
    finds: "`VALIDATE CONSTRAINT` in the transaction that added the constraint or took another strong lock on the table",
    why: "Validating alone blocks nobody, but the lock that was taken before is kept while every row is checked.",
    rewrite: "`VALIDATE CONSTRAINT` in a later migration.",
    check: Some(check),
};

fn check(reading: &Reading<'_>, report: &mut Report<'_, '_>) {
    for (read, alter) in reading.alterations() {
        for (action, span) in &alter.actions {
            let Action::ValidateConstraint(name) = action else { continue };
            let Some(lock) = held(reading, read, alter) else { continue };
            let table = alter.name.text();
            let blocked = if lock == Lock::All { "reads or writes" } else { "writes to" };
            report.instead(
                read,
                span.clone(),
                format!(
                    "nobody {blocked} `{table}` while every row is checked: the {} lock taken before is kept",
                    lock.name()
                ),
                format!("`ALTER TABLE {table} VALIDATE CONSTRAINT {}` in a later migration.", name.text()),
            );
        }
    }
}

/// The strongest lock on the table that this statement takes besides, or those before it took and keep.
fn held(reading: &Reading<'_>, read: &Read<'_>, alter: &AlterTable<'_>) -> Option<Lock> {
    let before = if reading.subject.transaction { reading.before(read) } else { &[] };
    let earlier = before
        .iter()
        .flat_map(|earlier| lock::locks(reading, earlier))
        .filter(|(table, _)| table.is_same(&alter.name))
        .map(|(_, lock)| lock);
    let besides = alter.actions.iter().map(|(action, _)| lock::of_action(action));
    earlier.chain(besides).max().filter(|lock| *lock > Lock::Weak)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Subject,
        lint::rules::tested::{found, found_in},
    };

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
        let alone = Subject { transaction: false, ..Subject::new(Dialect::Postgres) };
        assert_eq!(found(&RULE, sql, alone), [""; 0]);
    }
}
