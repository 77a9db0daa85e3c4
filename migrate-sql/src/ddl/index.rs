//! `CREATE INDEX`

use super::{Name, cursor::Cursor};
use crate::text::Dialect;

/// An index as it is created.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CreateIndex<'a> {
    /// Its name; PostgreSQL chooses one where there is none.
    pub name: Option<Name<'a>>,
    /// The table.
    pub table: Name<'a>,
    /// Whether it demands that values differ.
    pub unique: bool,
    /// Whether PostgreSQL builds it without blocking writes.
    pub concurrently: bool,
    /// Whether nothing happens if there is one of its name.
    pub if_not_exists: bool,
    /// Whether one that is there already is dropped first.
    pub or_replace: bool,
    /// Its columns and expressions, as written.
    pub columns: Vec<&'a str>,
    /// What is said behind the columns.
    pub options: &'a str,
}

/// Reads on behind `CREATE … INDEX`.
pub(super) fn create<'a>(
    cursor: &mut Cursor<'a>,
    unique: bool,
    or_replace: bool,
) -> Option<CreateIndex<'a>> {
    let concurrently = cursor.dialect == Dialect::Postgres && cursor.eat("CONCURRENTLY");
    let if_not_exists = cursor.eat_if_not_exists();
    let name = if cursor.is_word("ON") { None } else { cursor.name() };
    // MySQL names the method in front of the table, too.
    if cursor.eat("USING") {
        cursor.skip();
    }
    if !cursor.eat("ON") {
        return None;
    }
    if cursor.dialect == Dialect::Postgres {
        cursor.eat("ONLY");
    }
    let table = cursor.name()?;
    if cursor.eat("USING") {
        cursor.skip();
    }
    let columns = cursor.group()?.items().into_iter().map(text).collect();
    let start = cursor.offset();
    while cursor.skip().is_some() {}
    let options = cursor.text.get(start..).unwrap_or_default();
    Some(CreateIndex {
        name,
        table,
        unique,
        concurrently,
        if_not_exists,
        or_replace,
        columns,
        options,
    })
}

fn text(mut item: Cursor<'_>) -> &str {
    let start = item.offset();
    while item.skip().is_some() {}
    item.text_from(start)
}

impl CreateIndex<'_> {
    /// The first word of each column, where it is a column and no expression.
    pub fn column_names(&self) -> impl Iterator<Item = &str> {
        self.columns
            .iter()
            .filter(|column| !column.contains('('))
            .filter_map(|column| column.split_whitespace().next())
    }
}
