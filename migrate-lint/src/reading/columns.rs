//! The columns that a statement defines.

use super::Read;
use migrate_sql::Outline;
use migrate_sql::outline::{Action, Column};

impl<'a> Read<'a> {
    /// Those of a table it creates, and those it adds to one or defines anew.
    pub(crate) fn columns(&self) -> Vec<&Column<'a>> {
        match &self.outline {
            Outline::CreateTable(create) => create.columns.iter().collect(),
            Outline::AlterTable(alter) => {
                alter.actions.iter().filter_map(|(action, _)| defined(action)).collect()
            }
            _ => Vec::new(),
        }
    }
}

fn defined<'r, 'a>(action: &'r Action<'a>) -> Option<&'r Column<'a>> {
    match action {
        Action::AddColumn { column, .. } | Action::RedefineColumn { column, .. } => Some(column),
        _ => None,
    }
}
