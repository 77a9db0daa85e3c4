//! Shows a place in a text that is not Rust, as rustc shows a place in code.

use std::ops::Range;

use migrate_sql::Position;

/// The maximum number of characters shown of a line.
const WIDTH: usize = 100;

/// Returns the line in which `range` starts, with carets under the part of the range on that line.
pub(crate) fn excerpt(text: &str, range: Range<usize>, title: &str) -> String {
    let Position { line: number, column } = Position::of(text, range.start);
    let line = text.split('\n').nth(number - 1).unwrap_or_default().trim_end();
    let marked = text.get(range).and_then(|marked| marked.lines().next()).unwrap_or_default();
    let Shown { line, before, marked } = Shown::new(line, column - 1, marked.trim_end());
    let (margin, blank) = (" ".repeat(number.to_string().len()), " ".repeat(before));
    let carets = "^".repeat(marked);
    format!("{margin}--> {title}\n{margin} |\n{number} | {line}\n{margin} | {blank}{carets}")
}

/// A line as it is shown: tabs become spaces, and long lines are cut.
struct Shown {
    line: String,
    /// The number of characters before the carets.
    before: usize,
    /// The number of characters marked by carets.
    marked: usize,
}

impl Shown {
    fn new(line: &str, before: usize, marked: &str) -> Self {
        let shown = |character| if character == '\t' { ' ' } else { character };
        let line: Vec<char> = line.chars().map(shown).collect();
        let marked = marked.chars().count();
        if line.len() <= WIDTH {
            return Self { line: line.iter().collect(), before, marked: marked.max(1) };
        }
        let start = before.saturating_sub(WIDTH / 2).min(line.len() - WIDTH);
        let (left, right) = (start > 0, start + WIDTH < line.len());
        let kept = line.iter().skip(start).take(WIDTH);
        let mark = |cut| if cut { "…" } else { "" };
        Self {
            line: format!("{}{}{}", mark(left), kept.collect::<String>(), mark(right)),
            before: before - start + usize::from(left),
            marked: marked.min(WIDTH + start - before.min(WIDTH + start)).max(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_is_marked_in_its_line() {
        assert_eq!(
            excerpt("CREATE TABLE t\n\t(é INT,)\n", 24..25, "line 2"),
            " --> line 2\n  |\n2 |  (é INT,)\n  |         ^"
        );
    }

    #[test]
    fn what_goes_on_in_the_next_line_is_marked_to_the_end_of_the_first() {
        assert_eq!(excerpt("ab cd \nef", 3..9, "here"), " --> here\n  |\n1 | ab cd\n  |    ^^");
    }

    #[test]
    fn the_end_of_a_text_can_be_marked() {
        assert_eq!(excerpt("ab", 2..2, "here"), " --> here\n  |\n1 | ab\n  |   ^");
        assert_eq!(excerpt("", 0..0, "here"), " --> here\n  |\n1 | \n  | ^");
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides() {
        let text = format!("{}here{}", "a".repeat(300), "b".repeat(300));
        let shown = excerpt(&text, 300..304, "here");
        let [_, _, line, carets] = *shown.lines().collect::<Vec<_>>() else { panic!("{shown}") };
        assert_eq!(line.chars().count(), "1 | ".len() + WIDTH + 2);
        assert_eq!(
            line.find("here").map(|_| line.chars().position(|c| c == 'h')),
            Some(carets.find('^'))
        );
        assert_eq!(carets.matches('^').count(), 4);
    }
}
