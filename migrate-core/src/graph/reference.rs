//! The name of a revision in messages.

use std::fmt;

use crate::declare::migration::Origin;
use crate::declare::revision::RevisionKey;

/// The name of a revision in messages: with its crate only if the graph has several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionRef {
    key: RevisionKey,
    origin: Option<Origin>,
    qualified: bool,
}

impl RevisionRef {
    pub(crate) fn new(key: RevisionKey, origin: Option<Origin>, qualified: bool) -> Self {
        Self { key, origin, qualified }
    }

    /// Returns the crate and the id.
    pub fn key(&self) -> &RevisionKey {
        &self.key
    }

    /// Returns where it is declared; `None` if it was built at run time.
    pub fn origin(&self) -> Option<Origin> {
        self.origin
    }

    /// Returns ` (file:line)`, to follow the name.
    pub(crate) fn place(&self) -> String {
        self.origin.map(|origin| format!(" ({origin})")).unwrap_or_default()
    }
}

/// Writes it in the form of a target: `002`, or `crate@002`.
impl fmt::Display for RevisionRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.qualified { self.key.fmt(f) } else { self.key.id.fmt(f) }
    }
}

/// The number of names that a message lists before it only counts the rest.
const SHOWN: usize = 10;

/// Joins the names, in backticks. The middle of a long list is only counted.
pub(crate) fn join<T: fmt::Display>(names: &[T], separator: &str) -> String {
    let quoted = |names: &[T]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
    let mut shown = quoted(names);
    if let (true, Some((head, _)), Some((last, _))) =
        (names.len() > SHOWN, names.split_at_checked(SHOWN - 1), names.split_last())
    {
        shown = quoted(head);
        shown.push(format!("… {} more …", names.len() - SHOWN));
        shown.push(format!("`{last}`"));
    }
    shown.join(separator)
}

/// Lists the names, in backticks, separated by commas.
pub(crate) fn list<T: fmt::Display>(names: &[T]) -> String {
    join(names, ", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_keep_their_ends() {
        assert_eq!(list(&[1, 2]), "`1`, `2`");
        assert_eq!(list(&[0; 10]), ["`0`"; 10].join(", "));
        assert_eq!(
            join(&(1..=40).collect::<Vec<_>>(), " → "),
            "`1` → `2` → `3` → `4` → `5` → `6` → `7` → `8` → `9` → … 30 more … → `40`"
        );
    }
}
