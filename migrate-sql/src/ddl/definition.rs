//! Columns and constraints, in `CREATE TABLE` and in `ALTER TABLE … ADD`.

use std::ops::Range;

use super::{Ident, Name, cursor::Cursor};
use crate::text::{Dialect, TokenKind};

/// A column as it is defined.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Column<'a> {
    /// Its name.
    pub name: Ident<'a>,
    /// Its type with what belongs to it, as written; empty where SQLite has none.
    pub data_type: &'a str,
    /// Whether it says `NOT NULL`.
    pub not_null: bool,
    /// What it says after `DEFAULT`.
    pub default: Option<Default<'a>>,
    /// Whether it says `PRIMARY KEY`.
    pub primary_key: bool,
    /// Whether it says `UNIQUE`.
    pub unique: bool,
    /// Whether it says `CHECK`.
    pub check: bool,
    /// What it says after `REFERENCES`.
    pub references: Option<References<'a>>,
    /// Whether it is computed from others, and where it is kept.
    pub generated: Option<Generated>,
    /// Whether the server numbers its rows: `serial`, an identity, `AUTO_INCREMENT`, `AUTOINCREMENT`.
    pub numbered: bool,
    /// The bytes it covers in the statement.
    pub span: Range<usize>,
}

/// A column's default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Default<'a> {
    /// The expression as written.
    pub text: &'a str,
    /// Whether it is a single literal, with its sign and its cast.
    pub constant: bool,
}

/// The table that a foreign key refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct References<'a> {
    /// The table.
    pub table: Name<'a>,
}

/// Where a computed column is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generated {
    /// In the row.
    Stored,
    /// Nowhere: computed when it is read.
    Virtual,
}

/// A constraint of a table, or an index defined where constraints are.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Constraint<'a> {
    /// Its name, if it says one.
    pub name: Option<Ident<'a>>,
    /// What it demands.
    pub kind: ConstraintKind<'a>,
    /// Whether rows that are there already are left unchecked.
    pub not_valid: bool,
    /// Whether it is made of an index that is there already.
    pub using_index: bool,
    /// Whether MariaDB is to ignore it if there is one of its name.
    pub if_not_exists: bool,
    /// The bytes it covers in the statement.
    pub span: Range<usize>,
}

/// What a constraint demands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConstraintKind<'a> {
    /// `PRIMARY KEY`
    PrimaryKey,
    /// `UNIQUE`; in MySQL that is an index.
    Unique,
    /// `FOREIGN KEY`
    ForeignKey(References<'a>),
    /// `CHECK`
    Check,
    /// PostgreSQL's `EXCLUDE`
    Exclude,
    /// PostgreSQL's `NOT NULL` of a column, as a constraint of the table.
    NotNull,
    /// MySQL's `KEY` or `INDEX`, `FULLTEXT` and `SPATIAL` included.
    Index,
}

/// Words that end a column's type and begin what is said about the column.
const ATTRIBUTES: &[&str] = &[
    "AFTER",
    "AS",
    "AUTOINCREMENT",
    "AUTO_INCREMENT",
    "CHECK",
    "COLLATE",
    "COLUMN_FORMAT",
    "COMMENT",
    "COMPRESSION",
    "CONSTRAINT",
    "DEFAULT",
    "DEFERRABLE",
    "FIRST",
    "GENERATED",
    "INITIALLY",
    "INVISIBLE",
    "KEY",
    "NOT",
    "NULL",
    "ON",
    "OPTIONS",
    "PRIMARY",
    "REFERENCES",
    "REF_SYSTEM_ID",
    "SRID",
    "STORAGE",
    "UNIQUE",
    "USING",
    "VIRTUAL",
    "VISIBLE",
    "WITHOUT",
];

pub(super) fn column<'a>(cursor: &mut Cursor<'a>) -> Option<Column<'a>> {
    let start = cursor.offset();
    let name = cursor.ident()?;
    let data_type = data_type(cursor);
    let mut column = Column {
        name,
        data_type,
        not_null: false,
        default: None,
        primary_key: false,
        unique: false,
        check: false,
        references: None,
        generated: None,
        numbered: is_serial(data_type),
        span: start..start,
    };
    while !cursor.is_at_end() && !cursor.is_mark(",") {
        attribute(cursor, &mut column)?;
    }
    column.span = cursor.span_from(start);
    Some(column)
}

