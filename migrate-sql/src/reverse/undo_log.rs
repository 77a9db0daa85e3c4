//! What a text has made so far, and what undoes it.

mod parts;
mod steps;

use std::cell::OnceCell;
use std::collections::BTreeMap;

pub(super) use self::parts::PartKind;
use self::parts::Parts;
pub(super) use self::steps::Step;
use self::steps::Steps;
use super::{made::Made, mention::Names, mentions::Mentions, title::Title};
use crate::ddl::ObjectKind;
use crate::effort;
use crate::statement::Statement;

/// The steps back, in the order of the steps they undo, and the objects that will be gone with them.
#[derive(Debug, Default)]
pub(super) struct UndoLog {
    steps: Steps,
    entries: Vec<Entry>,
    /// The entries of each name, the last part alone, and of names that an entry had once.
    named: BTreeMap<String, Vec<usize>>,
    /// The entries that belong to another.
    children: BTreeMap<usize, Vec<usize>>,
    parts: Parts,
    /// What the statement says that is looked at now.
    mentions: OnceCell<Mentions>,
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

impl UndoLog {
    /// Turns to the next statement.
    pub(super) fn turn(&mut self) {
        self.mentions = OnceCell::new();
    }

    /// The steps, last first.
    pub(super) fn into_sql(self) -> String {
        self.steps.into_sql()
    }

    pub(super) fn step(&mut self, step: Step) {
        self.steps.push(step);
    }

    /// Notes an object, and the step that drops it; its table's dropping makes that needless.
    pub(super) fn make(&mut self, made: Made, parent: Option<usize>) {
        let since = self.steps.next();
        self.step(Step {
            sql: made.drop_sql(),
            about: made.title.clone(),
            names: made.names.clone(),
            of: Some(self.entries.len()),
        });
        self.enter(Entry { made, since, dropped_itself: true, parent, reacts: false, known: true });
    }

    /// Notes an object that goes with another.
    pub(super) fn adopt(&mut self, made: Made, parent: usize) {
        let since = self.entries.get(parent).map_or(0, |parent| parent.since);
        let parent = Some(parent);
        self.enter(Entry {
            made,
            since,
            dropped_itself: false,
            parent,
            reacts: false,
            known: true,
        });
    }

    fn enter(&mut self, entry: Entry) {
        let number = self.entries.len();
        self.named.entry(entry.made.title.simple()).or_default().push(number);
        if let Some(parent) = entry.parent {
            self.children.entry(parent).or_default().push(number);
        }
        self.entries.push(entry);
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
        let is_it = |entry: &Entry| {
            effort::spend();
            entry.known && entry.made.is(kind, title, arguments)
        };
        let alike = self.named.get(&title.simple()).map(Vec::as_slice).unwrap_or_default();
        alike.iter().rev().copied().find(|number| self.entries.get(*number).is_some_and(is_it))
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
        let mentions = self.mentions.get_or_init(|| Mentions::of(statement));
        self.steps.are_mentioned(since, mentions, is_own)
    }

    /// Whether a step changes or drops an object, or what belongs to it.
    fn is_for(&self, step: &Step, made: usize) -> bool {
        let parent = step.of.and_then(|of| self.entries.get(of)).and_then(|entry| entry.parent);
        step.of == Some(made) || parent == Some(made)
    }

    /// The steps that change or drop an object, or what belongs to it.
    fn steps_for(&self, made: usize) -> impl Iterator<Item = usize> {
        let children = self.children_of(made).iter().copied();
        [made].into_iter().chain(children).flat_map(|object| self.steps.of(object))
    }

    fn children_of(&self, made: usize) -> &[usize] {
        self.children.get(&made).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether anything but its dropping needs its name to be what it is now.
    pub(super) fn is_stepped_on(&self, made: usize) -> bool {
        let drops = self.entries.get(made).map(|entry| entry.since);
        self.steps_for(made).any(|number| Some(number) != drops)
    }

    /// Gives an object another name, by which it will be dropped.
    pub(super) fn rename(&mut self, made: usize, title: Title) {
        self.forget_children(made);
        let Some(entry) = self.entries.get_mut(made) else { return };
        entry.made.title = title;
        entry.made.names = Names::of(&entry.made.title);
        steps::insert(self.named.entry(entry.made.title.simple()).or_default(), made);
        if entry.dropped_itself {
            let Entry { made, since, .. } = entry;
            self.steps.reword(*since, made.drop_sql(), &made.title, &made.names);
        }
    }

    /// The names of its indexes and triggers may have changed with its own.
    fn forget_children(&mut self, made: usize) {
        for child in self.children.get(&made).into_iter().flatten() {
            if let Some(entry) = self.entries.get_mut(*child) {
                entry.known = false;
            }
        }
    }

    /// Forgets an object that the text itself dropped, and the steps for its sake.
    pub(super) fn remove(&mut self, made: usize) {
        self.forget_children(made);
        let gone: Vec<usize> = self.steps_for(made).collect();
        for number in gone {
            self.steps.remove(number);
        }
        if let Some(entry) = self.entries.get_mut(made) {
            entry.known = false;
        }
    }

    /// After a name got another meaning, it says nothing of what was made before.
    pub(super) fn forget(&mut self, title: &Title) {
        for number in self.named.get(&title.simple()).into_iter().flatten() {
            if let Some(entry) = self.entries.get_mut(*number)
                && entry.made.title.may_be(title)
            {
                entry.known = false;
            }
        }
        self.parts.forget_table(title);
    }

    /// After a schema got another name, no name is sure any more.
    pub(super) fn forget_all(&mut self) {
        for entry in &mut self.entries {
            entry.known = false;
        }
        self.parts = Parts::default();
    }

    /// Notes a part of a table; the step that undoes it comes next.
    pub(super) fn note_part(&mut self, table: &Title, kind: PartKind, name: String) {
        self.parts.note(table, kind, name, self.steps.next());
    }

    pub(super) fn has_part(&self, table: &Title, kind: &PartKind, name: &str) -> bool {
        self.parts.since(table, kind, name).is_some()
    }

    /// Whether a statement about a column that was made is undone when the column is dropped.
    pub(super) fn covers_column(
        &self,
        table: &Title,
        column: &str,
        statement: &Statement<'_>,
    ) -> bool {
        self.parts.since(table, &PartKind::Column, column).is_some_and(|since| {
            !self.is_undone_before(since, statement, |step| step.about == *table)
        })
    }

    /// The columns that the text gave the table.
    pub(super) fn columns_of(&self, table: &Title) -> impl Iterator<Item = &String> {
        self.parts.columns_of(table)
    }

    /// Whether the text gave the table an index that begins with these columns.
    pub(super) fn has_index(&self, table: &Title, columns: &[String]) -> bool {
        self.parts.has_index(table, columns)
    }

    /// After a part of a table got another name, or its columns did.
    pub(super) fn forget_part(&mut self, table: &Title, kind: &PartKind, name: &str) {
        self.parts.forget(table, kind, name);
    }
}
