//! What becomes of tables and their names in the course of a text.

use super::{ParsedScript, ParsedStatement};
use migrate_sql::ddl::{Action, Name, ObjectKind};
use migrate_sql::{Ddl, StatementKind};

impl<'a> ParsedStatement<'a> {
    /// The tables it renames: from and to, in the order in which it happens.
    pub(crate) fn renamed_tables(&self) -> Vec<(&Name<'a>, &Name<'a>)> {
        match &self.ddl {
            Ddl::Rename(rename) if rename.kind == ObjectKind::Table => {
                rename.pairs.iter().map(|(from, to)| (from, to)).collect()
            }
            Ddl::AlterTable(alter) => alter
                .actions
                .iter()
                .filter_map(|(action, _)| match action {
                    Action::RenameTo(to) => Some((&alter.name, to)),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The tables it drops, but for temporary ones.
    pub(crate) fn dropped_tables(&self) -> &[Name<'a>] {
        match &self.ddl {
            Ddl::Drop(drop) if drop.kind == ObjectKind::Table && !drop.temporary => &drop.names,
            _ => &[],
        }
    }

    /// Whether it makes a table or a view of this name, or gives the name to one.
    pub(crate) fn gives(&self, name: &Name<'_>) -> bool {
        let makes = match &self.ddl {
            Ddl::CreateTable(create) => create.name.is_same(name),
            Ddl::Create(create) if create.kind == ObjectKind::View => {
                create.name.as_ref().is_some_and(|made| made.is_same(name))
            }
            _ => false,
        };
        makes || self.renamed_tables().iter().any(|(_, to)| to.is_same(name))
    }
}

impl<'a> ParsedScript<'a> {
    /// Whether a name that is given up here is given away again, so that those who use it find something.
    pub(crate) fn is_given_again(&self, read: &ParsedStatement<'a>, name: &Name<'_>) -> bool {
        read.gives(name) || self.later(read, name).any(|later| later.gives(name))
    }

    /// Whether the rows of a table that is dropped here live on in another that has its name: they were copied, and
    /// the copy gets the name behind the drop, or got it in front of it.
    pub(crate) fn is_rebuilt(&self, read: &ParsedStatement<'a>, table: &Name<'_>) -> bool {
        let gets_name = |later: &ParsedStatement<'_>| {
            later
                .renamed_tables()
                .iter()
                .any(|(from, to)| to.is_same(table) && self.is_made_before(read, from))
        };
        let lost_name = |earlier: &ParsedStatement<'a>| {
            earlier.renamed_tables().iter().any(|(from, to)| {
                to.is_same(table)
                    && self.is_given_again(earlier, from)
                    && self.is_copied_before(read, from)
            })
        };
        self.is_copied_before(read, table) && self.later(read, table).any(gets_name)
            || self.earlier(read, table).any(lost_name)
    }

    fn is_made_before(&self, read: &ParsedStatement<'a>, table: &Name<'_>) -> bool {
        self.earlier(read, table).any(|earlier| {
            matches!(&earlier.ddl, Ddl::CreateTable(create) if create.name.is_same(table))
        })
    }

    fn is_copied_before(&self, read: &ParsedStatement<'a>, table: &Name<'_>) -> bool {
        self.earlier(read, table).any(|earlier| {
            let first = earlier.statement.tokens().next();
            match &earlier.ddl {
                Ddl::CreateTable(create) => create.as_query,
                _ => {
                    earlier.kind == StatementKind::Dml
                        && first
                            .is_some_and(|word| word.is_any_word(&["INSERT", "REPLACE", "WITH"]))
                }
            }
        })
    }
}
