//! Names: to find again, and made of others.

use std::collections::BTreeMap;

use migrate_sql::ddl::Name;
use migrate_sql::{Dialect, quote};

/// What belongs to names, found by them in about the time that one takes.
#[derive(Debug)]
pub(super) struct Names<'r, 'a, T>(BTreeMap<String, Vec<(&'r Name<'a>, T)>>);

impl<T> Default for Names<'_, '_, T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<'r, 'a, T> Names<'r, 'a, T> {
    pub(super) fn insert(&mut self, name: &'r Name<'a>, value: T) {
        self.0.entry(key(name)).or_default().push((name, value));
    }

    /// What belongs to this name, in the order in which it was put in.
    pub(super) fn of(&self, name: &Name<'_>) -> impl Iterator<Item = &T> {
        let alike = self.0.get(&key(name)).map(Vec::as_slice).unwrap_or_default();
        alike.iter().filter(|(known, _)| known.is_same(name)).map(|(_, value)| value)
    }

    pub(super) fn holds(&self, name: &Name<'_>) -> bool {
        self.of(name).next().is_some()
    }
}

/// What all names have in common that may be the same; a qualifier may be missing.
pub(super) fn key(name: &Name<'_>) -> String {
    name.value().to_lowercase()
}

/// A name made of others, as PostgreSQL would choose one.
pub(super) fn derived(parts: &[&str]) -> String {
    let name = parts.join("_");
    let is_plain =
        name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if is_plain { name } else { quote::identifier(&name, Dialect::Postgres) }
}
