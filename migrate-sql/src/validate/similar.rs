//! The word that was meant.

// How many letters must be added, dropped or changed, or neighbours exchanged, to make one word of the other.
use strsim::osa_distance as distance;

use crate::statement::StatementKind;
use crate::text::Dialect;

/// The first word of a statement that is nearest to this one, if not more than two letters differ.
pub(super) fn nearest(word: &str, dialect: Dialect) -> Option<&'static str> {
    /// Two letters make one short word of nearly any other.
    const FURTHEST: usize = 2;
    let word = word.to_ascii_uppercase();
    let letters = word.chars().count();
    StatementKind::first_words(dialect)
        .iter()
        .map(|(known, _)| *known)
        .filter(|known| known.len().abs_diff(letters) <= FURTHEST)
        .map(|known| (distance(&word, known), known))
        .filter(|(distance, known)| *distance <= FURTHEST && distance * 2 < known.len())
        .min()
        .map(|(_, known)| known)
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
