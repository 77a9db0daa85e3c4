//! "Did you mean": the known name that is most similar to an unknown one.

/// The number of faults from which on no suggestions are made: finding them takes quadratic time.
pub(crate) const MANY: usize = 20;

/// Returns the candidate most similar to `name`, if one is similar enough; the first of several.
pub(crate) fn similar<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let allowed = name.chars().count() / 3;
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let limit = best.map_or(allowed + 1, |(distance, _)| distance);
        // Ids that differ only in padding or case look the same, however short they are.
        let distance = if plain(name).eq_ignore_ascii_case(plain(candidate)) {
            // Ids that differ only in padding or case look the same, however short they are.
            0
        } else if is_swapped(name, candidate) {
            1
        } else {
            distance(name, candidate, limit).max(1)
        };
        if distance < limit {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn plain(name: &str) -> &str {
    name.trim_start_matches('0')
}

/// Returns whether two adjacent characters were swapped.
fn is_swapped(left: &str, right: &str) -> bool {
    let differing: Vec<_> =
        left.chars().zip(right.chars()).enumerate().filter(|(_, (a, b))| a != b).collect();
    match differing.as_slice() {
        [(first, (a, b)), (second, (c, d))] => {
            left.len() == right.len() && first + 1 == *second && a == d && b == c
        }
        _ => false,
    }
}

/// Returns the number of characters to insert, delete or replace; or any number from `limit` on if it is not less.
fn distance(left: &str, right: &str, limit: usize) -> usize {
    let right: Vec<char> = right.chars().collect();
    let left_len = left.chars().count();
    if left_len.abs_diff(right.len()) >= limit {
        return limit;
    }
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (done, a) in left.chars().enumerate() {
        // `diagonal` and `before` are the cells to the upper left and to the left of the current one.
        let (mut diagonal, mut before) = (done, done + 1);
        let (mut least, mut cells) = (before, row.iter_mut());
        if let Some(first) = cells.next() {
            *first = before;
        }
        for (cell, &b) in cells.zip(&right) {
            let changed = diagonal + usize::from(a != b);
            diagonal = *cell;
            *cell = changed.min(diagonal + 1).min(before + 1);
            before = *cell;
            least = least.min(before);
        }
        if least >= limit {
            return limit;
        }
    }
    row.last().copied().unwrap_or(left_len)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_distance_counts_single_changes() {
        for (left, right, expected) in
            [("", "", 0), ("abc", "abc", 0), ("kitten", "sitting", 3), ("", "ab", 2)]
        {
            assert_eq!(distance(left, right, usize::MAX), expected, "{left} {right}");
        }
    }

    #[test]
    fn the_nearest_name_is_suggested() {
        let known = ["001", "002", "add_users", "add_orders"];
        assert_eq!(similar("add_user", known), Some("add_users"));
        assert_eq!(similar("2", known), Some("002"));
        assert_eq!(similar("ADD_ORDERS", known), Some("add_orders"));
        assert_eq!(similar("003", known), Some("001"));
        assert_eq!(similar("add_suers", known), Some("add_users"));
        assert_eq!(similar("haed", ["head"]), Some("head"));
        assert_eq!(similar("something_else", known), None);
    }

    proptest! {
        #[test]
        fn the_distance_is_symmetric_and_at_most_the_longer(a in "[abc]{0,8}", b in "[abc]{0,8}") {
            prop_assert_eq!(distance(&a, &b, usize::MAX), distance(&b, &a, usize::MAX));
            prop_assert!(distance(&a, &b, usize::MAX) <= a.len().max(b.len()));
            prop_assert_eq!(distance(&a, &b, usize::MAX) == 0, a == b);
        }
    }
}
