//! What a text has made so far, and what undoes it.

use super::{made::Made, mention::Names, title::Title};
use crate::{Statement, outline::ObjectKind};

/// The steps back, in the order of the steps they undo, and the objects that will be gone with them.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    steps: Vec<Option<Step>>,
    entries: Vec<Entry>,
    parts: Vec<Part>,
}

/// What undoes one statement.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) sql: String,
    /// The object it changes.
    pub(super) about: Title,
    /// What later statements must not mention if they are undone only after it.
    pub(super) names: Names,
    /// The object with which it becomes needless.
    pub(super) of: Option<usize>,
}

#[derive(Debug)]
struct Entry {
    made: Made,
    /// The step after which it is there.
    since: usize,
    /// Whether that step drops it; else its table's does.
    dropped_itself: bool,
    parent: Option<usize>,
    /// Whether a trigger or a rule of its own does more than its statements say.
    reacts: bool,
    /// Whether its name still means it.
    known: bool,
}

/// A column, constraint or index that the text gave to a table that was there before.
#[derive(Debug)]
struct Part {
    table: Title,
    kind: PartKind,
    name: String,
    since: usize,
}

/// What a [`Part`] is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PartKind {
    Column,
    Constraint,
    /// MySQL's, with its columns.
    Index(Vec<String>),
}

impl Ledger {
    /// The steps, last first.
    pub(super) fn into_sql(self) -> String {
        let steps: Vec<String> =
            self.steps.into_iter().rev().flatten().map(|step| step.sql).collect();
        steps.join(";\n")
    }

    pub(super) fn step(&mut self, step: Step) {
        self.steps.push(Some(step));
    }

    /// Notes an object, and the step that drops it; its table's dropping makes that needless.
    pub(super) fn make(&mut self, made: Made, parent: Option<usize>) {
        let since = self.steps.len();
        self.step(Step {
            sql: made.drop_sql(),
            about: made.title.clone(),
            names: made.names.clone(),
            of: Some(self.entries.len()),
        });
        self.entries.push(Entry {
            made,
            since,
            dropped_itself: true,
            parent,
            reacts: false,
            known: true,
        });
    }

    /// Notes an object that goes with another.
    pub(super) fn adopt(&mut self, made: Made, parent: usize) {
        let since = self.entries.get(parent).map_or(0, |parent| parent.since);
        let parent = Some(parent);
        self.entries.push(Entry {
            made,
            since,
            dropped_itself: false,
            parent,
            reacts: false,
            known: true,
        });
    }

    /// Notes that a trigger or a rule does more than the statements about its table say.
    pub(super) fn react(&mut self, made: usize) {
        if let Some(entry) = self.entries.get_mut(made) {
            entry.reacts = true;
        }
    }

    pub(super) fn reacts(&self, made: usize) -> bool {
        self.entries.get(made).is_some_and(|entry| entry.reacts)
    }

    /// The object of this kind and name, if the text certainly made it.
    pub(super) fn find(
        &self,
        kind: ObjectKind,
        title: &Title,
        arguments: Option<&str>,
    ) -> Option<usize> {
        self.entries.iter().rposition(|entry| entry.known && entry.made.is(kind, title, arguments))
    }

    /// The table, view, index or sequence of this name, if the text certainly made it.
    pub(super) fn relation(&self, title: &Title) -> Option<usize> {
        self.find(ObjectKind::Table, title, None)
    }

    /// Whether a statement about an object that was made is undone when the object is dropped.
    ///
    /// It is not if what it says rests on something that is undone before.
    pub(super) fn covers(&self, made: usize, statement: &Statement<'_>) -> bool {
        self.entries.get(made).is_some_and(|entry| {
            !self.is_undone_before(entry.since, statement, |step| {
                step.about == entry.made.title || self.is_for(step, made)
            })
        })
    }

    fn is_undone_before(
        &self,
        since: usize,
        statement: &Statement<'_>,
        is_own: impl Fn(&Step) -> bool,
    ) -> bool {
        let later = self.steps.iter().skip(since.saturating_add(1)).flatten();
        later.filter(|step| !is_own(step)).any(|step| step.names.are_in(statement))
    }

    /// Whether a step changes or drops an object, or what belongs to it.
    fn is_for(&self, step: &Step, made: usize) -> bool {
        let parent = step.of.and_then(|of| self.entries.get(of)).and_then(|entry| entry.parent);
        step.of == Some(made) || parent == Some(made)
    }

