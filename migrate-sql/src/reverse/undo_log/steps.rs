//! The steps back, found by what they name.

use std::collections::{BTreeMap, BTreeSet};

use crate::effort;
use crate::reverse::mention::Names;
use crate::reverse::mentions::Mentions;
use crate::reverse::title::Title;

/// What undoes one statement.
#[derive(Debug)]
pub(in crate::reverse) struct Step {
    pub(in crate::reverse) sql: String,
    /// The object it changes.
    pub(in crate::reverse) about: Title,
    /// What later statements must not mention if they are undone only after it.
    pub(in crate::reverse) names: Names,
    /// The object with which it becomes needless.
    pub(in crate::reverse) of: Option<usize>,
}

/// The steps, in the order of what they undo.
#[derive(Debug, Default)]
pub(super) struct Steps {
    in_order: Vec<Option<Step>>,
    /// The steps of each name; of names that a step had once, too.
    named: BTreeMap<String, Vec<usize>>,
    /// Steps whose objects are meant without a name.
    nameless: Vec<usize>,
    /// How long the names are.
    lengths: BTreeSet<usize>,
    /// The steps of each object.
    of: BTreeMap<usize, Vec<usize>>,
}

impl Steps {
    /// The steps, last first.
    pub(super) fn into_sql(self) -> String {
        let steps: Vec<String> =
            self.in_order.into_iter().rev().flatten().map(|step| step.sql).collect();
        steps.join(";\n")
    }

    /// The number that the next step gets.
    pub(super) fn next(&self) -> usize {
        self.in_order.len()
    }

    pub(super) fn push(&mut self, step: Step) {
        let number = self.next();
        self.index(number, &step.names);
        if let Some(of) = step.of {
            self.of.entry(of).or_default().push(number);
        }
        self.in_order.push(Some(step));
    }

    fn index(&mut self, number: usize, names: &Names) {
        match names {
            Names::These(names) => {
                for name in names {
                    self.lengths.insert(name.len());
                    insert(self.named.entry(name.clone()).or_default(), number);
                }
            }
            Names::Unknown => insert(&mut self.nameless, number),
        }
    }

    /// Gives a step other words.
    pub(super) fn reword(&mut self, number: usize, sql: String, about: &Title, names: &Names) {
        let Some(step) = self.in_order.get_mut(number).and_then(Option::as_mut) else { return };
        step.sql = sql;
        step.about = about.clone();
        step.names = names.clone();
        self.index(number, names);
    }

    /// The steps that change or drop an object.
    pub(super) fn of(&self, object: usize) -> impl Iterator<Item = usize> {
        let numbers = self.of.get(&object).map(Vec::as_slice).unwrap_or_default();
        numbers.iter().copied().filter(|number| self.get(*number).is_some())
    }

    pub(super) fn remove(&mut self, number: usize) {
        if let Some(step) = self.in_order.get_mut(number) {
            *step = None;
        }
    }

    fn get(&self, number: usize) -> Option<&Step> {
        effort::spend();
        self.in_order.get(number)?.as_ref()
    }

    /// Whether a statement mentions what a step behind `since` is about, but for those of its own.
    pub(super) fn are_mentioned(
        &self,
        since: usize,
        mentions: &Mentions,
        is_own: impl Fn(&Step) -> bool,
    ) -> bool {
        let first = since.saturating_add(1);
        let counts = |number: usize, name: Option<&str>| {
            self.get(number)
                .is_some_and(|step| name.is_none_or(|name| step.names.hold(name)) && !is_own(step))
        };
        if mentions.may_be_any() && (first..self.in_order.len()).any(|number| counts(number, None))
        {
            return true;
        }
        let named = mentions.of_lengths(&self.lengths).flat_map(|name| {
            effort::spend();
            let numbers = self.named.get(name).map(Vec::as_slice).unwrap_or_default();
            from(numbers, first).map(move |number| (number, Some(name)))
        });
        let nameless = from(&self.nameless, first).map(|number| (number, None));
        named.chain(nameless).any(|(number, name)| counts(number, name))
    }
}

/// The numbers from the first that counts.
fn from(numbers: &[usize], first: usize) -> impl Iterator<Item = usize> {
    let start = numbers.partition_point(|number| *number < first);
    numbers.iter().copied().skip(start)
}

/// Keeps the numbers in order.
pub(super) fn insert(numbers: &mut Vec<usize>, number: usize) {
    let at = numbers.partition_point(|other| *other < number);
    if numbers.get(at) != Some(&number) {
        numbers.insert(at, number);
    }
}
