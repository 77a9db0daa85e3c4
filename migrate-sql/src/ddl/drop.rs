//! `DROP`

use super::{Name, ObjectKind, cursor::Cursor, object};
use crate::text::Dialect;

/// Objects as they are dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drop<'a> {
    /// What they are.
    pub kind: ObjectKind,
    /// Their names.
    pub names: Vec<Name<'a>>,
    /// The arguments of each in their parentheses, if they are routines.
    pub signatures: Vec<Option<&'a str>>,
    /// Whether nothing happens if they are not there.
    pub if_exists: bool,
    /// Whether what depends on them is dropped, too.
    pub cascade: bool,
    /// Whether PostgreSQL drops an index without blocking.
    pub concurrently: bool,
    /// Whether only what ends with the session is meant.
    pub temporary: bool,
    /// The table it belongs to, of a trigger, rule or policy, and of MySQL's indexes.
    pub on: Option<Name<'a>>,
}

/// Reads on behind `DROP`.
pub(super) fn drop<'a>(cursor: &mut Cursor<'a>) -> Option<Drop<'a>> {
    let temporary = cursor.dialect == Dialect::Mysql && cursor.eat("TEMPORARY");
    let kind = object::kind(cursor)?;
    let concurrently = cursor.dialect == Dialect::Postgres && cursor.eat("CONCURRENTLY");
    let if_exists = cursor.eat_if_exists();
    let mut names = Vec::new();
    let mut signatures = Vec::new();
    let mut on = None;
    loop {
        names.push(cursor.name()?);
        signatures.push(object::signature(cursor, kind));
        if on.is_none() {
            on = object::table(cursor, kind);
        }
        if !cursor.eat_mark(",") {
            break;
        }
    }
    let cascade = cursor.eat_until("CASCADE");
    Some(Drop { kind, names, signatures, if_exists, cascade, concurrently, temporary, on })
}
