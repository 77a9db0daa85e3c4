//! Slow statements while a table is locked

use crate::lock::{self, Lock};
use crate::rule::{Group, Report, Rule};
use crate::script::{ParsedScript, ParsedStatement};
use migrate_sql::ddl::Action;
use migrate_sql::{Ddl, Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "statements-after-strong-lock",
    group: Group::Locks,
    level: Level::Warn,
    dialects: &[Dialect::Postgres],
    finds: "statements that go through rows or wait, behind one that took an ACCESS EXCLUSIVE lock \
            in the same transaction",
    why: "A lock is kept until the transaction ends, so nobody reads or writes the locked table \
          while they run.",
    rewrite: "Move what takes long to a migration of its own, before or behind this one.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    if !script.context.transaction {
        return;
    }
    let mut locked = None;
    for read in &script.statements {
        if let Some(table) = locked
            && takes_long(script, read)
        {
            let message =
                format!("nobody reads or writes `{table}`, locked above, until this is done");
            report.statement(read, message);
        }
        if locked.is_none() {
            let all = lock::locks(script, read).into_iter().find(|(_, lock)| *lock == Lock::All);
            locked = all.map(|(table, _)| table.text());
        }
    }
}

fn takes_long(script: &ParsedScript<'_>, read: &ParsedStatement<'_>) -> bool {
    match &read.ddl {
        Ddl::CreateIndex(index) => !script.is_new(read, &index.table),
        Ddl::AlterTable(alter) => {
            !script.is_new(read, &alter.name)
                && alter
                    .actions
                    .iter()
                    .any(|(action, _)| matches!(action, Action::ValidateConstraint(_)))
        }
        Ddl::CreateTable(create) => create.as_query,
        Ddl::Other => goes_through_rows(read),
        _ => false,
    }
}

/// Whether it reads or changes rows of unknown number; those that are written out are few.
fn goes_through_rows(read: &ParsedStatement<'_>) -> bool {
    let mut tokens = read.statement.tokens();
    let Some(first) = tokens.next() else { return false };
    if first.is_word("INSERT") {
        return tokens.any(|token| token.is_any_word(&["SELECT", "TABLE", "WITH"]));
    }
    // A `SELECT` without tables asks a function or sets something.
    let reads = first.is_any_word(&["SELECT", "WITH"]) && tokens.any(|token| token.is_word("FROM"));
    reads
        || first.is_any_word(&[
            "UPDATE", "DELETE", "MERGE", "COPY", "REFRESH", "DO", "CALL", "REINDEX", "ANALYZE",
        ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{found, found_in};
    use migrate_sql::SqlContext;

    const LOCK: &str = "ALTER TABLE a ADD b int";

    #[test]
    fn what_takes_long() {
        for slow in [
            "UPDATE a SET b = 1",
            "CREATE INDEX c ON a (b)",
            "ALTER TABLE d VALIDATE CONSTRAINT e",
            "INSERT INTO d SELECT b FROM a",
            "SELECT count(*) FROM a",
            "CREATE TABLE d AS SELECT 1",
            "REFRESH MATERIALIZED VIEW d",
            "DO 'BEGIN END'",
        ] {
            let sql = format!("{LOCK}; {slow}");
            assert_eq!(found_in(&RULE, Dialect::Postgres, &sql), [slow]);
            let before = format!("{slow}; {LOCK}");
            assert_eq!(found_in(&RULE, Dialect::Postgres, &before), [""; 0], "{before}");
        }
    }

    #[test]
    fn what_does_not_or_is_not_locked() {
        for sql in [
            format!("{LOCK}; ALTER TABLE a ADD c int; SELECT set_config('a.b', '', true)"),
            format!(
                "{LOCK}; CREATE TABLE c (d int); CREATE INDEX ON c (d); INSERT INTO c VALUES (1)"
            ),
            "CREATE TABLE a (c int); ALTER TABLE a ADD b int; UPDATE a SET b = 1".to_owned(),
            "ALTER TABLE a VALIDATE CONSTRAINT b; UPDATE a SET b = 1".to_owned(),
            "ALTER TABLE a SET (fillfactor = 70); UPDATE a SET b = 1".to_owned(),
        ] {
            assert_eq!(found_in(&RULE, Dialect::Postgres, &sql), [""; 0], "{sql}");
        }
        let alone = SqlContext { transaction: false, ..SqlContext::new(Dialect::Postgres) };
        assert_eq!(found(&RULE, &format!("{LOCK}; UPDATE a SET b = 1"), alone), [""; 0]);
    }
}
