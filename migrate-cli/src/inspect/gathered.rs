//! Merges the findings of several dialects.

use migrate_core::{Dialect, Direction};

use super::Found;

/// Findings, and the dialects that have each.
#[derive(Debug, Default)]
pub(super) struct Gathered(Vec<(Found, Vec<Dialect>)>);

impl Gathered {
    pub(super) fn add(&mut self, dialect: Dialect, found: Vec<Found>) {
        for found in found {
            match self.0.iter_mut().find(|(known, _)| is_same(known, &found)) {
                Some((_, dialects)) if dialects.last() == Some(&dialect) => {}
                Some((_, dialects)) => dialects.push(dialect),
                None => self.0.push((found, vec![dialect])),
            }
        }
    }

    /// Returns all findings in order. A finding of only some of the dialects names them, or does not count.
    pub(super) fn finish(self, all: &[Dialect], all_agree: bool) -> Vec<Found> {
        let in_all = |dialects: &[Dialect]| dialects.len() == all.len();
        let counts = |(_, dialects): &(Found, Vec<Dialect>)| !all_agree || in_all(dialects);
        let worded = |(mut found, dialects): (Found, Vec<Dialect>)| {
            if !in_all(&dialects) {
                let names: Vec<&str> = dialects.iter().map(|dialect| dialect.name()).collect();
                found.message = format!("on {}: {}", names.join(" and "), found.message);
            }
            found
        };
        let mut found: Vec<Found> = self.0.into_iter().filter(counts).map(worded).collect();
        found.sort_by_key(|found| (found.direction == Direction::Down, place(found)));
        found
    }
}

fn is_same(a: &Found, b: &Found) -> bool {
    (a.code, a.direction, &a.message, place(a)) == (b.code, b.direction, &b.message, place(b))
}

/// Returns line and column in the SQL.
fn place(found: &Found) -> Option<(usize, usize)> {
    found.excerpt.as_ref().map(|excerpt| (excerpt.in_sql.line, excerpt.in_sql.column))
}
