//! Revision identifiers and their natural order.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

/// The identifier of a revision: letters, digits, `_` and `.`.
///
/// Ids are ordered naturally, digit runs by their value, so `9` comes before `10`.
///
/// ```
/// use migrate_core::RevisionId;
///
/// assert!(RevisionId::from("9") < RevisionId::from("10"));
/// assert!(RevisionId::from("1.9") < RevisionId::from("1.10"));
/// assert!(!RevisionId::from("add-email").is_valid());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RevisionId(Cow<'static, str>);

impl RevisionId {
    /// Returns the id as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether the id is valid. [`Graph::new`](crate::Graph::new) refuses invalid ids.
    pub fn is_valid(&self) -> bool {
        !self.0.is_empty()
            && self.0.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'))
    }

    /// Returns whether the id is a number: runs of digits separated by single `.` or `_`, such as `12`, `1.4` or `2024_05`.
    pub fn is_number(&self) -> bool {
        self.0
            .split(['.', '_'])
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    }
}

impl From<&'static str> for RevisionId {
    fn from(id: &'static str) -> Self {
        Self(Cow::Borrowed(id))
    }
}

impl From<String> for RevisionId {
    fn from(id: String) -> Self {
        Self(Cow::Owned(id))
    }
}

impl fmt::Display for RevisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Ord for RevisionId {
    fn cmp(&self, other: &Self) -> Ordering {
        natural(self.as_str(), other.as_str())
    }
}

impl PartialOrd for RevisionId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Compares two texts, runs of digits by their value. Texts of equal value (`01`, `1`) are compared by their characters.
pub(crate) fn natural(left: &str, right: &str) -> Ordering {
    let (mut rest_left, mut rest_right) = (left, right);
    while let (Some(a), Some(b)) = (next_run(&mut rest_left), next_run(&mut rest_right)) {
        let ordering = if is_digits(a) && is_digits(b) { by_value(a, b) } else { a.cmp(b) };
        if ordering.is_ne() {
            return ordering;
        }
    }
    // Both are equal up to the end of the shorter one. A run taken from one side only leaves that side the longer.
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

/// Takes the leading run of digits, or of other characters.
fn next_run<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let digits = rest.starts_with(|c: char| c.is_ascii_digit());
    let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
    let (run, tail) = rest.split_at_checked(end)?;
    *rest = tail;
    (!run.is_empty()).then_some(run)
}

fn is_digits(run: &str) -> bool {
    run.starts_with(|c: char| c.is_ascii_digit())
}

fn by_value(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// A revision and the crate it belongs to: the key in history.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RevisionKey {
    /// The name of the crate that declares the revision.
    pub krate: Cow<'static, str>,
    /// The revision's id within that crate.
    pub id: RevisionId,
}

impl RevisionKey {
    /// Creates the key of revision `id` of the crate `krate`.
    pub fn new(krate: impl Into<Cow<'static, str>>, id: impl Into<RevisionId>) -> Self {
        Self { krate: krate.into(), id: id.into() }
    }
}

/// Writes the key like a target: `crate@revision`.
impl fmt::Display for RevisionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.krate, self.id)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn digits_are_ordered_by_value() {
        let mut ids =
            ["10", "9", "2024_05", "1.10", "1.9", "009", "a2", "a10"].map(RevisionId::from);
        ids.sort();
        assert_eq!(
            ids.each_ref().map(RevisionId::as_str),
            ["1.9", "1.10", "9", "009", "10", "2024_05", "a2", "a10"]
        );
    }

    #[test]
    fn numbers_are_told_from_names() {
        for id in ["12", "1.4", "2024_05", "001"] {
            assert!(RevisionId::from(id).is_number(), "{id}");
        }
        for id in ["", "1.", "_1", "1a", "v1", "1..2"] {
            assert!(!RevisionId::from(id).is_number(), "{id}");
        }
    }

    proptest! {
        #[test]
        fn the_order_is_total(a in "[0-9a_.]{0,6}", b in "[0-9a_.]{0,6}", c in "[0-9a_.]{0,6}") {
            prop_assert_eq!(natural(&a, &b), natural(&b, &a).reverse());
            prop_assert_eq!(natural(&a, &b).is_eq(), a == b);
            if natural(&a, &b).is_le() && natural(&b, &c).is_le() {
                prop_assert!(natural(&a, &c).is_le());
            }
        }
    }
}
