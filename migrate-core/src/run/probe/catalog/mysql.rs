//! The catalog of MySQL and MariaDB.
//!
//! `information_schema` shows only what the user may see. A user that may change an object sees it, except for columns, which
//! have separate privileges: if none of a table's columns is visible, nothing can be determined.

use migrate_sql::{Dialect, quote};

use crate::run::probe::place::Place;
use crate::run::probe::thing::{Fact, What};

pub(super) fn question(fact: &Fact) -> Option<String> {
    let thing = &fact.thing;
    let name = &thing.place.name;
    match thing.what {
        What::Table => Some(table(&thing.place)),
        What::View => Some(object("tables", "table", &thing.place, "AND table_type LIKE '%VIEW'")),
        What::Sequence => {
            Some(object("tables", "table", &thing.place, "AND table_type = 'SEQUENCE'"))
        }
        What::Trigger => Some(trigger(&thing.place)),
        What::Event => Some(object("events", "event", &thing.place, "")),
        What::Function => Some(routine("FUNCTION", &thing.place)),
        What::Procedure => Some(routine("PROCEDURE", &thing.place)),
        What::Package => Some(routine("PACKAGE", &thing.place)),
        What::Database | What::Schema => Some(format!(
            "EXISTS (SELECT 1 FROM information_schema.schemata WHERE schema_name = {})",
            literal(name)
        )),
        What::Column => thing.of.as_ref().map(|table| column(table, name)),
        What::Index => part(thing.of.as_ref()?, "statistics", &same("index_name", name)),
        What::PrimaryKey => part(thing.of.as_ref()?, "statistics", "index_name = 'PRIMARY'"),
        What::Partition => part(thing.of.as_ref()?, "partitions", &same("partition_name", name)),
        What::ForeignKey => {
            constraint(thing.of.as_ref()?, name, "AND constraint_type = 'FOREIGN KEY'")
        }
        What::Check => constraint(thing.of.as_ref()?, name, "AND constraint_type = 'CHECK'"),
        What::Constraint => constraint(thing.of.as_ref()?, name, ""),
        What::Domain
        | What::EnumValue
        | What::EventTrigger
        | What::Extension
        | What::ForeignTable
        | What::MaterializedView
        | What::Policy
        | What::Publication
        | What::Role
        | What::Rule
        | What::Subscription
        | What::Tablespace
        | What::Type => None,
    }
}

/// Returns the query for a table's columns in order: names, types, and whether they may be NULL.
pub(in crate::run::probe) fn columns(table: &Place) -> String {
    format!(
        "SELECT column_name, column_type, is_nullable FROM information_schema.columns WHERE {} ORDER BY ordinal_position",
        of(table)
    )
}

/// Returns the query for an index's columns in order, each with whether it is not unique.
pub(in crate::run::probe) fn index_columns(table: &Place, name: &str) -> String {
    format!(
        "SELECT column_name, non_unique FROM information_schema.statistics WHERE {} AND {} ORDER BY seq_in_index",
        of(table),
        same("index_name", name)
    )
}

fn table(place: &Place) -> String {
    object("tables", "table", place, "AND table_type NOT LIKE '%VIEW' AND table_type <> 'SEQUENCE'")
}

fn routine(kind: &str, place: &Place) -> String {
    object("routines", "routine", place, &format!("AND routine_type = '{kind}'"))
}

/// Returns the expression for a trigger, which is in its table's database. Without the database, MariaDB reads all databases
/// of the server, and fails if another session changes one of their tables meanwhile.
fn trigger(place: &Place) -> String {
    object("triggers", "trigger", place, &format!("AND event_object_schema = {}", schema(place)))
}

/// Returns the expression for an object in a database. Without a current database nothing can be determined.
fn object(view: &str, word: &str, place: &Place, further: &str) -> String {
    let schema = schema(place);
    format!(
        "CASE WHEN {schema} IS NOT NULL THEN EXISTS (SELECT 1 FROM information_schema.{view} \
         WHERE {word}_schema = {schema} AND {word}_name = {} {further}) END",
        literal(&place.name)
    )
}

fn column(table: &Place, name: &str) -> String {
    format!(
        "(SELECT CASE WHEN count(*) > 0 THEN sum({}) > 0 END FROM information_schema.columns WHERE {})",
        same("column_name", name),
        of(table)
    )
}

/// Returns the expression for a part of a table. If the table does not exist, nothing can be determined.
#[expect(clippy::unnecessary_wraps, reason = "one of many questions, which need not be there")]
fn part(of_table: &Place, view: &str, condition: &str) -> Option<String> {
    Some(format!(
        "CASE WHEN {} THEN EXISTS (SELECT 1 FROM information_schema.{view} WHERE {} AND {condition}) END",
        table(of_table),
        of(of_table)
    ))
}

fn constraint(of_table: &Place, name: &str, further: &str) -> Option<String> {
    let condition = format!("{} {further}", same("constraint_name", name));
    part(of_table, "table_constraints", &condition)
}

fn of(table: &Place) -> String {
    format!("table_schema = {} AND table_name = {}", schema(table), literal(&table.name))
}

fn schema(place: &Place) -> String {
    place.schema.as_deref().map_or_else(|| "database()".to_owned(), literal)
}

/// Compares names of parts of tables, which ignore case but not accents; the catalog's own collation ignores both.
fn same(column: &str, name: &str) -> String {
    let folded = |text: &str| format!("lower(convert({text} USING utf8mb4)) COLLATE utf8mb4_bin");
    format!("{} = {}", folded(column), folded(&literal(name)))
}

fn literal(text: &str) -> String {
    quote::literal(text, Dialect::Mysql)
}
