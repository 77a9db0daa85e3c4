//! `ADD CONSTRAINT`, and MySQL's `ADD INDEX`.

use super::{
    altered::{Altered, Back},
    mention::{columns, uses_column},
    reason::{self, Reason},
    title,
    undo_log::{PartKind, UndoLog},
};
use crate::ddl::{Constraint, ConstraintKind};
use crate::text::Dialect;

pub(super) fn undo(
    constraint: &Constraint<'_>,
    altered: &Altered<'_, '_>,
    log: &mut UndoLog,
) -> Back {
    let dialect = altered.dialect();
    let text = altered.statement.text().get(constraint.span.clone()).unwrap_or_default();
    let columns = columns(text, dialect);
    if is_of_new_columns(constraint, text, columns.as_deref(), altered, log) {
        return Ok(None);
    }
    if constraint.if_not_exists {
        return Err(reason::IF_NOT_EXISTS);
    }
    if constraint.using_index {
        return Err("the index becomes the constraint's, and its name may change".into());
    }
    if altered.made.is_none() {
        leaves(constraint, columns.as_deref(), altered, log).map_or(Ok(()), Err)?;
    }
    if dialect == Dialect::Mysql && constraint.kind == ConstraintKind::PrimaryKey {
        return Ok(Some("DROP PRIMARY KEY".to_owned()));
    }
    let is_index = matches!(constraint.kind, ConstraintKind::Unique | ConstraintKind::Index);
    let what = if is_index && dialect == Dialect::Mysql { "index" } else { "constraint" };
    let name = constraint.name.ok_or_else(|| reason::unnamed(what))?;
    let (kind, words) = match (dialect, &constraint.kind) {
        (Dialect::Mysql, ConstraintKind::Unique | ConstraintKind::Index) => {
            (PartKind::Index(columns.unwrap_or_default()), "INDEX")
        }
        (Dialect::Mysql, ConstraintKind::ForeignKey(_)) => (PartKind::Constraint, "FOREIGN KEY"),
        _ => (PartKind::Constraint, "CONSTRAINT"),
    };
    log.note_part(&altered.table, kind, title::part(name));
    Ok(Some(format!("DROP {words} {}", name.text())))
}

/// Whether it goes with columns that the text added.
fn is_of_new_columns(
    constraint: &Constraint<'_>,
    text: &str,
    columns: Option<&[String]>,
    altered: &Altered<'_, '_>,
    log: &UndoLog,
) -> bool {
    let is_new = |column: &String| log.covers_column(&altered.table, column, altered.statement);
    let all = || columns.is_some_and(|columns| columns.iter().all(is_new));
    let any = || columns.is_some_and(|columns| columns.iter().any(is_new));
    match (altered.dialect(), &constraint.kind) {
        // The columns of a key stay `NOT NULL`, and MySQL takes a column out of an index.
        (Dialect::Postgres | Dialect::Mysql, ConstraintKind::PrimaryKey)
        | (Dialect::Mysql, ConstraintKind::Unique | ConstraintKind::Index) => all(),
        (Dialect::Postgres, ConstraintKind::Unique | ConstraintKind::ForeignKey(_)) => {
            any() && !constraint.using_index
        }
        (Dialect::Postgres, ConstraintKind::Check | ConstraintKind::Exclude) => log
            .columns_of(&altered.table)
            .any(|column| uses_column(text, column, altered.dialect()) && is_new(column)),
        (Dialect::Postgres | Dialect::Mysql | Dialect::Sqlite, _) => false,
    }
}

/// What would be left behind if it were dropped.
fn leaves(
    constraint: &Constraint<'_>,
    columns: Option<&[String]>,
    altered: &Altered<'_, '_>,
    log: &UndoLog,
) -> Option<Reason> {
    let table = &altered.table;
    match (altered.dialect(), &constraint.kind) {
        (_, ConstraintKind::PrimaryKey) => {
            Some("the columns of a dropped primary key stay `NOT NULL`".into())
        }
        (_, ConstraintKind::NotNull) => {
            Some("whether the column took nulls before is not known".into())
        }
        (Dialect::Mysql, ConstraintKind::ForeignKey(_)) => {
            let is_new = |column: &String| log.covers_column(table, column, altered.statement);
            let columns = columns.unwrap_or_default();
            let goes = !columns.is_empty()
                && (columns.iter().all(is_new) || log.has_index(table, columns));
            (!goes).then(|| "the index that the server makes for a foreign key stays".into())
        }
        _ => None,
    }
}
