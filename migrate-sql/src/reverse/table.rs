//! `CREATE TABLE`

use super::{Undone, made::Made, mention::Names, reason, title::Title, undo_log::UndoLog};
use crate::ddl::{CreateTable, ObjectKind};
use crate::statement::Statement;
use crate::text::Dialect;

pub(super) fn undo(
    create: &CreateTable<'_>,
    statement: &Statement<'_>,
    log: &mut UndoLog,
) -> Undone {
    if create.if_not_exists {
        return Err(reason::IF_NOT_EXISTS);
    }
    if create.or_replace {
        return Err(reason::OR_REPLACE);
    }
    let title = Title::of(&create.name);
    let kind = if create.foreign { ObjectKind::ForeignTable } else { ObjectKind::Table };
    log.make(
        Made {
            kind,
            before: dropping(kind, create.temporary, &title, statement.dialect()),
            behind: String::new(),
            arguments: None,
            names: Names::of(&title),
            title,
        },
        None,
    );
    Ok(())
}

/// What to say before a name to drop it.
///
/// What ends with its session may be gone, and must not be mistaken for what has its name and stays.
pub(super) fn dropping(
    kind: ObjectKind,
    temporary: bool,
    title: &Title,
    dialect: Dialect,
) -> String {
    let words = kind.words();
    let schema = match dialect {
        _ if !temporary => return format!("DROP {words} "),
        Dialect::Mysql => return format!("DROP TEMPORARY {words} IF EXISTS "),
        Dialect::Postgres | Dialect::Sqlite if title.is_qualified() => "",
        Dialect::Postgres => "pg_temp.",
        Dialect::Sqlite => "temp.",
    };
    format!("DROP {words} IF EXISTS {schema}")
}
