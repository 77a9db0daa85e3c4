//! `ADD COLUMN`

use super::{
    altered::{Altered, Back},
    mention::{code, uses_column},
    reason, title,
    undo_log::{PartKind, UndoLog},
};
use crate::ddl::Column;
use crate::text::Dialect;

pub(super) fn undo(
    column: &Column<'_>,
    if_not_exists: bool,
    altered: &Altered<'_, '_>,
    log: &mut UndoLog,
) -> Back {
    if if_not_exists {
        return Err(reason::IF_NOT_EXISTS);
    }
    let name = title::part(column.name);
    let dialect = altered.dialect();
    if column.references.is_some() && dialect != Dialect::Postgres {
        return Err("a column with a foreign key of its own cannot be dropped".into());
    }
    if dialect == Dialect::Sqlite && (column.primary_key || column.unique) {
        return Err("SQLite cannot drop a column with an index of its own".into());
    }
    let definition = altered.statement.text().get(column.span.clone()).unwrap_or_default();
    let is_of_column = |check: &&str| uses_column(check, &name, dialect);
    if dialect != Dialect::Sqlite && !checks(definition, dialect).iter().all(is_of_column) {
        return Err("a check that does not use the column stays when it is dropped".into());
    }
    log.note_part(&altered.table, PartKind::Column, name);
    Ok(Some(format!("DROP COLUMN {}", column.name.text())))
}

/// The expressions of its checks.
fn checks(definition: &str, dialect: Dialect) -> Vec<&str> {
    let mut checks = Vec::new();
    let mut tokens = code(definition, dialect);
    while tokens.any(|token| token.is_word("CHECK")) {
        let mut depth = 0_usize;
        let mut start = None;
        for token in tokens.by_ref() {
            depth += usize::from(token.is_mark("("));
            depth = depth.saturating_sub(usize::from(token.is_mark(")")));
            let start = *start.get_or_insert(token.start());
            if depth == 0 {
                checks.extend(definition.get(start..token.end()));
                break;
            }
        }
    }
    checks
}
