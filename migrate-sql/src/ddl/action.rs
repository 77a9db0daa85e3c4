//! What `ALTER` changes of a table or a type.

use super::definition::{Column, Constraint, Default};
use super::name::{Ident, Name};

/// One change of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action<'a> {
    /// `ADD COLUMN`
    AddColumn {
        /// The column.
        column: Box<Column<'a>>,
        /// Whether nothing happens if there is one of its name.
        if_not_exists: bool,
        /// Whether MySQL is told where among the others it goes.
        placed: bool,
    },
    /// `DROP COLUMN`
    DropColumn {
        /// Its name.
        name: Ident<'a>,
        /// Whether nothing happens if it is not there.
        if_exists: bool,
        /// Whether what depends on it is dropped, too.
        cascade: bool,
    },
    /// `ALTER COLUMN`
    AlterColumn {
        /// Its name.
        name: Ident<'a>,
        /// What becomes of it.
        change: ColumnChange<'a>,
    },
    /// MySQL's `MODIFY COLUMN`, and `CHANGE COLUMN`, which gives it a name, too.
    RedefineColumn {
        /// The name it has.
        from: Ident<'a>,
        /// What it becomes.
        column: Box<Column<'a>>,
    },
    /// `ADD CONSTRAINT`, and MySQL's `ADD INDEX`.
    AddConstraint(Box<Constraint<'a>>),
    /// `DROP CONSTRAINT`, and MySQL's `DROP FOREIGN KEY` and others.
    DropConstraint {
        /// The words behind `DROP`.
        what: &'static str,
        /// Its name; a primary key needs none.
        name: Option<Ident<'a>>,
        /// Whether nothing happens if it is not there.
        if_exists: bool,
    },
    /// `VALIDATE CONSTRAINT`
    ValidateConstraint(Ident<'a>),
    /// `RENAME COLUMN`
    RenameColumn {
        /// The name it has.
        from: Ident<'a>,
        /// The name it gets.
        to: Ident<'a>,
    },
    /// `RENAME CONSTRAINT`
    RenameConstraint {
        /// The name it has.
        from: Ident<'a>,
        /// The name it gets.
        to: Ident<'a>,
    },
    /// MySQL's `RENAME INDEX`.
    RenameIndex {
        /// The name it has.
        from: Ident<'a>,
        /// The name it gets.
        to: Ident<'a>,
    },
    /// `RENAME TO`
    RenameTo(Name<'a>),
    /// `SET SCHEMA`
    SetSchema(Ident<'a>),
    /// `ATTACH PARTITION`
    AttachPartition(Name<'a>),
    /// `DETACH PARTITION`
    DetachPartition {
        /// The partition.
        name: Name<'a>,
        /// Whether it goes without blocking.
        concurrently: bool,
    },
    /// MySQL's `ALGORITHM =`.
    Algorithm(&'a str),
    /// MySQL's `LOCK =`.
    Lock(&'a str),
    /// Anything else, as written.
    Other(&'a str),
}

/// What becomes of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ColumnChange<'a> {
    /// `TYPE`, and whether it says how to convert what is there.
    Type {
        /// The new type as written.
        data_type: &'a str,
        /// Whether there is a `USING`.
        using: bool,
    },
    /// `SET NOT NULL`
    SetNotNull,
    /// `DROP NOT NULL`
    DropNotNull,
    /// `SET DEFAULT`
    SetDefault(Default<'a>),
    /// `DROP DEFAULT`
    DropDefault,
    /// Anything else.
    Other,
}

/// What becomes of an enum's values, or of a composite type's attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EnumChange<'a> {
    /// `ADD VALUE`
    AddValue {
        /// The literal as written.
        value: &'a str,
        /// Whether nothing happens if it is there.
        if_not_exists: bool,
        /// Whether it says before or after which other.
        placed: bool,
    },
    /// `RENAME VALUE`
    RenameValue {
        /// The literal it is.
        from: &'a str,
        /// The literal it becomes.
        to: &'a str,
    },
    /// `RENAME ATTRIBUTE`
    RenameAttribute {
        /// The name it has.
        from: Ident<'a>,
        /// The name it gets.
        to: Ident<'a>,
    },
    /// `ADD ATTRIBUTE`
    AddAttribute(Ident<'a>),
}
