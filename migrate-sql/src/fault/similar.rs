//! The word that was meant.

use crate::{Class, Dialect};

/// The first word of a statement that is nearest to this one, if not more than two letters differ.
pub(super) fn nearest(word: &str, dialect: Dialect) -> Option<&'static str> {
    /// Two letters make one short word of nearly any other.
    const FURTHEST: usize = 2;
    let word = word.to_ascii_uppercase();
    let letters = word.chars().count();
    Class::first_words(dialect)
        .iter()
        .map(|(known, _)| *known)
        .filter(|known| known.len().abs_diff(letters) <= FURTHEST)
        .map(|known| (distance(&word, known), known))
        .filter(|(distance, known)| *distance <= FURTHEST && distance * 2 < known.len())
        .min()
        .map(|(_, known)| known)
}

/// How many letters must be added, dropped or changed, or neighbours exchanged, to make one word of the other.
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=to.len()).collect()];
    for (i, letter) in from.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, other) in to.iter().enumerate() {
            let at = |up: usize, left: usize| -> Option<usize> {
                let row = if up == 0 { None } else { rows.get(rows.len().checked_sub(up)?) };
                row?.get((j + 1).checked_sub(left)?).copied()
            };
            let changed = at(1, 1).map(|cost| cost + usize::from(letter != other));
            let dropped = at(1, 0).map(|cost| cost + 1);
            let added = row.last().map(|cost| cost + 1);
            let before = |letters: &[char], at: usize| {
                at.checked_sub(1).and_then(|at| letters.get(at).copied())
            };
            let exchanged = (before(&from, i) == Some(*other) && before(&to, j) == Some(*letter))
                .then(|| at(2, 2))
                .flatten()
                .map(|cost| cost + 1);
            row.push(
                [changed, dropped, added, exchanged]
                    .into_iter()
                    .flatten()
                    .min()
                    .unwrap_or_default(),
            );
        }
        rows.push(row);
    }
    rows.last().and_then(|row| row.last()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_count() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("CRAETE", "CREATE"), 1);
        assert_eq!(distance("DROP", "DROP"), 0);
    }

    #[test]
    fn only_near_words_are_meant() {
        let cases = [
            ("creat", Some("CREATE")),
            ("CRAETE", Some("CREATE")),
            ("alterr", Some("ALTER")),
            ("SELCET", Some("SELECT")),
            ("udpate", Some("UPDATE")),
            ("drpo", Some("DROP")),
            ("foo", None),
            ("x", None),
            ("", None),
            ("ééé", None),
        ];
        for (word, expected) in cases {
            assert_eq!(nearest(word, Dialect::Postgres), expected, "{word}");
        }
        assert_eq!(nearest("PRAGNA", Dialect::Sqlite), Some("PRAGMA"));
        assert_eq!(nearest("PRAGNA", Dialect::Mysql), None);
    }
}
