//! The names a statement gives.

use crate::script::ParsedStatement;
use migrate_sql::Ddl;
use migrate_sql::ddl::{Action, Column, Constraint, Ident, Name};

/// The last part of each name of what a statement makes or renames, in order.
pub(super) fn created<'a>(read: &ParsedStatement<'a>) -> Vec<Ident<'a>> {
    match &read.ddl {
        Ddl::CreateTable(create) => {
            let columns = create.columns.iter().map(|column| column.name);
            let constraints = create.constraints.iter().filter_map(|constraint| constraint.name);
            last(&create.name).into_iter().chain(columns).chain(constraints).collect()
        }
        Ddl::CreateIndex(index) => index.name.as_ref().and_then(last).into_iter().collect(),
        Ddl::Create(create) => create.name.as_ref().and_then(last).into_iter().collect(),
        Ddl::Rename(rename) => rename.pairs.iter().filter_map(|(_, to)| last(to)).collect(),
        Ddl::AlterTable(alter) => {
            alter.actions.iter().filter_map(|(action, _)| of_action(action)).collect()
        }
        _ => Vec::new(),
    }
}

fn last<'a>(name: &Name<'a>) -> Option<Ident<'a>> {
    name.parts().last().copied()
}

fn of_action<'a>(action: &Action<'a>) -> Option<Ident<'a>> {
    let column = |column: &Column<'a>| Some(column.name);
    let constraint = |constraint: &Constraint<'a>| constraint.name;
    match action {
        Action::AddColumn { column: added, .. } => column(added),
        Action::RedefineColumn { from, column: added } if !from.is_same(&added.name) => {
            column(added)
        }
        Action::AddConstraint(added) => constraint(added),
        Action::RenameColumn { to, .. }
        | Action::RenameConstraint { to, .. }
        | Action::RenameIndex { to, .. } => Some(*to),
        Action::RenameTo(to) => last(to),
        _ => None,
    }
}
