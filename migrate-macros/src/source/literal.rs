//! Locates the content of string literals.

use std::iter::Peekable;
use std::str::Chars;

use syn::LitStr;

use crate::source::Segment;

/// Returns the pieces of a literal's content that are in the file character by character.
///
/// Returns `None` if the literal is not in the file: a macro made it.
pub(crate) fn segments(text: &LitStr) -> Option<Vec<Segment>> {
    let span = text.span();
    let written = text.token().to_string();
    if span.source_text()? != written {
        return None;
    }
    let mut walk = Walk::new(&written, span.start().line, span.start().column + 1);
    let raw = walk.open()?;
    let mut segments = vec![walk.segment()];
    while !raw && let Some(true) = walk.stretch_to_escape() {
        // Several escapes in a row, or one at the start, leave an empty piece.
        segments.pop_if(|last| last.offset == walk.offset);
        segments.push(walk.segment());
    }
    Some(segments)
}

/// A cursor in a literal as it is written.
struct Walk<'a> {
    rest: Peekable<Chars<'a>>,
    line: usize,
    column: usize,
    /// Byte offset in the content.
    offset: usize,
}

impl<'a> Walk<'a> {
    fn new(written: &'a str, line: usize, column: usize) -> Self {
        Self { rest: written.chars().peekable(), line, column, offset: 0 }
    }

    fn segment(&self) -> Segment {
        Segment { offset: self.offset, line: self.line, column: self.column }
    }

    fn next(&mut self) -> Option<char> {
        let character = self.rest.next()?;
        if character == '\n' {
            self.line += 1;
            self.column = 1;
        } else {
            self.column += 1;
        }
        Some(character)
    }

    /// Consumes the opening quote; returns whether the literal is raw.
    fn open(&mut self) -> Option<bool> {
        let raw = self.rest.peek() == Some(&'r');
        while self.next()? != '"' {}
        Some(raw)
    }

    /// Advances past the next escape; returns whether there was one before the end.
    fn stretch_to_escape(&mut self) -> Option<bool> {
        loop {
            match self.next()? {
                '"' => return Some(false),
                '\\' => {
                    self.escape()?;
                    return Some(true);
                }
                character => self.offset += character.len_utf8(),
            }
        }
    }

    fn escape(&mut self) -> Option<()> {
        match self.next()? {
            '\n' => {
                while self.rest.peek().is_some_and(|next| matches!(next, ' ' | '\t' | '\n' | '\r'))
                {
                    self.next();
                }
            }
            'x' => {
                self.next()?;
                self.next()?;
                self.offset += 1;
            }
            'u' => self.offset += self.unicode()?.len_utf8(),
            _ => self.offset += 1,
        }
        Some(())
    }

    /// Reads the character of `\u{…}`, after the `u`.
    fn unicode(&mut self) -> Option<char> {
        let mut code = 0;
        loop {
            match self.next()? {
                '}' => return char::from_u32(code),
                '{' | '_' => {}
                digit => code = code * 16 + digit.to_digit(16)?,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the place of each character of the content, found as migrate-core finds it.
    fn places(written: &str) -> Vec<(char, usize, usize)> {
        let literal: LitStr = syn::parse_str(written).unwrap();
        let segments = segments(&literal).unwrap();
        let value = literal.value();
        let place = |(offset, character)| {
            let segment = segments.iter().rev().find(|segment| segment.offset <= offset).unwrap();
            let (mut line, mut column) = (segment.line, segment.column);
            for passed in value.get(segment.offset..offset).unwrap().chars() {
                (line, column) = if passed == '\n' { (line + 1, 1) } else { (line, column + 1) };
            }
            (character, line, column)
        };
        value.char_indices().map(place).collect()
    }

    #[test]
    fn letters_after_an_escape_are_found() {
        assert_eq!(
            places(r#""a\n\tb\x41\u{1F6_00}é\"c""#),
            [
                ('a', 1, 2),
                ('\n', 1, 3),
                ('\t', 1, 5),
                ('b', 1, 7),
                ('A', 1, 8),
                ('😀', 1, 12),
                ('é', 1, 22),
                ('"', 1, 23),
                ('c', 1, 25)
            ]
        );
    }

    #[test]
    fn letters_after_a_continued_line_are_found() {
        assert_eq!(
            places("\"a \\\n    b\nc\""),
            [('a', 1, 2), (' ', 1, 3), ('b', 2, 5), ('\n', 2, 6), ('c', 3, 1)]
        );
    }

    #[test]
    fn a_raw_literal_has_no_escapes() {
        assert_eq!(
            places("r#\"\\n\n\"\"#"),
            [('\\', 1, 4), ('n', 1, 5), ('\n', 1, 6), ('"', 2, 1)]
        );
    }

    #[test]
    fn a_plain_literal_is_one_segment() {
        let literal: LitStr = syn::parse_str("\"CREATE TABLE t\n(id INT)\"").unwrap();
        assert_eq!(segments(&literal).map(|segments| segments.len()), Some(1));
    }
}
