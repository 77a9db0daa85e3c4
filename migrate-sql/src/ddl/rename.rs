//! Renamings

use super::{Action, Name, ObjectKind, cursor::Cursor};

/// Objects that get other names.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rename<'a> {
    /// What they are.
    pub kind: ObjectKind,
    /// From and to, in the order in which it happens. PostgreSQL's new name has no schema: it keeps the old one.
    pub pairs: Vec<(Name<'a>, Name<'a>)>,
    /// Whether nothing happens if it is not there.
    pub if_exists: bool,
    /// A function's arguments, in their parentheses.
    pub signature: Option<&'a str>,
    /// The table it belongs to, of a trigger, rule or policy.
    pub on: Option<Name<'a>>,
}

/// MySQL's `RENAME TABLE`, behind its first word.
pub(super) fn tables<'a>(cursor: &mut Cursor<'a>) -> Option<Rename<'a>> {
    if !cursor.eat_any(&["TABLE", "TABLES"]) {
        return None;
    }
    let if_exists = cursor.eat_if_exists();
    let mut pairs = Vec::new();
    loop {
        let from = cursor.name()?;
        if cursor.eat("WAIT") {
            cursor.skip();
        }
        cursor.eat("NOWAIT");
        pairs.push((from, cursor.eat("TO").then(|| cursor.name()).flatten()?));
        if !cursor.eat_mark(",") {
            break;
        }
    }
    let kind = ObjectKind::Table;
    cursor.is_at_end().then_some(Rename { kind, pairs, if_exists, signature: None, on: None })
}

/// What `ALTER TABLE` renames, behind `RENAME`.
pub(super) fn part<'a>(cursor: &mut Cursor<'a>) -> Option<Action<'a>> {
    if cursor.eat_any(&["TO", "AS"]) {
        return cursor.name().map(Action::RenameTo);
    }
    let to_follows =
        |cursor: &Cursor<'a>| cursor.peek_at(2).is_some_and(|token| token.is_word("TO"));
    if to_follows(cursor) && cursor.eat("CONSTRAINT") {
        let (from, to) = pair(cursor)?;
        return Some(Action::RenameConstraint { from, to });
    }
    if to_follows(cursor) && cursor.eat_any(&["INDEX", "KEY"]) {
        let (from, to) = pair(cursor)?;
        return Some(Action::RenameIndex { from, to });
    }
    if to_follows(cursor) {
        cursor.eat("COLUMN");
    }
    // MySQL's `RENAME new_name` says no `TO`.
    if cursor.peek_at(1).is_none_or(|token| !token.is_word("TO")) {
        return cursor.name().map(Action::RenameTo);
    }
    let (from, to) = pair(cursor)?;
    Some(Action::RenameColumn { from, to })
}

fn pair<'a>(cursor: &mut Cursor<'a>) -> Option<(super::Ident<'a>, super::Ident<'a>)> {
    let from = cursor.ident()?;
    if !cursor.eat("TO") {
        return None;
    }
    Some((from, cursor.ident()?))
}
