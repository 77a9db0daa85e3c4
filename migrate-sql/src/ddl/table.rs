//! `CREATE TABLE`

use super::{
    Column, Constraint, Name,
    cursor::Cursor,
    definition::{column, constraint},
};
use crate::text::Token;

/// A table as it is created.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CreateTable<'a> {
    /// Its name.
    pub name: Name<'a>,
    /// Whether it ends with the session.
    pub temporary: bool,
    /// Whether nothing happens if it is there already.
    pub if_not_exists: bool,
    /// Whether one that is there already is dropped first.
    pub or_replace: bool,
    /// Whether it is a foreign table, kept by another server.
    pub foreign: bool,
    /// Its columns, in order.
    pub columns: Vec<Column<'a>>,
    /// Its constraints, and MySQL's indexes.
    pub constraints: Vec<Constraint<'a>>,
    /// The table it is a partition of.
    pub partition_of: Option<Name<'a>>,
    /// Whether its columns come from a query.
    pub as_query: bool,
    /// Whether its columns come from another table, or from a type.
    pub like: bool,
    /// What is said behind the parentheses: engine, storage, partitions.
    pub options: &'a str,
}

/// Reads on behind `CREATE … TABLE`.
pub(super) fn create<'a>(cursor: &mut Cursor<'a>, head: Head) -> Option<CreateTable<'a>> {
    let if_not_exists = cursor.eat_if_not_exists();
    let mut table = CreateTable {
        name: cursor.name()?,
        temporary: head.temporary,
        if_not_exists,
        or_replace: head.or_replace,
        foreign: head.foreign,
        columns: Vec::new(),
        constraints: Vec::new(),
        partition_of: None,
        as_query: false,
        like: false,
        options: "",
    };
    if cursor.eat_all(&["PARTITION", "OF"]) {
        table.partition_of = Some(cursor.name()?);
    } else if cursor.eat_any(&["LIKE", "OF"]) {
        table.like = true;
        cursor.name()?;
    }
    if let Some(group) = cursor.group() {
        for item in group.items() {
            element(item, &mut table);
        }
    }
    let start = cursor.offset();
    while !cursor.is_at_end() {
        // `WITH (…)` and `ON COMMIT` come before the query, which may itself stand in parentheses.
        table.as_query |= table.partition_of.is_none() && begins_query(cursor);
        cursor.skip();
    }
    table.options = cursor.text.get(start..).unwrap_or_default();
    Some(table)
}

/// Whether a query comes next; a `WITH` can also begin options, and MariaDB's system versioning.
fn begins_query(cursor: &Cursor<'_>) -> bool {
    let is_option = |next: Token<'_>| next.is_mark("(") || next.is_word("SYSTEM");
    cursor.is_any_word(&["AS", "SELECT", "WITH", "VALUES", "TABLE"])
        && !(cursor.is_word("WITH") && cursor.peek_at(1).is_some_and(is_option))
}

/// What was said between `CREATE` and `TABLE`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Head {
    pub(super) temporary: bool,
    pub(super) or_replace: bool,
    pub(super) foreign: bool,
}

fn element<'a>(mut item: Cursor<'a>, table: &mut CreateTable<'a>) {
    if item.is_word("LIKE") {
        table.like = true;
    } else if let Some(constraint) = constraint(&mut item) {
        table.constraints.push(constraint);
    } else if let Some(column) = column(&mut item) {
        table.columns.push(column);
    }
}
