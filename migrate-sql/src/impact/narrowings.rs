//! All that a schema migration destroys or narrows.

use super::calls;
use super::narrowing::{Narrowings, Reading};
use super::{columns::Columns, demands, nested, relation::Relation};
use crate::effects::EffectKind;
use crate::statement::{Statement, StatementKind, split};
use crate::text::Dialect;

/// Finds what the SQL of a schema migration destroys or narrows: `DROP` and `RENAME` of tables and columns, other types,
/// `NOT NULL`, new constraints.
///
/// ```
/// use migrate_sql::{Dialect, impact::{narrowings, touched}};
///
/// let contract = narrowings("ALTER TABLE users DROP COLUMN email", Dialect::Postgres);
/// assert_eq!(contract.list[0].words(), "drops `users.email`");
/// let backfill = touched("UPDATE users SET mail = email", Dialect::Postgres);
/// assert!(contract.list[0].concerns(&backfill));
/// ```
pub fn narrowings(sql: &str, dialect: Dialect) -> Narrowings {
    let mut reading = Reading::new(dialect);
    reading.text(sql);
    reading.found
}

impl Reading {
    fn text(&mut self, sql: &str) {
        let Ok(statements) = split(sql, self.dialect) else {
            self.found.unseen = true;
            return;
        };
        for statement in &statements {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Statement<'_>) {
        match statement.kind() {
            StatementKind::Ddl => demands::of(statement, self),
            StatementKind::Dml => self.rows(statement),
            StatementKind::Routine | StatementKind::Unknown => {
                self.found.unseen = true;
                for inner in nested::statements(statement.text(), self.dialect) {
                    let inner = split(inner, self.dialect).unwrap_or_default();
                    // What is nested deeper was found with it.
                    let plain = |class| matches!(class, StatementKind::Ddl | StatementKind::Dml);
                    for inner in inner.iter().filter(|inner| plain(inner.kind())) {
                        self.statement(inner);
                    }
                }
            }
            StatementKind::Query => self.found.unseen |= calls::may_do_anything(statement),
            StatementKind::TransactionControl
            | StatementKind::SessionSetting
            | StatementKind::Maintenance => {}
        }
    }

    /// Rows that are removed or overwritten, where a migration may mix both kinds.
    fn rows(&mut self, statement: &Statement<'_>) {
        let has = |word: &str| statement.tokens().any(|token| token.is_word(word));
        if has("INSERT") && !has("UPDATE") && !has("DELETE") {
            return;
        }
        for object in statement.effects() {
            if object.action == EffectKind::Written && !object.temporary {
                let words = format!("changes rows of `{}`", Relation::of(&object.name));
                self.narrow(&object.name, Columns::All, words);
            }
        }
    }
}
