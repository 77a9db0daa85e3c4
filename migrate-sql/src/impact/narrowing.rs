//! What a schema migration destroys or narrows.

use super::{columns::Columns, relation::Relation, touched::Touched};
use crate::ddl::Name;
use crate::text::Dialect;

/// Something that a schema migration takes away from rows, or newly demands of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Narrowing {
    pub(super) reach: Reach,
    pub(super) columns: Columns,
    pub(super) words: String,
}

/// What a narrowing reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    Relation(Relation),
    /// All that is in a schema, or in a database of MySQL.
    Schema(String),
    /// It cannot be told what.
    Anything,
}

impl Narrowing {
    /// What it does, in words that go on a sentence: ``drops `users.email` ``.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// The relation that it is about, if it is about one.
    pub fn relation(&self) -> Option<&Relation> {
        match &self.reach {
            Reach::Relation(relation) => Some(relation),
            Reach::Schema(_) | Reach::Anything => None,
        }
    }

    /// Whether it narrows what a data migration touches, or may touch.
    pub fn concerns(&self, touched: &Touched) -> bool {
        touched.may_touch_anything()
            || match &self.reach {
                Reach::Relation(relation) => touched.relations().any(|(other, columns)| {
                    relation.may_be(other) && self.columns.overlap(columns)
                }),
                Reach::Schema(schema) => {
                    touched.relations().any(|(relation, _)| relation.is_in(schema))
                }
                Reach::Anything => touched.relations().next().is_some(),
            }
    }
}

/// What a text destroys or narrows, as far as it tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrowings {
    /// What it does to what is there before it, in order.
    pub list: Vec<Narrowing>,
    /// The tables that it makes.
    pub made: Vec<Relation>,
    /// Whether it may do more than can be seen: it runs a routine, or is no text that can be read.
    pub unseen: bool,
}

/// A text as far as it is read.
pub(super) struct Reading {
    pub(super) dialect: Dialect,
    pub(super) found: Narrowings,
    /// The tables that are new to the text: nothing that is there depends on them.
    new: Vec<Relation>,
}

impl Reading {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self { dialect, found: Narrowings::default(), new: Vec::new() }
    }

    /// Notes that a relation is narrowed, unless the text itself made it.
    pub(super) fn narrow(&mut self, name: &Name<'_>, columns: Columns, words: String) {
        let relation = Relation::of(name);
        if !self.new.iter().any(|new| new.may_be(&relation)) {
            self.push(Reach::Relation(relation), columns, words);
        }
    }

    pub(super) fn push(&mut self, reach: Reach, columns: Columns, words: String) {
        self.found.list.push(Narrowing { reach, columns, words });
    }

    /// Notes a table that was not there before.
    pub(super) fn makes(&mut self, name: &Name<'_>, temporary: bool) {
        let relation = Relation::of(name);
        if !temporary {
            self.found.made.push(relation.clone());
        }
        self.new.push(relation);
    }
}
