//! Parts of tables.

use std::collections::BTreeMap;

use crate::reverse::title::Title;

/// Columns, constraints and indexes that the text gave to tables that were there before.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// By the tables' names, the last part alone.
    of_tables: BTreeMap<String, Vec<Part>>,
}

#[derive(Debug)]
struct Part {
    table: Title,
    kind: PartKind,
    name: String,
    since: usize,
}

/// What a part is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::reverse) enum PartKind {
    Column,
    Constraint,
    /// MySQL's, with its columns.
    Index(Vec<String>),
}

impl Parts {
    pub(super) fn note(&mut self, table: &Title, kind: PartKind, name: String, since: usize) {
        let part = Part { table: table.clone(), kind, name, since };
        self.of_tables.entry(table.simple()).or_default().push(part);
    }

    fn of(&self, table: &Title) -> impl DoubleEndedIterator<Item = &Part> {
        let parts = self.of_tables.get(&table.simple()).map(Vec::as_slice).unwrap_or_default();
        parts.iter().filter(|part| part.table == *table)
    }

    /// The step before which it was not there, if the text made it.
    pub(super) fn since(&self, table: &Title, kind: &PartKind, name: &str) -> Option<usize> {
        let mut parts = self.of(table);
        parts.rfind(|part| part.kind == *kind && part.name == name).map(|part| part.since)
    }

    pub(super) fn columns_of(&self, table: &Title) -> impl Iterator<Item = &String> {
        self.of(table).filter(|part| part.kind == PartKind::Column).map(|part| &part.name)
    }

    /// Whether there is an index that begins with these columns.
    pub(super) fn has_index(&self, table: &Title, columns: &[String]) -> bool {
        self.of(table).any(
            |part| matches!(&part.kind, PartKind::Index(indexed) if indexed.starts_with(columns)),
        )
    }

    /// Forgets what may be of a table of this name.
    pub(super) fn forget_table(&mut self, table: &Title) {
        self.of_tables.remove(&table.simple());
    }

    /// Forgets a part, and all indexes of its table: they may hold it.
    pub(super) fn forget(&mut self, table: &Title, kind: &PartKind, name: &str) {
        let Some(parts) = self.of_tables.get_mut(&table.simple()) else { return };
        parts.retain(|part| {
            let is_it = part.kind == *kind && part.name == name;
            part.table != *table || !(is_it || matches!(part.kind, PartKind::Index(_)))
        });
    }
}
