//! Finds the word that a user may have meant.

// The number of letters to add, drop or change to turn one word into the other.
use strsim::levenshtein as distance;

/// Returns the candidate most similar to `word`, if it is similar enough for a hint.
pub(crate) fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let allowed = (word.len() / 3).max(1);
    candidates
        .iter()
        .map(|candidate| (distance(word, candidate), *candidate))
        .filter(|(distance, candidate)| *distance <= allowed || begins(word, candidate))
        .min()
        .map(|(_, candidate)| candidate)
}

/// Returns whether one word is a longer form of the other, as `revision` is of `rev`.
fn begins(word: &str, candidate: &str) -> bool {
    word.len().min(candidate.len()) >= 3
        && (word.starts_with(candidate) || candidate.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_letters() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("down", "down"), 0);
    }

    #[test]
    fn only_near_words_are_hinted() {
        let options = ["rev", "after", "down"];
        assert_eq!(nearest("afte", &options), Some("after"));
        assert_eq!(nearest("downs", &options), Some("down"));
        assert_eq!(nearest("revision", &options), Some("rev"));
        assert_eq!(nearest("colour", &options), None);
    }
}
