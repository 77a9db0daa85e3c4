//! What a statement is about that makes, renames and drops nothing.

use crate::ddl::cursor::Cursor;
use crate::ddl::object::{self, ObjectKind};
use crate::ddl::{Ident, Name};
use crate::statement::Statement;
use crate::text::Dialect;

/// An object that a statement names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct About<'a> {
    pub(crate) kind: ObjectKind,
    pub(crate) name: Name<'a>,
    /// A routine's arguments, in their parentheses.
    pub(crate) signature: Option<&'a str>,
    /// The column, if it is about one of them only.
    pub(crate) column: Option<Ident<'a>>,
}

/// What a statement does to the objects it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AboutEffect {
    /// It describes them.
    Comment,
    /// It gives or takes rights.
    Rights,
    /// It changes their definition or who owns them, not their names.
    Definition,
    /// It adds rows.
    Rows,
    /// It stores them anew.
    Storage,
}

/// What is all that a statement changes; nothing where that is not sure.
pub(crate) fn about<'a>(statement: &Statement<'a>) -> Option<(AboutEffect, Vec<About<'a>>)> {
    let mut cursor = Cursor::new(statement);
    let cursor = &mut cursor;
    if cursor.eat_all(&["INSERT", "INTO"]) {
        return Some((AboutEffect::Rows, vec![table(cursor)?]));
    }
    if cursor.dialect != Dialect::Postgres {
        return None;
    }
    if cursor.eat_all(&["COMMENT", "ON"]) {
        Some((AboutEffect::Comment, vec![commented(cursor)?]))
    } else if cursor.eat_any(&["GRANT", "REVOKE"]) {
        cursor
            .eat_until("ON")
            .then(|| granted(cursor))
            .flatten()
            .map(|on| (AboutEffect::Rights, on))
    } else if cursor.eat_all(&["REFRESH", "MATERIALIZED", "VIEW"]) {
        cursor.eat("CONCURRENTLY");
        Some((AboutEffect::Storage, vec![table(cursor)?]))
    } else if cursor.eat("CLUSTER") {
        cursor.eat("VERBOSE");
        Some((AboutEffect::Storage, vec![table(cursor)?]))
    } else if cursor.eat("ALTER") {
        altered(cursor).map(|object| (AboutEffect::Definition, vec![object]))
    } else {
        None
    }
}

fn table<'a>(cursor: &mut Cursor<'a>) -> Option<About<'a>> {
    named(cursor, ObjectKind::Table)
}

fn named<'a>(cursor: &mut Cursor<'a>, kind: ObjectKind) -> Option<About<'a>> {
    let name = cursor.name()?;
    let signature = object::signature(cursor, kind);
    // What belongs to a table stands and falls with it.
    let on = object::table(cursor, kind);
    let kind = if on.is_some() { ObjectKind::Table } else { kind };
    Some(About { kind, name: on.unwrap_or(name), signature, column: None })
}

fn commented<'a>(cursor: &mut Cursor<'a>) -> Option<About<'a>> {
    if cursor.eat("COLUMN") {
        let name = cursor.name()?;
        let column = name.parts().last().copied();
        return Some(About {
            kind: ObjectKind::Table,
            name: name.qualifier()?,
            signature: None,
            column,
        });
    }
    if cursor.eat("CONSTRAINT") {
        cursor.ident()?;
        let kind = cursor
            .eat("ON")
            .then(|| if cursor.eat("DOMAIN") { ObjectKind::Domain } else { ObjectKind::Table })?;
        return named(cursor, kind);
    }
    let kind = object::kind(cursor)?;
    named(cursor, kind)
}

fn granted<'a>(cursor: &mut Cursor<'a>) -> Option<Vec<About<'a>>> {
    if cursor.is_word("ALL") {
        return None;
    }
    let kind = object::kind(cursor).unwrap_or(ObjectKind::Table);
    let mut objects = Vec::new();
    loop {
        objects.push(named(cursor, kind)?);
        if !cursor.eat_mark(",") {
            return cursor.is_any_word(&["TO", "FROM"]).then_some(objects);
        }
    }
}

fn altered<'a>(cursor: &mut Cursor<'a>) -> Option<About<'a>> {
    let kind = object::kind(cursor)?;
    // They reach what is in them, or are known by a name elsewhere.
    if matches!(kind, ObjectKind::Extension | ObjectKind::Schema | ObjectKind::Database) {
        return None;
    }
    let object = named(cursor, kind)?;
    let mut ahead = cursor.clone();
    let moves = ahead.eat_until("SET") && ahead.is_word("SCHEMA");
    (!moves && !cursor.is_word("RENAME")).then_some(object)
}