    /// Whether anything but its dropping needs its name to be what it is now.
    pub(super) fn is_stepped_on(&self, made: usize) -> bool {
        let drops = self.entries.get(made).map(|entry| entry.since);
        self.steps.iter().enumerate().any(|(number, step)| {
            step.as_ref().is_some_and(|step| self.is_for(step, made)) && Some(number) != drops
        })
    }

    /// Gives an object another name, by which it will be dropped.
    pub(super) fn rename(&mut self, made: usize, title: Title) {
        self.forget_parts(made);
        let Some(entry) = self.entries.get_mut(made) else { return };
        entry.made.title = title;
        entry.made.names = Names::of(&entry.made.title);
        if !entry.dropped_itself {
            return;
        }
        if let Some(step) = self.steps.get_mut(entry.since).and_then(Option::as_mut) {
            step.sql = entry.made.drop_sql();
            step.about = entry.made.title.clone();
            step.names = entry.made.names.clone();
        }
    }

    /// The names of its indexes and triggers may have changed with its own.
    fn forget_parts(&mut self, made: usize) {
        for entry in self.entries.iter_mut().filter(|entry| entry.parent == Some(made)) {
            entry.known = false;
        }
    }

    /// Forgets an object that the text itself dropped, and the steps for its sake.
    pub(super) fn remove(&mut self, made: usize) {
        self.forget_parts(made);
        let kept = |step: &Option<Step>| step.as_ref().is_some_and(|step| !self.is_for(step, made));
        let kept: Vec<bool> = self.steps.iter().map(kept).collect();
        for (step, kept) in self.steps.iter_mut().zip(kept) {
            if !kept {
                *step = None;
            }
        }
        if let Some(entry) = self.entries.get_mut(made) {
            entry.known = false;
        }
    }

    /// After a name got another meaning, it says nothing of what was made before.
    pub(super) fn forget(&mut self, title: &Title) {
        for entry in self.entries.iter_mut().filter(|entry| entry.made.title.may_be(title)) {
            entry.known = false;
        }
        self.parts.retain(|part| !part.table.may_be(title));
    }

    /// After a schema got another name, no name is sure any more.
    pub(super) fn forget_all(&mut self) {
        for entry in &mut self.entries {
            entry.known = false;
        }
        self.parts.clear();
    }

    /// Notes a part of a table; the step that undoes it comes next.
    pub(super) fn note_part(&mut self, table: &Title, kind: PartKind, name: String) {
        let since = self.steps.len();
        self.parts.push(Part { table: table.clone(), kind, name, since });
    }

    pub(super) fn has_part(&self, table: &Title, kind: &PartKind, name: &str) -> bool {
        self.part(table, kind, name).is_some()
    }

    fn part(&self, table: &Title, kind: &PartKind, name: &str) -> Option<&Part> {
        self.parts
            .iter()
            .rfind(|part| part.table == *table && part.kind == *kind && part.name == name)
    }

    /// Whether a statement about a column that was made is undone when the column is dropped.
    pub(super) fn covers_column(
        &self,
        table: &Title,
        column: &str,
        statement: &Statement<'_>,
    ) -> bool {
        self.part(table, &PartKind::Column, column).is_some_and(|part| {
            !self.is_undone_before(part.since, statement, |step| step.about == *table)
        })
    }

    /// The columns that the text gave the table.
    pub(super) fn columns_of(&self, table: &Title) -> impl Iterator<Item = &String> {
        let columns = |part: &&Part| part.table == *table && part.kind == PartKind::Column;
        self.parts.iter().filter(columns).map(|part| &part.name)
    }

    /// Whether the text gave the table an index that begins with these columns.
    pub(super) fn has_index(&self, table: &Title, columns: &[String]) -> bool {
        self.parts.iter().any(|part| {
            part.table == *table
                && matches!(&part.kind, PartKind::Index(indexed) if indexed.starts_with(columns))
        })
    }

    /// After a part of a table got another name, or its columns did.
    pub(super) fn forget_part(&mut self, table: &Title, kind: &PartKind, name: &str) {
        self.parts.retain(|part| {
            let is_it = part.kind == *kind && part.name == name;
            part.table != *table || !(is_it || matches!(part.kind, PartKind::Index(_)))
        });
    }
}
