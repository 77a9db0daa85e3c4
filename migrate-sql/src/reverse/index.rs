//! `CREATE INDEX`

use super::{
    Undone,
    made::Made,
    mention::{Names, columns},
    reason,
    title::{self, Title},
    undo_log::{PartKind, UndoLog},
};
use crate::ddl::{CreateIndex, ObjectKind};
use crate::statement::Statement;
use crate::text::Dialect;

pub(super) fn undo(
    create: &CreateIndex<'_>,
    statement: &Statement<'_>,
    log: &mut UndoLog,
) -> Undone {
    let dialect = statement.dialect();
    let table = Title::of(&create.table);
    let owner = log.relation(&table);
    if let Some(owner) = owner
        && log.covers(owner, statement)
    {
        // MySQL's indexes are known by their tables; whether `IF NOT EXISTS` made one is not sure.
        if let Some(made) = made(create, dialect)
            && dialect != Dialect::Mysql
            && !create.if_not_exists
        {
            log.adopt(made, owner);
        }
        return Ok(());
    }
    if is_of_new_columns(create, &table, statement, log) {
        return Ok(());
    }
    if create.if_not_exists {
        return Err(reason::IF_NOT_EXISTS);
    }
    if create.or_replace {
        return Err(reason::OR_REPLACE);
    }
    let made = made(create, dialect).ok_or_else(|| reason::unnamed("index"))?;
    let name = create.name.as_ref().and_then(|name| name.parts().last().copied());
    if let (Dialect::Mysql, Some(name)) = (dialect, name) {
        let indexed = listed(create, dialect).unwrap_or_default();
        log.note_part(&table, PartKind::Index(indexed), title::part(name));
    }
    log.make(made, owner);
    Ok(())
}

/// Whether it goes with columns that the text added: PostgreSQL drops an index with any of its columns, MySQL
/// takes the column out of it.
fn is_of_new_columns(
    create: &CreateIndex<'_>,
    table: &Title,
    statement: &Statement<'_>,
    log: &UndoLog,
) -> bool {
    let Some(columns) = listed(create, statement.dialect()) else { return false };
    let is_new = |column: &String| log.covers_column(table, column, statement);
    match statement.dialect() {
        Dialect::Postgres => columns.iter().any(is_new),
        Dialect::Mysql => columns.iter().all(is_new),
        Dialect::Sqlite => false,
    }
}

fn listed(create: &CreateIndex<'_>, dialect: Dialect) -> Option<Vec<String>> {
    columns(&format!("({})", create.columns.join(",")), dialect)
}

fn made(create: &CreateIndex<'_>, dialect: Dialect) -> Option<Made> {
    let name = create.name.as_ref()?;
    let own = *name.parts().last()?;
    let (title, behind) = match dialect {
        // It lives in its table's schema.
        Dialect::Postgres => (Title::beside(&create.table, own), String::new()),
        Dialect::Mysql => (Title::of(name), format!(" ON {}", create.table.text())),
        Dialect::Sqlite => (Title::of(name), String::new()),
    };
    let concurrently = if create.concurrently { "CONCURRENTLY " } else { "" };
    Some(Made {
        kind: ObjectKind::Index,
        names: Names::of(&title),
        title,
        arguments: None,
        before: format!("DROP INDEX {concurrently}"),
        behind,
    })
}