/// Takes a type with its length, its array brackets and words like `UNSIGNED` or `WITH TIME ZONE`.
pub(super) fn data_type<'a>(cursor: &mut Cursor<'a>) -> &'a str {
    let start = cursor.offset();
    let mut taken = false;
    while let Some(token) = cursor.peek() {
        let is_zone =
            token.is_word("WITHOUT") && cursor.peek_at(1).is_some_and(|next| next.is_word("TIME"));
        // MySQL's `CHARACTER SET` and `CHARSET` belong to the type.
        let ends = token.is_any_word(ATTRIBUTES) && !is_zone;
        if ends || token.is_mark(",") || token.kind() == TokenKind::Operator {
            break;
        }
        cursor.skip();
        taken = true;
    }
    if taken { cursor.text_from(start) } else { "" }
}

fn is_serial(data_type: &str) -> bool {
    let word = data_type.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    ["serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"]
        .iter()
        .any(|serial| word.eq_ignore_ascii_case(serial))
}

fn attribute<'a>(cursor: &mut Cursor<'a>, column: &mut Column<'a>) -> Option<()> {
    if cursor.eat_all(&["NOT", "NULL"]) {
        column.not_null = true;
    } else if cursor.eat("DEFAULT") {
        column.default = Some(default(cursor));
    } else if cursor.eat_all(&["PRIMARY", "KEY"]) || cursor.eat("KEY") {
        column.primary_key = true;
    } else if cursor.eat("UNIQUE") {
        column.unique = true;
        cursor.eat("KEY");
    } else if cursor.eat("CHECK") {
        column.check = true;
        cursor.skip();
    } else if cursor.eat("REFERENCES") {
        column.references = Some(references(cursor)?);
    } else if cursor.eat("GENERATED") {
        generated(cursor, column);
    } else if cursor.eat("AS") {
        column.generated = Some(Generated::Virtual);
        cursor.skip();
    } else if cursor.eat_any(&["STORED", "PERSISTENT"]) {
        column.generated = Some(Generated::Stored);
    } else if cursor.eat_any(&["AUTO_INCREMENT", "AUTOINCREMENT"]) {
        column.numbered = true;
    } else if cursor.eat("CONSTRAINT") {
        cursor.ident()?;
    } else {
        cursor.skip();
    }
    Some(())
}

fn generated(cursor: &mut Cursor<'_>, column: &mut Column<'_>) {
    cursor.eat_any(&["ALWAYS", "BY"]);
    cursor.eat("DEFAULT");
    cursor.eat_all(&["ON", "NULL"]);
    cursor.eat("AS");
    if cursor.eat("IDENTITY") {
        column.numbered = true;
    } else {
        cursor.skip();
        // Without a word PostgreSQL 18, MySQL and SQLite compute it when it is read.
        column.generated = Some(Generated::Virtual);
    }
}

/// Takes the expression behind `DEFAULT`, which ends where the next thing said of the column begins.
pub(super) fn default<'a>(cursor: &mut Cursor<'a>) -> Default<'a> {
    let start = cursor.offset();
    let mut constant = true;
    let mut values = 0;
    while let Some(token) = cursor.peek() {
        let ends = token.is_any_word(ATTRIBUTES) && !(values == 0 && token.is_word("NULL"));
        if ends || token.is_mark(",") {
            break;
        }
        match token.kind() {
            TokenKind::String | TokenKind::Number => values += 1,
            TokenKind::Operator if token.text() == "::" => {
                cursor.skip();
                data_type(cursor);
                continue;
            }
            TokenKind::Operator => constant &= values == 0 && matches!(token.text(), "-" | "+"),
            _ if token.is_any_word(&["TRUE", "FALSE", "NULL"]) => values += 1,
            _ => constant = false,
        }
        cursor.skip();
    }
    Default { text: cursor.text_from(start), constant: constant && values == 1 }
}

/// The table behind `REFERENCES`, and its columns; what is said of actions is read as attributes.
fn references<'a>(cursor: &mut Cursor<'a>) -> Option<References<'a>> {
    let table = cursor.name()?;
    if cursor.is_mark("(") {
        cursor.skip();
    }
    while cursor.eat("ON") {
        cursor.skip();
        if cursor.eat_any(&["NO", "SET"]) {
            cursor.skip();
        } else {
            cursor.eat_any(&["CASCADE", "RESTRICT"]);
        }
    }
    Some(References { table })
}

