//! Values of an enum that are used too early

use crate::{
    Dialect, Level, Outline, TokenKind,
    lint::{
        Group, Rule,
        reading::{Read, Reading},
        report::Report,
    },
    outline::{EnumChange, Name, ObjectKind},
};

pub(in crate::lint) const RULE: Rule = Rule {
    id: "enum-value-in-same-transaction",
    group: Group::Correctness,
    level: Level::Warn,
    dialects: &[Dialect::Postgres],
    finds: "`ALTER TYPE … ADD VALUE` and a use of that value in the same transaction",
    why: "PostgreSQL fails with 55P04: a value that is added to a type can be used only when it is committed, unless the \
          type is new, too. Before PostgreSQL 12 it cannot be added in a transaction at all.",
    rewrite: "Use the value in a later migration.",
    check: Some(check),
};

fn check(reading: &Reading<'_>, report: &mut Report<'_, '_>) {
    if !reading.subject.transaction {
        return;
    }
    let is_old = reading.server.is_some_and(|server| !server.is_at_least(12, 0));
    for read in &reading.statements {
        let Outline::AlterEnum { name, change: EnumChange::AddValue { value, .. } } = &read.outline
        else {
            continue;
        };
        if is_old {
            report.instead(
                read,
                0..read.statement.text().len(),
                "before PostgreSQL 12 no value can be added in a transaction",
                "Give it a migration of its own with `transaction = false`.",
            );
        } else if !is_new(reading, read, name) {
            for used in reading.after(read) {
                uses(used, value, report);
            }
        }
    }
}

/// Whether the type is of this transaction, too.
fn is_new(reading: &Reading<'_>, read: &Read<'_>, name: &Name<'_>) -> bool {
    reading.before(read).iter().any(|earlier| {
        let Outline::Create(create) = &earlier.outline else { return false };
        create.kind == ObjectKind::Type
            && create.name.as_ref().is_some_and(|created| created.is_same(name))
    })
}

/// Reports the first use in a statement; other changes of the type may name the value.
fn uses(read: &Read<'_>, value: &str, report: &mut Report<'_, '_>) {
    if matches!(read.outline, Outline::AlterEnum { .. }) {
        return;
    }
    let mut tokens = read.statement.tokens();
    let first = tokens.clone().next();
    // A comment's text is no value.
    if first.is_some_and(|word| word.is_word("COMMENT")) {
        return;
    }
    if let Some(token) =
        tokens.find(|token| token.kind() == TokenKind::String && token.text() == value)
    {
        report.span(
            read,
            token.span(),
            format!("fails with 55P04 if it is the value {value} of the enum, which is not committed yet"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Subject,
        lint::rules::tested::{found, found_for, found_in},
    };

    const ADD: &str = "ALTER TYPE mood ADD VALUE 'new'";

    #[test]
    fn a_later_use_fails() {
        let sql = format!("SELECT 'new'; {ADD}; ALTER TABLE a ALTER b SET DEFAULT 'new'");
        assert_eq!(found_in(&RULE, Dialect::Postgres, &sql), ["'new'"]);
    }

    #[test]
    fn what_does_not_use_it_does_not_fail() {
        for sql in [
            ADD.to_owned(),
            format!("{ADD}; ALTER TYPE mood ADD VALUE 'newer' AFTER 'new'"),
            format!("{ADD}; COMMENT ON TYPE mood IS 'new'; SELECT 'newer'"),
            format!("CREATE TYPE mood AS ENUM ('old'); {ADD}; SELECT 'new'::mood"),
        ] {
            assert_eq!(found_in(&RULE, Dialect::Postgres, &sql), [""; 0], "{sql}");
        }
        let alone = Subject { transaction: false, ..Subject::new(Dialect::Postgres) };
        assert_eq!(found(&RULE, &format!("{ADD}; SELECT 'new'"), alone), [""; 0]);
    }

    #[test]
    fn old_servers_take_none_in_a_transaction() {
        let subject = Subject::new(Dialect::Postgres);
        assert_eq!(found_for(&RULE, ADD, subject, Some("postgres 11")), [ADD]);
        assert_eq!(found_for(&RULE, ADD, subject, Some("postgres 12")), [""; 0]);
    }
}
