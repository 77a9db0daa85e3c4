//! `ALTER`

use std::ops::Range;

use super::action::{Action, ColumnChange, EnumChange};
use super::{
    ConstraintKind, Ddl, Name, ObjectKind, Rename, cursor::Cursor, definition, object, rename,
};
use crate::text::{Dialect, TokenKind};

/// A table as it is altered.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AlterTable<'a> {
    /// What is altered: a table, or a view or index that is altered like one.
    pub kind: ObjectKind,
    /// Its name.
    pub name: Name<'a>,
    /// Whether nothing happens if it is not there.
    pub if_exists: bool,
    /// What is done, in order, and the bytes that say it.
    pub actions: Vec<(Action<'a>, Range<usize>)>,
}

impl AlterTable<'_> {
    /// Whether it makes a primary key, by a constraint or with a column.
    pub fn adds_primary_key(&self) -> bool {
        self.actions.iter().any(|(action, _)| match action {
            Action::AddConstraint(constraint) => constraint.kind == ConstraintKind::PrimaryKey,
            Action::AddColumn { column, .. } | Action::RedefineColumn { column, .. } => {
                column.primary_key
            }
            _ => false,
        })
    }
}

/// Reads on behind `ALTER`.
pub(super) fn alter<'a>(cursor: &mut Cursor<'a>) -> Option<Ddl<'a>> {
    cursor.eat_any(&["ONLINE", "IGNORE"]);
    let kind = object::kind(cursor)?;
    let if_exists = cursor.eat_if_exists();
    if kind == ObjectKind::Table && cursor.dialect == Dialect::Postgres {
        cursor.eat("ONLY");
    }
    let name = cursor.name()?;
    let signature = object::signature(cursor, kind);
    cursor.eat_mark("*");
    // MariaDB's wait for a lock stands in front of the actions.
    if cursor.eat("WAIT") {
        cursor.skip();
    }
    cursor.eat("NOWAIT");
    if kind == ObjectKind::Type
        && let Some(change) = enum_change(&mut cursor.clone())
    {
        return Some(Ddl::AlterEnum { name, change });
    }
    if !kind.is_relation() {
        let on = object::table(cursor, kind);
        let to = cursor.eat_all(&["RENAME", "TO"]).then(|| cursor.name()).flatten()?;
        let pairs = vec![(name, to)];
        // MySQL's `ALTER EVENT` does other things in the same breath.
        let renamed = Rename { kind, pairs, if_exists, signature, on };
        return cursor.is_at_end().then_some(Ddl::Rename(renamed));
    }
    let actions = actions(cursor);
    if let ([(Action::RenameTo(to), _)], false) = (&*actions, kind == ObjectKind::Table) {
        let pairs = vec![(name, to.clone())];
        return Some(Ddl::Rename(Rename { kind, pairs, if_exists, signature: None, on: None }));
    }
    Some(Ddl::AlterTable(AlterTable { kind, name, if_exists, actions }))
}

fn actions<'a>(cursor: &mut Cursor<'a>) -> Vec<(Action<'a>, Range<usize>)> {
    let mut actions = Vec::new();
    while !cursor.is_at_end() {
        let start = cursor.offset();
        let mut ahead = cursor.clone();
        let read = action(&mut ahead).filter(|_| ahead.is_at_end() || ahead.is_mark(","));
        let action = if let Some(action) = read {
            *cursor = ahead;
            action
        } else {
            while !cursor.is_at_end() && !cursor.is_mark(",") {
                cursor.skip();
            }
            Action::Other(cursor.text_from(start))
        };
        actions.push((action, cursor.span_from(start)));
        cursor.eat_mark(",");
    }
    actions
}

fn action<'a>(cursor: &mut Cursor<'a>) -> Option<Action<'a>> {
    let word = cursor.take()?;
    if word.kind() != TokenKind::Word {
        return None;
    }
    match word.text().to_ascii_uppercase().as_str() {
        "ADD" => add(cursor),
        "DROP" => drop(cursor),
        "ALTER" => alter_column(cursor),
        "MODIFY" if cursor.dialect == Dialect::Mysql => redefine(cursor, false),
        "CHANGE" if cursor.dialect == Dialect::Mysql => redefine(cursor, true),
        "RENAME" => rename::part(cursor),
        "VALIDATE" if cursor.eat("CONSTRAINT") => cursor.ident().map(Action::ValidateConstraint),
        "SET" if cursor.eat("SCHEMA") => cursor.ident().map(Action::SetSchema),
        "ATTACH" if cursor.eat("PARTITION") => {
            let name = cursor.name()?;
            while cursor.skip().is_some() {}
            Some(Action::AttachPartition(name))
        }
        "DETACH" if cursor.eat("PARTITION") => {
            let name = cursor.name()?;
            let concurrently = cursor.eat("CONCURRENTLY");
            cursor.eat("FINALIZE");
            Some(Action::DetachPartition { name, concurrently })
        }
        "ALGORITHM" => setting(cursor).map(Action::Algorithm),
        "LOCK" => setting(cursor).map(Action::Lock),
        _ => None,
    }
}

fn setting<'a>(cursor: &mut Cursor<'a>) -> Option<&'a str> {
    cursor.eat_mark("=");
    cursor.take().map(|token| token.text())
}

