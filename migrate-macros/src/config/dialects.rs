//! The dialects that a crate's SQL is written for.

use std::collections::BTreeMap;

use migrate_sql::Dialect;

/// The declared dialects. If there are none, only findings that hold for all three count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dialects {
    declared: Vec<Dialect>,
}

/// A finding at one place, and the dialects that have it.
pub(crate) struct Said<T> {
    /// The finding in the words of the first dialect.
    pub(crate) what: T,
    pub(crate) by: Vec<Dialect>,
}

impl Dialects {
    pub(crate) fn new(mut declared: Vec<Dialect>) -> Self {
        declared.sort_unstable();
        declared.dedup();
        Self { declared }
    }

    /// Returns the dialects that the crate declares, if any.
    pub(crate) fn declared(&self) -> &[Dialect] {
        &self.declared
    }

    pub(crate) fn is_declared(&self) -> bool {
        !self.declared.is_empty()
    }

    /// Returns the dialects to read SQL in.
    pub(crate) fn all(&self) -> &[Dialect] {
        if self.declared.is_empty() { &Dialect::ALL } else { &self.declared }
    }

    /// Collects the findings of each dialect, one for each `key`, in the order of the keys.
    pub(crate) fn gather<T, K: Ord>(
        &self,
        say: impl Fn(Dialect) -> Vec<T>,
        key: impl Fn(&T) -> K,
    ) -> Vec<Said<T>> {
        let mut gathered: BTreeMap<K, Said<T>> = BTreeMap::new();
        for dialect in self.all() {
            for what in say(*dialect) {
                let said = gathered.entry(key(&what)).or_insert(Said { what, by: Vec::new() });
                if said.by.last() != Some(dialect) {
                    said.by.push(*dialect);
                }
            }
        }
        gathered.into_values().collect()
    }

    /// Returns whether a finding of these dialects counts: if none is declared, all must agree.
    pub(crate) fn count(&self, by: &[Dialect]) -> bool {
        self.is_declared() || by.len() == self.all().len()
    }

    /// Returns the prefix of a message that only these dialects have.
    pub(crate) fn only(&self, by: &[Dialect]) -> String {
        if by.len() == self.all().len() {
            return String::new();
        }
        let names: Vec<_> = by.iter().map(|dialect| dialect.name()).collect();
        format!("on {}: ", names.join(" and "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gather(dialects: &Dialects) -> Vec<(usize, String)> {
        let say = |dialect| match dialect {
            Dialect::Postgres => vec![7, 3],
            Dialect::Mysql => vec![3],
            Dialect::Sqlite => vec![3, 5],
        };
        let said = dialects.gather(say, |place| *place);
        let counting = said.into_iter().filter(|said| dialects.count(&said.by));
        counting.map(|said| (said.what, dialects.only(&said.by))).collect()
    }

    #[test]
    fn without_a_dialect_only_what_all_say_counts() {
        assert_eq!(gather(&Dialects::default()), [(3, String::new())]);
    }

    #[test]
    fn of_declared_dialects_each_counts_and_is_named_where_others_are_silent() {
        let two = Dialects::new(vec![Dialect::Sqlite, Dialect::Postgres, Dialect::Sqlite]);
        assert_eq!(
            gather(&two),
            [(3, String::new()), (5, "on sqlite: ".to_owned()), (7, "on postgres: ".to_owned())]
        );
        let one = Dialects::new(vec![Dialect::Sqlite]);
        assert_eq!(gather(&one), [(3, String::new()), (5, String::new())]);
    }
}
