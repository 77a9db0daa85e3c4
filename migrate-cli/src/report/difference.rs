//! The difference between two texts: changed lines with context, and the changed words in them.

use anstyle::Style;
use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};

use crate::escape::values;
use crate::io;
use crate::io::paint;

const REMOVED: Side = Side { sign: '-', style: io::REMOVED, marks: ("[-", "-]") };
const ADDED: Side = Side { sign: '+', style: io::ADDED, marks: ("{+", "+}") };

/// The number of context lines around a change.
const AROUND: usize = 2;
/// The maximum number of lines.
const LINES: usize = 40;
/// The maximum number of characters of an unchanged piece, half of them at each end.
const PIECE: usize = 100;

/// The old or the new side of a change.
struct Side {
    sign: char,
    style: Style,
    /// The marks around a changed word if there is no colour.
    marks: (&'static str, &'static str),
}

/// A piece of a line.
struct Piece<'a> {
    text: &'a str,
    changed: bool,
    /// The number of the comparison, equal on both sides.
    stretch: usize,
}

/// Returns the lines in which two texts differ: `-` marks old lines, `+` new ones.
pub(crate) fn difference(then: &str, now: &str, color: bool) -> Vec<String> {
    let (then, now) = (values(then), values(now));
    let then: Vec<&str> = then.lines().map(str::trim_end).collect();
    let now: Vec<&str> = now.lines().map(str::trim_end).collect();
    let groups = group_diff_ops(capture_diff_slices(Algorithm::Myers, &then, &now), AROUND);
    let mut lines = Vec::new();
    for (number, group) in groups.iter().enumerate() {
        if number > 0 {
            lines.push("  …".to_owned());
        }
        for op in group {
            let old = then.get(op.old_range()).unwrap_or_default();
            let new = now.get(op.new_range()).unwrap_or_default();
            match op {
                DiffOp::Equal { .. } => lines.extend(old.iter().map(|line| context(line))),
                DiffOp::Delete { .. } => lines.extend(whole(old, &REMOVED, color)),
                DiffOp::Insert { .. } => lines.extend(whole(new, &ADDED, color)),
                DiffOp::Replace { .. } => lines.extend(replaced(old, new, color)),
            }
        }
    }
    let more = lines.len().saturating_sub(LINES);
    if more > 0 {
        lines.truncate(LINES);
        lines.push(format!("  … {more} more lines"));
    }
    lines
}

fn context(line: &str) -> String {
    format!("  {}", shortened(line))
}

fn whole<'a>(
    lines: &'a [&str],
    side: &'a Side,
    color: bool,
) -> impl Iterator<Item = String> + use<'a> {
    lines.iter().map(move |line| {
        paint(format_args!("{} {}", side.sign, shortened(line)), side.style, color)
    })
}

/// Returns replaced lines. Shared words are not marked, unless there are hardly any.
fn replaced(old: &[&str], new: &[&str], color: bool) -> Vec<String> {
    let (old, new) = (old.join("\n"), new.join("\n"));
    let (old_words, new_words) = (words(&old), words(&new));
    let ops = capture_diff_slices(Algorithm::Myers, &old_words, &new_words);
    let (mut was, mut is, mut shared) = (Vec::new(), Vec::new(), 0);
    for (stretch, op) in ops.iter().enumerate() {
        let (gone, come) = (old_words.get(op.old_range()), new_words.get(op.new_range()));
        let changed = !matches!(op, DiffOp::Equal { .. });
        let piece = |text| Piece { text, changed, stretch };
        was.extend(gone.unwrap_or_default().iter().copied().map(piece));
        is.extend(come.unwrap_or_default().iter().copied().map(piece));
        if !changed {
            let solid = gone.unwrap_or_default().iter().filter(|word| !word.trim().is_empty());
            shared += solid.map(|word| word.len()).sum::<usize>();
        }
    }
    let little = shared * 4 < old.len().min(new.len());
    let lines = |pieces: Vec<Piece<'_>>, side: &Side| -> Vec<String> {
        by_line(pieces).iter().map(|line| marked(line, side, little, color)).collect()
    };
    lines(was, &REMOVED).into_iter().chain(lines(is, &ADDED)).collect()
}

/// Splits a text into words, spaces, line ends and single characters.
fn words(text: &str) -> Vec<&str> {
    let kind = |c: char| match c {
        '\n' => 0,
        c if c.is_whitespace() => 1,
        c if c.is_alphanumeric() || c == '_' => 2,
        _ => 3,
    };
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let alone = matches!(kind(first), 0 | 3);
        let end = rest.find(|c| kind(c) != kind(first)).unwrap_or(rest.len());
        let end = if alone { first.len_utf8() } else { end };
        let (word, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
        words.push(word);
        rest = tail;
    }
    words
}

