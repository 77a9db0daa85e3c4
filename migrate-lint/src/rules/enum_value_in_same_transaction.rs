//! Values of an enum that are used too early

use std::collections::BTreeSet;

use crate::names::Names;
use crate::rule::{Group, Report, Rule};
use crate::script::{ParsedScript, ParsedStatement};
use migrate_sql::ddl::{Create, EnumChange, ObjectKind};
use migrate_sql::{Ddl, Dialect, Level, TokenKind};

pub(crate) const RULE: Rule = Rule {
    id: "enum-value-in-same-transaction",
    group: Group::Correctness,
    level: Level::Warn,
    dialects: &[Dialect::Postgres],
    finds: "`ALTER TYPE … ADD VALUE` and a use of that value in the same transaction",
    why: "PostgreSQL fails with 55P04: a value that is added to a type can be used only when it is \
          committed; since 17 it can if the type is new, too. Before 12 it cannot be added in a \
          transaction at all.",
    rewrite: "Use the value in a later migration.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    if !script.context.transaction {
        return;
    }
    let is_old = script.server.is_some_and(|server| !server.is_at_least(12, 0));
    let knows_new_types = script.server.is_some_and(|server| server.is_at_least(17, 0));
    let mut types = Names::default();
    let mut added = BTreeSet::new();
    for read in &script.statements {
        match &read.ddl {
            // With a type of this transaction its values go, too; only since 17 PostgreSQL knows.
            Ddl::Create(Create { kind: ObjectKind::Type, name: Some(name), .. }) => {
                types.insert(name, ());
            }
            Ddl::AlterEnum { change: EnumChange::AddValue { .. }, .. } if is_old => {
                report.instead(
                    read,
                    0..read.statement.text().len(),
                    "before PostgreSQL 12 no value can be added in a transaction",
                    "Give it a migration of its own with `transaction = false`.",
                );
            }
            Ddl::AlterEnum { name, change: EnumChange::AddValue { value, .. } } => {
                if !(knows_new_types && types.holds(name)) {
                    added.insert(*value);
                }
            }
            // Other changes of the type may name the value.
            Ddl::AlterEnum { .. } => {}
            _ => uses(read, &added, report),
        }
    }
}

/// Reports the first use in a statement.
fn uses(read: &ParsedStatement<'_>, added: &BTreeSet<&str>, report: &mut Report<'_, '_>) {
    let mut tokens = read.statement.tokens();
    // A comment's text is no value.
    if added.is_empty() || tokens.clone().next().is_some_and(|word| word.is_word("COMMENT")) {
        return;
    }
    if let Some(token) =
        tokens.find(|token| token.kind() == TokenKind::String && added.contains(token.text()))
    {
        let value = token.text();
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
    use crate::rules::testing::{found, found_for, found_in};
    use migrate_sql::SqlContext;

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
        ] {
            assert_eq!(found_in(&RULE, Dialect::Postgres, &sql), [""; 0], "{sql}");
        }
        let alone = SqlContext { transaction: false, ..SqlContext::new(Dialect::Postgres) };
        assert_eq!(found(&RULE, &format!("{ADD}; SELECT 'new'"), alone), [""; 0]);
    }

    #[test]
    fn a_value_of_a_new_type_can_be_used_since_17() {
        let sql = format!("CREATE TYPE mood AS ENUM ('old'); {ADD}; SELECT 'new'::mood");
        let context = SqlContext::new(Dialect::Postgres);
        assert_eq!(found_for(&RULE, &sql, context, Some("postgres 17")), [""; 0]);
        for server in [None, Some("postgres 16")] {
            assert_eq!(found_for(&RULE, &sql, context, server), ["'new'"]);
        }
    }

    #[test]
    fn old_servers_take_none_in_a_transaction() {
        let context = SqlContext::new(Dialect::Postgres);
        assert_eq!(found_for(&RULE, ADD, context, Some("postgres 11")), [ADD]);
        assert_eq!(found_for(&RULE, ADD, context, Some("postgres 12")), [""; 0]);
    }
}
