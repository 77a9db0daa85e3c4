//! Ids of new revisions.

use migrate_core::{Ids, RevisionId};

/// Returns an unused id: the next number, or a random id if ids are not numbers.
pub(super) fn next(taken: &[RevisionId], ids: Option<Ids>, seed: u64) -> String {
    let greatest = taken.iter().filter(|id| id.is_number()).max();
    match (ids, greatest) {
        (Some(Ids::Random), _) => random(taken, seed),
        (_, Some(greatest)) => successor(greatest.as_str()),
        (None, None) if !taken.is_empty() => random(taken, seed),
        (_, None) => "001".to_owned(),
    }
}

/// Returns the next number: `009` → `010`, `1.9` → `1.10`.
fn successor(id: &str) -> String {
    let digits = id.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1);
    let (head, last) = id.split_at_checked(digits).unwrap_or(("", id));
    match last.parse::<u128>() {
        Ok(number) => format!("{head}{:0width$}", number.saturating_add(1), width = last.len()),
        // Too long to increment; an additional part is greater as well.
        Err(_) => format!("{id}_1"),
    }
}

/// Returns eight hexadecimal digits, the first of them a letter, so that it is not a number.
fn random(taken: &[RevisionId], seed: u64) -> String {
    let mut state = seed;
    loop {
        // SplitMix64 (Steele, Lea and Flood).
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let digits = format!("{:016x}", mixed ^ (mixed >> 31));
        let word =
            digits.find(|c: char| c.is_ascii_alphabetic()).and_then(|at| digits.get(at..at + 8));
        if let Some(word) = word.filter(|word| !taken.iter().any(|id| id.as_str() == *word)) {
            return word.to_owned();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(taken: &[&'static str]) -> String {
        let taken: Vec<RevisionId> = taken.iter().copied().map(RevisionId::from).collect();
        next(&taken, None, 7)
    }

    #[test]
    fn numbers_go_on_as_wide_as_they_are() {
        assert_eq!(after(&[]), "001");
        assert_eq!(after(&["001", "002"]), "003");
        assert_eq!(after(&["9", "10"]), "11");
        assert_eq!(after(&["099"]), "100");
        assert_eq!(after(&["1.9"]), "1.10");
        assert_eq!(after(&["2024_05"]), "2024_06");
        assert_eq!(after(&["001", "a1b2"]), "002");
    }

    #[test]
    fn words_are_followed_by_words() {
        let id = after(&["a1b2c3d4"]);
        assert_eq!(id.len(), 8);
        assert!(!RevisionId::from(id.clone()).is_number() && RevisionId::from(id).is_valid());
    }

    #[test]
    fn random_ids_are_not_taken_twice() {
        let first = next(&[], Some(Ids::Random), 7);
        let second = next(&[RevisionId::from(first.clone())], Some(Ids::Random), 7);
        assert_ne!(first, second);
    }
}
