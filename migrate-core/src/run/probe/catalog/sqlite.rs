//! SQLite's catalog.

use migrate_sql::{Dialect, quote};

use crate::run::probe::place::Place;
use crate::run::probe::thing::{Fact, What};

pub(super) fn question(fact: &Fact) -> Option<String> {
    let thing = &fact.thing;
    match thing.what {
        What::Table => Some(is_there("table", &thing.place)),
        What::View => Some(is_there("view", &thing.place)),
        What::Index => Some(is_there("index", &thing.place)),
        What::Trigger => Some(is_there("trigger", &thing.place)),
        What::Column => thing.of.as_ref().map(|table| column(table, &thing.place.name)),
        What::Check
        | What::Constraint
        | What::Database
        | What::Domain
        | What::EnumValue
        | What::Event
        | What::EventTrigger
        | What::Extension
        | What::ForeignKey
        | What::ForeignTable
        | What::Function
        | What::MaterializedView
        | What::Package
        | What::Partition
        | What::Policy
        | What::PrimaryKey
        | What::Procedure
        | What::Publication
        | What::Role
        | What::Rule
        | What::Schema
        | What::Sequence
        | What::Subscription
        | What::Tablespace
        | What::Type => None,
    }
}

fn is_there(kind: &str, place: &Place) -> String {
    format!(
        "EXISTS (SELECT 1 FROM {}.sqlite_master WHERE type = '{kind}' AND name = {} COLLATE NOCASE)",
        quote::identifier(schema(place), Dialect::Sqlite),
        literal(&place.name)
    )
}

fn column(table: &Place, name: &str) -> String {
    format!(
        "CASE WHEN {} THEN EXISTS (SELECT 1 FROM pragma_table_xinfo({}, {}) WHERE name = {} COLLATE NOCASE) END",
        is_there("table", table),
        literal(&table.name),
        literal(schema(table)),
        literal(name)
    )
}

/// Returns the schema of an object; the default is the main database.
fn schema(place: &Place) -> &str {
    place.schema.as_deref().unwrap_or("main")
}

fn literal(text: &str) -> String {
    quote::literal(text, Dialect::Sqlite)
}
