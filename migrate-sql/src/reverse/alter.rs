//! `ALTER TABLE`, action by action.

use super::altered::{Altered, Back};
use super::{
    Undone, column, constraint,
    mention::Names,
    reason::{self, Reason},
    rename::{new_title, old_name},
    title::{self, Title},
    undo_log::{PartKind, Step, UndoLog},
};
use crate::ddl::{Action, AlterTable, ColumnChange, ObjectKind};
use crate::statement::Statement;
use crate::text::Dialect;

pub(super) fn undo(alter: &AlterTable<'_>, statement: &Statement<'_>, log: &mut UndoLog) -> Undone {
    let table = Title::of(&alter.name);
    let made = log.relation(&table);
    if is_covered(alter, made, statement, log) {
        return Ok(());
    }
    if alter.if_exists && made.is_none() {
        return Err(reason::IF_EXISTS);
    }
    let altered = Altered { statement, name: &alter.name, table, made };
    let mut back = Vec::new();
    let mut settings = Vec::new();
    for (action, _) in &alter.actions {
        match action {
            Action::Algorithm(value) => settings.push(format!("ALGORITHM={value}")),
            Action::Lock(value) => settings.push(format!("LOCK={value}")),
            _ => back.extend(undo_action(action, &altered, alter.kind, log)?),
        }
    }
    if back.is_empty() {
        return Ok(());
    }
    back.reverse();
    back.extend(settings);
    let now = moved_to(alter, statement.dialect());
    let name = now.as_ref().unwrap_or(&altered.table);
    log.step(Step {
        sql: format!("ALTER {} {} {}", alter.kind.words(), name.text(), back.join(", ")),
        names: Names::These(names(alter, name)),
        about: altered.table.clone(),
        of: made,
    });
    if let Some(now) = now {
        log.forget(&altered.table);
        log.forget(&now);
    }
    Ok(())
}

/// Whether all is undone when what the text made is dropped.
fn is_covered(
    alter: &AlterTable<'_>,
    made: Option<usize>,
    statement: &Statement<'_>,
    log: &mut UndoLog,
) -> bool {
    if let [(Action::AttachPartition(partition), _)] = &*alter.actions {
        // A partition leaves nothing behind in the table that it leaves.
        let partition = log.relation(&Title::of(partition));
        return alter.kind != ObjectKind::Index
            && partition.is_some_and(|partition| log.covers(partition, statement));
    }
    let Some(made) = made else { return false };
    let now = moved_to(alter, statement.dialect());
    if alter.actions.iter().any(|(action, _)| reaches_others(action))
        || now.is_some() && log.is_stepped_on(made)
        || !log.covers(made, statement)
    {
        return false;
    }
    if let Some(now) = now {
        log.rename(made, now);
    }
    true
}

/// Its name afterwards, if that is another.
fn moved_to(alter: &AlterTable<'_>, dialect: Dialect) -> Option<Title> {
    alter.actions.iter().find_map(|(action, _)| match action {
        Action::RenameTo(to) => Some(new_title(&alter.name, to, dialect)),
        Action::SetSchema(schema) => Some(Title::moved(&alter.name, *schema)),
        _ => None,
    })
}

/// Whether another table changes, too.
fn reaches_others(action: &Action<'_>) -> bool {
    match action {
        Action::AttachPartition(_) => true,
        Action::Other(text) => {
            let mut words = text.split_ascii_whitespace();
            let mut is = |word| words.next().is_some_and(|text| text.eq_ignore_ascii_case(word));
            text.to_ascii_uppercase().starts_with("EXCHANGE") || is("CONVERT") && !is("TO")
        }
        _ => false,
    }
}

/// What a later statement must not mention if it is undone only afterwards.
fn names(alter: &AlterTable<'_>, now: &Title) -> Vec<String> {
    let mut names = vec![Title::of(&alter.name).simple(), now.simple()];
    for (action, _) in &alter.actions {
        match action {
            Action::RenameColumn { from, to }
            | Action::RenameConstraint { from, to }
            | Action::RenameIndex { from, to } => {
                names.extend([from, to].map(|name| name.value().to_lowercase()));
            }
            _ => {}
        }
    }
    names
}

fn undo_action(
    action: &Action<'_>,
    altered: &Altered<'_, '_>,
    kind: ObjectKind,
    log: &mut UndoLog,
) -> Back {
    match action {
        Action::AddColumn { column, if_not_exists, .. } => {
            column::undo(column, *if_not_exists, altered, log)
        }
        Action::AddConstraint(constraint) => constraint::undo(constraint, altered, log),
        Action::RenameColumn { from, to } => {
            log.forget_part(&altered.table, &PartKind::Column, &title::part(*from));
            Ok(Some(format!("RENAME COLUMN {} TO {}", to.text(), from.text())))
        }
        Action::RenameConstraint { from, to } => {
            log.forget_part(&altered.table, &PartKind::Constraint, &title::part(*from));
            Ok(Some(format!("RENAME CONSTRAINT {} TO {}", to.text(), from.text())))
        }
        Action::RenameIndex { from, to } => {
            Ok(Some(format!("RENAME INDEX {} TO {}", to.text(), from.text())))
        }
        Action::RenameTo(_) => {
            let old = old_name(altered.name, altered.dialect());
            Ok(Some(format!("RENAME TO {old}")))
        }
        Action::SetSchema(_) => match altered.name.schema() {
            Some(schema) => Ok(Some(format!("SET SCHEMA {}", schema.text()))),
            None => Err(reason::before("its schema")),
        },
        Action::AlterColumn { name, change } => {
            let is_new = log.covers_column(&altered.table, &title::part(*name), altered.statement);
            if is_new { Ok(None) } else { Err(why_not_column(change)) }
        }
        Action::ValidateConstraint(name) => {
            let name = title::part(*name);
            let is_new = log.has_part(&altered.table, &PartKind::Constraint, &name);
            if is_new { Ok(None) } else { Err("a validated constraint stays so".into()) }
        }
        _ => Err(why_not(action, kind)),
    }
}

fn why_not_column(change: &ColumnChange<'_>) -> Reason {
    match change {
        ColumnChange::Type { .. } => reason::before("the type of the column"),
        ColumnChange::SetNotNull | ColumnChange::DropNotNull => {
            "whether the column took nulls before is not known".into()
        }
        ColumnChange::SetDefault(_) | ColumnChange::DropDefault => {
            reason::before("the default of the column")
        }
        ColumnChange::Other => reason::before("the column"),
    }
}

fn why_not(action: &Action<'_>, kind: ObjectKind) -> Reason {
    match action {
        Action::DropColumn { .. } => reason::lost("column"),
        Action::DropConstraint { name: None, .. } => reason::before("the primary key"),
        Action::DropConstraint { what: "INDEX" | "KEY", .. } => reason::before("the dropped index"),
        Action::DropConstraint { .. } => reason::before("the dropped constraint"),
        Action::RedefineColumn { .. } => reason::before("the column"),
        Action::AttachPartition(_) if kind == ObjectKind::Index => {
            "a partition's index cannot be detached".into()
        }
        Action::AttachPartition(_) => {
            "the indexes and constraints that a partition takes over stay with it".into()
        }
        Action::DetachPartition { .. } => reason::before("the bound of the partition"),
        Action::Other(text) => why_not_other(text),
        _ => reason::UNKNOWN,
    }
}

fn why_not_other(action: &str) -> Reason {
    let words: Vec<&str> = action
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(2)
        .collect();
    format!("what was there before `{}` is not known", words.join(" ")).into()
}