fn by_line(pieces: Vec<Piece<'_>>) -> Vec<Vec<Piece<'_>>> {
    let mut lines = vec![Vec::new()];
    for piece in pieces {
        if piece.text == "\n" {
            lines.push(Vec::new());
        } else if let Some(line) = lines.last_mut() {
            line.push(piece);
        }
    }
    lines
}

/// Returns a line with its changed words marked, adjacent ones together; no marks if `plain`.
fn marked(line: &[Piece<'_>], side: &Side, plain: bool, color: bool) -> String {
    let blank = |piece: &Piece<'_>| piece.text.trim().is_empty();
    let is_changed = |index: usize| match line.get(index) {
        // A space between two changed words belongs to them.
        Some(piece) if blank(piece) && index > 0 => [index - 1, index + 1]
            .iter()
            .all(|beside| line.get(*beside).is_some_and(|piece| piece.changed)),
        Some(piece) => piece.changed && !blank(piece),
        None => false,
    };
    // Shared text must be cut at the same place on both sides.
    let mut runs: Vec<(bool, Option<usize>, String)> = Vec::new();
    for (index, piece) in line.iter().enumerate() {
        let changed = is_changed(index) && !plain;
        let stretch = Some(piece.stretch).filter(|_| !changed && !plain);
        match runs.last_mut() {
            Some((last, shared, text)) if (*last, *shared) == (changed, stretch) => {
                text.push_str(piece.text);
            }
            _ => runs.push((changed, stretch, piece.text.to_owned())),
        }
    }
    let mut text = paint(format_args!("{} ", side.sign), side.style, color);
    let (before, after) = side.marks;
    for (changed, _, run) in runs {
        match (changed, color) {
            (false, _) => text.push_str(&paint(shortened(&run), side.style, color)),
            (true, true) => text.push_str(&paint(run, side.style.bold().underline(), true)),
            (true, false) => text.extend([before, &run, after]),
        }
    }
    text.trim_end().to_owned()
}

/// Returns both ends of a long text.
fn shortened(text: &str) -> String {
    let length = text.chars().count();
    if length <= PIECE {
        return text.to_owned();
    }
    let head: String = text.chars().take(PIECE / 2).collect();
    let tail: String = text.chars().skip(length - PIECE / 2).collect();
    format!("{head} … {tail}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn drawn(then: &str, now: &str) -> String {
        difference(then, now, false).join("\n")
    }

    #[test]
    fn changed_words_are_marked_within_their_lines() {
        let then = "CREATE TABLE t (\n  id INTEGER PRIMARY KEY,\n  name TEXT NOT NULL\n)";
        let now = "CREATE TABLE t (\n  id INTEGER PRIMARY KEY,\n  name VARCHAR(20) NOT NULL\n)";
        insta::assert_snapshot!(drawn(then, now), @"
          CREATE TABLE t (
            id INTEGER PRIMARY KEY,
        -   name [-TEXT-] NOT NULL
        +   name {+VARCHAR(20)+} NOT NULL
          )
        ");
    }

    #[test]
    fn added_and_removed_lines_stand_whole() {
        insta::assert_snapshot!(drawn("a\nb\nc\nd\n-\ne\nf\ng", "a\nc\nd\n-\ne\nf\nf2\ng"), @"
          a
        - b
          c
          d
          …
          e
          f
        + f2
          g
        ");
    }

    #[test]
    fn what_shares_nothing_is_not_marked_word_by_word() {
        insta::assert_snapshot!(drawn("DROP INDEX a", "CREATE TABLE users (id BIGINT)"), @"
        - DROP INDEX a
        + CREATE TABLE users (id BIGINT)
        ");
    }

    #[test]
    fn long_texts_are_cut() {
        let then = format!("INSERT INTO t VALUES ({})", "1, ".repeat(500));
        let line = drawn(&then, &then.replace("INSERT", "REPLACE"));
        assert!(line.lines().all(|line| line.chars().count() < 200), "{line}");
        assert!(line.contains("[-INSERT-]") && line.contains("{+REPLACE+}"), "{line}");
        let many = (0..500).map(|n| n.to_string()).collect::<Vec<_>>().join("\n");
        let lines = difference("", &many, false);
        assert_eq!(lines.len(), LINES + 1);
        assert_eq!(lines.last().map(String::as_str), Some("  … 460 more lines"));
    }

    #[test]
    fn what_is_shared_is_cut_at_the_same_place() {
        let then = format!("CREATE TABLE t ({})", "n BIGINT, ".repeat(20));
        let lines = difference(&then, &then.replace(')', "x INT)"), false);
        let [was, is] = lines.as_slice() else { panic!("{lines:?}") };
        assert_eq!(
            was.replace("- ", "+ ").replace(')', ""),
            is.replace("{+x INT+}", "").replace(')', "")
        );
    }

    #[test]
    fn colours_stand_in_for_the_marks() {
        let line = difference("a b", "a c", true).join("\n");
        assert!(line.contains("\u{1b}[") && !line.contains("[-b-]"), "{line:?}");
    }

    proptest! {
        #[test]
        fn equal_texts_have_no_difference(text in "[a-z \n]{0,40}") {
            prop_assert!(difference(&text, &text, false).is_empty());
        }

        #[test]
        fn words_are_the_text(text in "[a-z0-9 (),_\n\u{e9}]{0,40}") {
            prop_assert_eq!(words(&text).concat(), text);
        }
    }
}
