//! Finds what a user may have meant.

/// The candidate nearest to `word`, if it is near enough to be worth a hint.
pub(crate) fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let allowed = (word.len() / 3).max(1);
    candidates
        .iter()
        .map(|candidate| (distance(word, candidate), *candidate))
        .filter(|(distance, candidate)| *distance <= allowed || begins(word, candidate))
        .min()
        .map(|(_, candidate)| candidate)
}

/// Whether one word is a longer form of the other, as `revision` is of `rev`.
fn begins(word: &str, candidate: &str) -> bool {
    word.len().min(candidate.len()) >= 3
        && (word.starts_with(candidate) || candidate.starts_with(word))
}

/// How many letters must be added, dropped or changed to make one word of the other.
fn distance(from: &str, to: &str) -> usize {
    let mut above: Vec<usize> = (0..=to.chars().count()).collect();
    for (taken, letter) in from.chars().enumerate() {
        let mut left = taken + 1;
        let mut row = vec![left];
        for (other, pair) in to.chars().zip(above.windows(2)) {
            let [diagonal, up] = pair else { continue };
            left = (diagonal + usize::from(letter != other)).min(up + 1).min(left + 1);
            row.push(left);
        }
        above = row;
    }
    above.last().copied().unwrap_or_default()
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
