//! What a text has made so far, as far as that decides what it may go on with.

use std::collections::BTreeSet;

use crate::ddl::{Name, ObjectKind};
use crate::effects::{Effect, Object};
use crate::statement::Statement;
use crate::text::Dialect;

/// The names of what earlier statements made.
#[derive(Clone, Debug, Default)]
pub(super) struct Made {
    /// Tables, and what belongs to them, that end with the session.
    temporary: BTreeSet<String>,
    /// What stays.
    lasting: BTreeSet<String>,
}

impl Made {
    pub(super) fn learn(&mut self, objects: &[Object<'_>]) {
        let temporary = self.is_temporary(objects);
        for object in objects {
            let key = key(&object.name);
            match object.effect {
                Effect::Created => {
                    let names = if temporary { &mut self.temporary } else { &mut self.lasting };
                    names.insert(key);
                }
                Effect::Dropped => {
                    self.temporary.remove(&key);
                    self.lasting.remove(&key);
                }
                Effect::Altered | Effect::Written | Effect::Read => {}
            }
        }
    }

    /// Whether DDL is only about what ends with the session.
    pub(super) fn is_temporary(&self, objects: &[Object<'_>]) -> bool {
        let temporary =
            |object: &Object<'_>| object.temporary || self.temporary.contains(&key(&object.name));
        let [first, .., last] = objects else {
            return objects.iter().all(temporary) && !objects.is_empty();
        };
        match (first.effect, first.kind) {
            // What it reads or belongs to may stay.
            (Effect::Created, _) if first.temporary => true,
            (Effect::Created | Effect::Altered, kind) if kind != ObjectKind::Table => {
                temporary(last)
            }
            _ => objects.iter().all(temporary),
        }
    }

    /// Whether SQLite's way to change a table is taken: it is made anew, and takes the rows of the old one.
    pub(super) fn takes_over_rows(&self, statement: &Statement<'_>) -> bool {
        if statement.dialect() != Dialect::Sqlite || !statement.words().starts_with("INSERT") {
            return false;
        }
        let objects = statement.objects();
        let [into, from @ ..] = &*objects else { return false };
        into.effect == Effect::Written
            && self.lasting.contains(&key(&into.name))
            && !from.is_empty()
            && from.iter().all(|object| object.effect == Effect::Read)
    }
}

/// The name with its qualifiers. Quotes and case may be written differently each time.
fn key(name: &Name<'_>) -> String {
    let parts: Vec<String> = name.parts().iter().map(|part| part.value().to_lowercase()).collect();
    parts.join(".")
}
