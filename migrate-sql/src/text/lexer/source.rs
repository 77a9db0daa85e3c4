//! Bytes of a text, read without a way to fall off its end.

use crate::text::TokenKind;

/// A text under the lexer's eye; every position beyond its end reads as NUL.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    text: &'a str,
}

impl<'a> Source<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text }
    }

    pub(super) const fn len(self) -> usize {
        self.text.len()
    }

    pub(super) fn byte(self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    /// The text between two places; both lie beside an ASCII byte or an end, so they never cut a character.
    pub(super) fn slice(self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    pub(super) fn starts_with(self, at: usize, prefix: &str) -> bool {
        self.text.as_bytes().get(at..).is_some_and(|rest| rest.starts_with(prefix.as_bytes()))
    }

    /// The first place from `at` on whose byte is not `wanted`.
    pub(super) fn end_of(self, at: usize, wanted: impl Fn(u8) -> bool) -> usize {
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        rest.iter().position(|byte| !wanted(*byte)).map_or(self.len(), |length| at + length)
    }

    /// The place behind the next `needle`.
    pub(super) fn behind(self, at: usize, needle: &str) -> Option<usize> {
        let found = self.text.get(at..)?.find(needle)?;
        Some(at + found + needle.len())
    }
}

/// A token before it has a text: its kind and where it ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lexeme {
    pub(super) kind: TokenKind,
    pub(super) end: usize,
    pub(super) terminated: bool,
}

impl Lexeme {
    pub(super) const fn new(kind: TokenKind, end: usize) -> Self {
        Self { kind, end, terminated: true }
    }

    pub(super) const fn one(kind: TokenKind, at: usize) -> Self {
        Self::new(kind, at + 1)
    }

    /// Ends at `end`, or unterminated at the end of the text.
    pub(super) fn until(kind: TokenKind, end: Option<usize>, source: Source<'_>) -> Self {
        Self { kind, end: end.unwrap_or(source.len()), terminated: end.is_some() }
    }
}