fn add<'a>(cursor: &mut Cursor<'a>) -> Option<Action<'a>> {
    if let Some(constraint) = definition::constraint(cursor) {
        return Some(Action::AddConstraint(Box::new(constraint)));
    }
    cursor.eat("COLUMN");
    let if_not_exists = cursor.eat_if_not_exists();
    // Several columns in parentheses, partitions and MariaDB's versions of rows are left to those who read the text.
    let is_period = |cursor: &mut Cursor<'a>| {
        cursor.eat_all(&["SYSTEM", "VERSIONING"]) || cursor.eat_all(&["PERIOD", "FOR"])
    };
    if cursor.is_mark("(")
        || cursor.is_word("PARTITION")
        || cursor.dialect == Dialect::Mysql && is_period(&mut cursor.clone())
    {
        return None;
    }
    let column = Box::new(definition::column(cursor)?);
    let placed = cursor.text.get(column.span.clone()).is_some_and(is_placed);
    Some(Action::AddColumn {
        column,
        if_not_exists,
        placed: cursor.dialect == Dialect::Mysql && placed,
    })
}

fn is_placed(definition: &str) -> bool {
    let mut words = definition.split_whitespace().rev();
    let (last, before) = (words.next(), words.next());
    last.is_some_and(|word| word.eq_ignore_ascii_case("FIRST"))
        || before.is_some_and(|word| word.eq_ignore_ascii_case("AFTER"))
}

fn drop<'a>(cursor: &mut Cursor<'a>) -> Option<Action<'a>> {
    const NAMED: &[(&[&str], &str)] = &[
        (&["CONSTRAINT"], "CONSTRAINT"),
        (&["FOREIGN", "KEY"], "FOREIGN KEY"),
        (&["CHECK"], "CHECK"),
        (&["INDEX"], "INDEX"),
        (&["KEY"], "KEY"),
    ];
    if cursor.eat_all(&["PRIMARY", "KEY"]) {
        return Some(Action::DropConstraint { what: "PRIMARY KEY", name: None, if_exists: false });
    }
    for (words, what) in NAMED {
        let mut ahead = cursor.clone();
        if !ahead.eat_all(words) {
            continue;
        }
        let if_exists = ahead.eat_if_exists();
        let Some(name) = ahead.ident() else { continue };
        ahead.eat_any(&["CASCADE", "RESTRICT"]);
        *cursor = ahead;
        return Some(Action::DropConstraint { what, name: Some(name), if_exists });
    }
    if cursor.is_word("PARTITION") {
        return None;
    }
    cursor.eat("COLUMN");
    let if_exists = cursor.eat_if_exists();
    let name = cursor.ident()?;
    let cascade = cursor.eat("CASCADE");
    cursor.eat("RESTRICT");
    Some(Action::DropColumn { name, if_exists, cascade })
}

fn alter_column<'a>(cursor: &mut Cursor<'a>) -> Option<Action<'a>> {
    if cursor.is_any_word(&["CONSTRAINT", "INDEX", "CHECK"]) {
        return None;
    }
    cursor.eat("COLUMN");
    let name = cursor.ident()?;
    let change = if cursor.eat("TYPE") || cursor.eat_all(&["SET", "DATA", "TYPE"]) {
        let data_type = definition::data_type(cursor);
        let using = cursor.text.get(cursor.offset()..).is_some_and(has_using);
        skip_rest(cursor);
        ColumnChange::Type { data_type, using }
    } else if cursor.eat_all(&["SET", "NOT", "NULL"]) {
        ColumnChange::SetNotNull
    } else if cursor.eat_all(&["DROP", "NOT", "NULL"]) {
        ColumnChange::DropNotNull
    } else if cursor.eat_all(&["SET", "DEFAULT"]) {
        ColumnChange::SetDefault(definition::default(cursor))
    } else if cursor.eat_all(&["DROP", "DEFAULT"]) {
        ColumnChange::DropDefault
    } else {
        skip_rest(cursor);
        ColumnChange::Other
    };
    Some(Action::AlterColumn { name, change })
}

fn has_using(rest: &str) -> bool {
    rest.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word.eq_ignore_ascii_case("USING"))
}

fn skip_rest(cursor: &mut Cursor<'_>) {
    while !cursor.is_at_end() && !cursor.is_mark(",") {
        cursor.skip();
    }
}

fn redefine<'a>(cursor: &mut Cursor<'a>, renames: bool) -> Option<Action<'a>> {
    cursor.eat("COLUMN");
    cursor.eat_if_exists();
    let from = if renames { Some(cursor.ident()?) } else { None };
    let column = Box::new(definition::column(cursor)?);
    Some(Action::RedefineColumn { from: from.unwrap_or(column.name), column })
}

fn enum_change<'a>(cursor: &mut Cursor<'a>) -> Option<EnumChange<'a>> {
    if cursor.eat_all(&["ADD", "VALUE"]) {
        let if_not_exists = cursor.eat_if_not_exists();
        let value = literal(cursor)?;
        let placed = cursor.eat_any(&["BEFORE", "AFTER"]);
        return Some(EnumChange::AddValue { value, if_not_exists, placed });
    }
    if cursor.eat_all(&["RENAME", "VALUE"]) {
        let from = literal(cursor)?;
        let to = cursor.eat("TO").then(|| literal(cursor)).flatten()?;
        return Some(EnumChange::RenameValue { from, to });
    }
    if cursor.eat_all(&["RENAME", "ATTRIBUTE"]) {
        let from = cursor.ident()?;
        let to = cursor.eat("TO").then(|| cursor.ident()).flatten()?;
        // `CASCADE` or `RESTRICT` may follow, and nothing else.
        cursor.eat_any(&["CASCADE", "RESTRICT"]);
        return cursor.is_at_end().then_some(EnumChange::RenameAttribute { from, to });
    }
    if cursor.eat_all(&["ADD", "ATTRIBUTE"]) {
        let name = cursor.ident()?;
        skip_rest(cursor);
        return cursor.is_at_end().then_some(EnumChange::AddAttribute(name));
    }
    None
}

fn literal<'a>(cursor: &mut Cursor<'a>) -> Option<&'a str> {
    let token = cursor.take()?;
    (token.kind() == TokenKind::String).then(|| token.text())
}
