//! Lines and columns.

use std::fmt::{self, Display, Formatter};

/// A place in a text as people count it: both numbers begin at 1.
///
/// A line ends at a line feed, so a CRLF ends one line. A column counts characters (Unicode scalar
/// values), not bytes and not cells on a screen.
///
/// # Examples
///
/// ```
/// use migrate_sql::Position;
///
/// let text = "SELECT 'é',\r\n  nope";
/// let position = Position::of(text, text.find("nope").unwrap());
/// assert_eq!(position, Position { line: 2, column: 3 });
/// assert_eq!(position.to_string(), "2:3");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The character in its line, from 1.
    pub column: usize,
}

impl Position {
    /// Finds the place of a byte; an offset behind the text or inside a character means the end of the
    /// text or the beginning of that character.
    pub fn of(text: &str, byte_offset: usize) -> Self {
        let before = text.get(..text.floor_char_boundary(byte_offset)).unwrap_or(text);
        let line = before.rsplit_once('\n').map_or(before, |(_, line)| line);
        Self {
            line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: line.chars().count() + 1,
        }
    }
}

impl Display for Position {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        assert_eq!(Position::of("äö x", 5), Position { line: 1, column: 4 });
    }

    #[test]
    fn a_crlf_is_one_line_end() {
        assert_eq!(Position::of("a\r\nb\nc", 3), Position { line: 2, column: 1 });
        assert_eq!(Position::of("a\r\nb\nc", 5), Position { line: 3, column: 1 });
    }

    #[test]
    fn offsets_are_clamped() {
        assert_eq!(Position::of("ab", 99), Position { line: 1, column: 3 });
        assert_eq!(Position::of("é", 1), Position { line: 1, column: 1 });
        assert_eq!(Position::of("", 0), Position { line: 1, column: 1 });
    }
}
