//! A line of SQL with carets under the fault.

use migrate_core::Excerpt;

use crate::escape::{columns, value};
use crate::io::{ERROR, FRAME, paint};

/// The maximum number of characters shown of a line.
const WIDTH: usize = 120;

/// A line, its number, and a label.
#[derive(Debug)]
pub(super) struct Frame {
    /// The location of the SQL, or of the code that made it.
    pub(super) location: Option<String>,
    heading: String,
    number: usize,
    line: String,
    /// The number of characters before the caret; `None` if the place is unknown.
    caret: Option<usize>,
    /// The number of carets.
    width: usize,
    pub(super) label: Option<String>,
}

impl Frame {
    pub(super) fn new(excerpt: &Excerpt, label: Option<String>) -> Self {
        let place =
            excerpt.file.map(|(file, at)| (format!("{file}:{}:{}", at.line, at.column), at.line));
        let in_sql = excerpt.in_sql;
        let (heading, number) = match &place {
            Some((place, line)) if excerpt.file_is_sql => (place.clone(), *line),
            Some((place, _)) => {
                (format!("line {} of the SQL made at {place}", in_sql.line), in_sql.line)
            }
            None => (format!("line {} of the SQL", in_sql.line), in_sql.line),
        };
        let (line, caret) = cut(&excerpt.line, in_sql.column.saturating_sub(1));
        Self {
            location: place.map(|(place, _)| place),
            heading,
            number,
            width: width(excerpt, &line, caret),
            line,
            caret: excerpt.exact.then_some(caret),
            label,
        }
    }

    /// Returns the lines below the message.
    pub(super) fn draw(&self, color: bool) -> String {
        let (number, line) = (self.number.to_string(), columns(&self.line));
        let margin = " ".repeat(number.len());
        let bar = paint("|", FRAME, color);
        let mut text =
            format!("\n{margin}{} {}\n{margin} {bar}", paint("-->", FRAME, color), self.heading);
        text.push_str(&format_line(&paint(&number, FRAME, color), &bar, &line));
        if let Some(caret) = self.caret {
            let label =
                self.label.as_deref().map(|label| format!(" {}", value(label))).unwrap_or_default();
            let carets = "^".repeat(self.width);
            let pointer = paint(format_args!("{carets}{label}"), ERROR, color);
            text.push_str(&format_line(
                &margin,
                &bar,
                &format!("{}{pointer}", indent(&self.line, caret)),
            ));
        } else if let Some(label) = &self.label {
            text = format!("{text}\n{margin} {} {}", paint("=", FRAME, color), value(label));
        }
        text
    }
}

/// Returns the number of characters of the piece on this line, as far as the line is shown.
fn width(excerpt: &Excerpt, line: &str, caret: usize) -> usize {
    let rest = line.chars().count().saturating_sub(caret);
    let piece = match excerpt.until {
        None => 1,
        Some(until) if until.line == excerpt.in_sql.line => {
            until.column.saturating_sub(excerpt.in_sql.column)
        }
        Some(_) => rest,
    };
    piece.min(rest).max(1)
}

fn format_line(margin: &str, bar: &str, line: &str) -> String {
    format!("\n{margin} {bar} {line}")
}

/// Returns blank text as wide as the first characters of the line: tabs stay tabs.
fn indent(line: &str, characters: usize) -> String {
    let before: String =
        line.chars().take(characters).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
    let missing = characters.saturating_sub(before.chars().count());
    format!("{before}{}", " ".repeat(missing))
}

/// Returns the part of a long line around the caret, and the caret's place in it.
fn cut(line: &str, caret: usize) -> (String, usize) {
    let characters: Vec<char> = line.trim_end().chars().collect();
    if characters.len() <= WIDTH {
        return (characters.into_iter().collect(), caret);
    }
    let from = caret.saturating_sub(WIDTH / 2);
    let (before, after) =
        (if from > 0 { "… " } else { "" }, if from + WIDTH < characters.len() { " …" } else { "" });
    let shown: String = characters.into_iter().skip(from).take(WIDTH).collect();
    (format!("{before}{shown}{after}"), caret - from + before.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(line: &str, caret: Option<usize>) -> String {
        let (line, at) = cut(line, caret.unwrap_or(0));
        let frame = Frame {
            location: None,
            heading: "a.rs:12:3".to_owned(),
            number: 12,
            line,
            caret: caret.map(|_| at),
            width: 1,
            label: Some("no such table".to_owned()),
        };
        frame.draw(false)
    }

    #[test]
    fn the_caret_stands_under_the_fault() {
        assert_eq!(
            frame("\tDROP t", Some(6)),
            "\n  --> a.rs:12:3\n   |\n12 | \tDROP t\n   | \t     ^ no such table"
        );
    }

    #[test]
    fn without_a_place_there_is_no_caret() {
        assert_eq!(
            frame("DROP t", None),
            "\n  --> a.rs:12:3\n   |\n12 | DROP t\n   = no such table"
        );
    }

    #[test]
    fn of_a_long_line_the_piece_around_the_fault_is_shown() {
        let line = format!("{}X{}", "a".repeat(500), "b".repeat(500));
        let drawn = frame(&line, Some(500));
        let lines: Vec<&str> = drawn.lines().collect();
        assert!(lines[3].chars().count() < 140, "{}", lines[3]);
        let caret = lines[4].chars().position(|c| c == '^');
        assert_eq!(lines[3].chars().position(|c| c == 'X'), caret);
    }
}
