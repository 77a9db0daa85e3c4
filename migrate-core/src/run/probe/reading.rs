//! Determines what the catalog can tell about a statement.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "outlines grow, and what is not known of tells nothing"
)]

mod alter;
mod object;
mod other;
mod words;

use migrate_sql::ddl::{Ddl, EnumChange};
use migrate_sql::{Dialect, Statement};

use super::concurrent::Concurrent;
use super::place::{Place, held};
use super::thing::{Fact, Thing, What, consistent};

/// How to determine the outcome of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// Running it again is safe and has the same result.
    Repeatable,
    /// It is atomic, and has these results.
    Atomic {
        facts: Vec<Fact>,
        /// The object without which it does nothing.
        only_if: Option<Thing>,
    },
    /// It drops these objects one after the other; with the words of their kind.
    OneByOne { words: &'static str, things: Vec<Thing> },
    /// It works concurrently, and has intermediate states.
    Concurrent(Concurrent),
    /// The catalog does not tell.
    Silent,
}

impl Reading {
    pub(super) fn of(statement: &Statement<'_>) -> Self {
        let dialect = statement.dialect();
        let reading = match statement.ddl() {
            Ddl::CreateTable(table) => object::create_table(&table, dialect),
            Ddl::CreateIndex(index) => object::create_index(&index, dialect),
            Ddl::Create(create) => object::create(&create, statement),
            Ddl::AlterTable(alter) => alter::table(&alter, dialect),
            Ddl::AlterEnum { name, change } => {
                Place::of(&name, dialect).and_then(|of| enum_change(&of, &change, dialect))
            }
            Ddl::Rename(rename) => object::rename(&rename, dialect),
            Ddl::Drop(drop) => object::drop(&drop, dialect),
            _ => Some(other::read(statement)),
        };
        reading.unwrap_or(Self::Silent)
    }

    /// Creates an atomic statement with these results.
    fn atomic(facts: &[Fact]) -> Self {
        let facts = consistent(facts);
        if facts.is_empty() { Self::Silent } else { Self::Atomic { facts, only_if: None } }
    }
}

fn enum_change(of: &Place, change: &EnumChange<'_>, dialect: Dialect) -> Option<Reading> {
    let value = |text: &str| Some(Thing::part(What::EnumValue, literal(text)?, of));
    let attribute = |ident| Some(Thing::part(What::Column, held(ident, dialect)?, of));
    Some(match change {
        EnumChange::AddValue { if_not_exists: true, .. } => Reading::Repeatable,
        EnumChange::AddValue { value: text, .. } => Reading::atomic(&[Fact::there(value(text)?)]),
        EnumChange::RenameValue { from, to } => {
            Reading::atomic(&[Fact::gone(value(from)?), Fact::there(value(to)?)])
        }
        EnumChange::RenameAttribute { from, to } => {
            Reading::atomic(&[Fact::gone(attribute(from)?), Fact::there(attribute(to)?)])
        }
        EnumChange::AddAttribute(name) => Reading::atomic(&[Fact::there(attribute(name)?)]),
        _ => return None,
    })
}

/// Returns the value of a literal without escapes.
fn literal(text: &str) -> Option<String> {
    let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
    (!inner.contains('\\')).then(|| inner.replace("''", "'"))
}

#[cfg(test)]
mod tests;
