//! What a statement of DDL makes, changes and drops, read from its tokens.
//!
//! This is no parser: it reads the head of a statement and what a migration's undoing, its rules and its
//! probes ask about, takes expressions as they are, and calls [`Ddl::Other`] what it does not know. Texts
//! it gives are slices of the statement; offsets count from the statement's beginning.

#![expect(
    clippy::struct_excessive_bools,
    reason = "statements have many words that are there or not"
)]

mod action;
mod alter;
pub(crate) mod cursor;
mod definition;
mod drop;
mod index;
mod name;
pub(crate) mod object;
mod rename;
mod table;

pub use self::{
    action::{Action, ColumnChange, EnumChange},
    alter::AlterTable,
    definition::{Column, Constraint, ConstraintKind, Default, Generated, References},
    drop::Drop,
    index::CreateIndex,
    name::{Ident, Name},
    object::{Create, ObjectKind},
    rename::Rename,
    table::CreateTable,
};

use self::cursor::Cursor;
use crate::statement::Statement;

/// What a statement does to the schema.
///
/// # Examples
///
/// ```
/// use migrate_sql::{Dialect, Ddl, split};
///
/// let statements = split("CREATE UNIQUE INDEX a ON shop.users (email)", Dialect::Postgres)?;
/// let Ddl::CreateIndex(index) = statements[0].ddl() else { panic!() };
/// assert_eq!(index.table.text(), "shop.users");
/// assert!(index.unique);
/// # Ok::<(), migrate_sql::SplitError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ddl<'a> {
    /// `CREATE TABLE`
    CreateTable(CreateTable<'a>),
    /// `CREATE INDEX`
    CreateIndex(CreateIndex<'a>),
    /// `CREATE` of anything else.
    Create(Create<'a>),
    /// `ALTER TABLE`, of views and the like where it changes them as it would a table.
    AlterTable(AlterTable<'a>),
    /// `ALTER TYPE` of an enum's values.
    AlterEnum {
        /// The type.
        name: Name<'a>,
        /// What becomes of its values.
        change: EnumChange<'a>,
    },
    /// `ALTER … RENAME TO` of anything but a table's parts, and MySQL's `RENAME TABLE`.
    Rename(Rename<'a>),
    /// `DROP`
    Drop(Drop<'a>),
    /// What is not understood, or is no DDL.
    Other,
}

impl<'a> Ddl<'a> {
    pub(crate) fn of(statement: &Statement<'a>) -> Self {
        read(&mut Cursor::new(statement)).unwrap_or(Self::Other)
    }
}

impl<'a> Statement<'a> {
    /// What it makes, changes and drops, as far as that can be read without a parser.
    pub fn ddl(&self) -> Ddl<'a> {
        Ddl::of(self)
    }
}

fn read<'a>(cursor: &mut Cursor<'a>) -> Option<Ddl<'a>> {
    if cursor.eat("CREATE") {
        object::create(cursor)
    } else if cursor.eat("ALTER") {
        alter::alter(cursor)
    } else if cursor.eat("DROP") {
        drop::drop(cursor).map(Ddl::Drop)
    } else if cursor.eat("RENAME") {
        rename::tables(cursor).map(Ddl::Rename)
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