/// A constraint, if one begins here.
pub(super) fn constraint<'a>(cursor: &mut Cursor<'a>) -> Option<Constraint<'a>> {
    let start = cursor.offset();
    let mut ahead = cursor.clone();
    let named = ahead.eat("CONSTRAINT");
    let if_not_exists = ahead.eat_if_not_exists();
    let name = if named && !begins(&ahead) { ahead.ident() } else { None };
    let mut label = Label { name, if_not_exists };
    let mut constraint = Constraint {
        name: None,
        kind: kind(&mut ahead, &mut label)?,
        not_valid: false,
        using_index: false,
        if_not_exists: label.if_not_exists,
        span: start..start,
    };
    while !ahead.is_at_end() && !ahead.is_mark(",") {
        constraint.not_valid |= ahead.eat_all(&["NOT", "VALID"]);
        let indexed = ahead.eat_all(&["USING", "INDEX"]) && !ahead.is_word("TABLESPACE");
        constraint.using_index |= indexed;
        if !ahead.is_mark(",") {
            ahead.skip();
        }
    }
    constraint.name = label.name;
    constraint.span = ahead.span_from(start);
    *cursor = ahead;
    Some(constraint)
}

/// Whether the word comes that says what a constraint demands.
fn begins(cursor: &Cursor<'_>) -> bool {
    let mut ahead = cursor.clone();
    kind(&mut ahead, &mut Label { name: None, if_not_exists: false }).is_some()
}

/// What a constraint goes by, which may stand behind the words that say what it demands.
struct Label<'a> {
    name: Option<Ident<'a>>,
    if_not_exists: bool,
}

fn kind<'a>(cursor: &mut Cursor<'a>, label: &mut Label<'a>) -> Option<ConstraintKind<'a>> {
    let mysql = cursor.dialect == Dialect::Mysql;
    if cursor.eat_all(&["PRIMARY", "KEY"]) {
        Some(ConstraintKind::PrimaryKey)
    } else if cursor.eat_all(&["FOREIGN", "KEY"]) {
        label.if_not_exists |= cursor.eat_if_not_exists();
        // MariaDB takes the name of its index for that of the constraint, MySQL does not.
        index_name(cursor);
        cursor.skip();
        cursor
            .eat("REFERENCES")
            .then(|| references(cursor))
            .flatten()
            .map(ConstraintKind::ForeignKey)
    } else if cursor.eat("UNIQUE") {
        cursor.eat_any(&["KEY", "INDEX"]);
        if mysql {
            label.if_not_exists |= cursor.eat_if_not_exists();
            label.name = index_name(cursor).or(label.name);
        }
        Some(ConstraintKind::Unique)
    } else if cursor.eat("CHECK") {
        Some(ConstraintKind::Check)
    } else if cursor.eat("EXCLUDE") {
        Some(ConstraintKind::Exclude)
    } else if cursor.dialect == Dialect::Postgres && cursor.eat_all(&["NOT", "NULL"]) {
        Some(ConstraintKind::NotNull)
    } else if mysql && is_index(cursor) {
        cursor.eat_any(&["FULLTEXT", "SPATIAL"]);
        cursor.eat_any(&["KEY", "INDEX"]);
        label.if_not_exists |= cursor.eat_if_not_exists();
        label.name = index_name(cursor);
        Some(ConstraintKind::Index)
    } else {
        None
    }
}

/// Whether the definition of a MySQL index begins here; `key` can be a column's name, too.
fn is_index(cursor: &Cursor<'_>) -> bool {
    let Some(next) = cursor.peek_at(1) else { return false };
    if cursor.is_any_word(&["FULLTEXT", "SPATIAL"]) {
        return true;
    }
    if !cursor.is_any_word(&["KEY", "INDEX"]) {
        return false;
    }
    next.is_mark("(") || next.is_word("USING") || Ident::of(&next, Dialect::Mysql).is_some()
}

fn index_name<'a>(cursor: &mut Cursor<'a>) -> Option<Ident<'a>> {
    let is_named = !cursor.is_mark("(") && !cursor.is_word("USING");
    is_named.then(|| cursor.ident()).flatten()
}
