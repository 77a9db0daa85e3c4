//! The columns that a statement defines.

use super::ParsedStatement;
use migrate_sql::Ddl;
use migrate_sql::ddl::{Action, Column};

impl<'a> ParsedStatement<'a> {
    /// Those of a table it creates, and those it adds to one or defines anew.
    pub(crate) fn columns(&self) -> Vec<&Column<'a>> {
        match &self.ddl {
            Ddl::CreateTable(create) => create.columns.iter().collect(),
            Ddl::AlterTable(alter) => {
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
