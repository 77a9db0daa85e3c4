//! Names as they are written, and when two of them mean the same.

use std::{borrow::Cow, ops::Range};

use crate::text::{Dialect, Token, TokenKind};

/// One identifier, quotes included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ident<'a> {
    text: &'a str,
    offset: usize,
    dialect: Dialect,
}

/// A name, qualified or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name<'a> {
    text: &'a str,
    parts: Vec<Ident<'a>>,
}

impl<'a> Ident<'a> {
    /// Reads a token where a name is expected; nothing if it is none.
    pub fn of(token: &Token<'a>, dialect: Dialect) -> Option<Self> {
        // MySQL takes strings for names in places, and digits in front.
        let is_name = match token.kind() {
            TokenKind::Word | TokenKind::QuotedIdentifier => true,
            TokenKind::String => dialect != Dialect::Postgres,
            TokenKind::Number => dialect == Dialect::Mysql,
            _ => false,
        };
        is_name.then(|| Self { text: token.text(), offset: token.start(), dialect })
    }

    /// As written.
    pub const fn text(&self) -> &'a str {
        self.text
    }

    /// The byte offset in the statement.
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// The dialect it was read in.
    pub(crate) const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Without its quotes; in PostgreSQL folded to lower case where it has none, other letters than A to Z as they are.
    pub fn value(&self) -> Cow<'a, str> {
        let inner = |quote: char, close: char| {
            let text = self.text.strip_prefix(quote)?.strip_suffix(close)?;
            let doubled = [close, close].iter().collect::<String>();
            Some(if text.contains(&doubled) {
                Cow::Owned(text.replace(&doubled, &close.to_string()))
            } else {
                Cow::Borrowed(text)
            })
        };
        let quoted = inner('"', '"')
            .or_else(|| inner('`', '`'))
            .or_else(|| inner('\'', '\''))
            .or_else(|| inner('[', ']'));
        match quoted {
            Some(value) => value,
            // `U&"…"` is neither: it is left as it is written.
            None if self.dialect == Dialect::Postgres && !self.text.contains('"') => {
                Cow::Owned(self.text.to_ascii_lowercase())
            }
            None => Cow::Borrowed(self.text),
        }
    }

    /// Whether both name the same thing. Outside of PostgreSQL, case does not matter.
    pub fn is_same(&self, other: &Ident<'_>) -> bool {
        let (one, other) = (self.value(), other.value());
        match self.dialect {
            Dialect::Postgres => one == other,
            Dialect::Mysql | Dialect::Sqlite => one.to_lowercase() == other.to_lowercase(),
        }
    }
}

impl<'a> Name<'a> {
    pub(super) fn new(text: &'a str, parts: Vec<Ident<'a>>) -> Option<Self> {
        (!parts.is_empty()).then_some(Self { text, parts })
    }

    /// As written, with its qualifiers.
    pub const fn text(&self) -> &'a str {
        self.text
    }

    /// The byte behind it in the statement.
    pub fn end(&self) -> usize {
        self.offset() + self.text.len()
    }

    /// The byte offset in the statement.
    pub fn offset(&self) -> usize {
        self.parts.first().map_or(0, Ident::offset)
    }

    /// The bytes it covers in the statement.
    pub fn span(&self) -> Range<usize> {
        self.offset()..self.offset() + self.text.len()
    }

    /// Its parts, the object itself last.
    pub fn parts(&self) -> &[Ident<'a>] {
        &self.parts
    }

    /// The last part, without quotes.
    pub fn value(&self) -> Cow<'a, str> {
        self.parts.last().map_or(Cow::Borrowed(""), Ident::value)
    }

    /// The part before the last: the schema, or MySQL's database.
    pub fn schema(&self) -> Option<&Ident<'a>> {
        self.parts.iter().nth_back(1)
    }

    /// What qualifies the last part: the table, where this names a column.
    pub(crate) fn qualifier(&self) -> Option<Self> {
        let (_, parts) = self.parts.split_last()?;
        let end = parts.last().map(|last| last.offset + last.text.len())?;
        let text = self.text.get(..end.checked_sub(self.offset())?)?;
        Self::new(text, parts.to_vec())
    }

    /// Whether both name the same thing, where a qualifier that only one has does not count.
    pub fn is_same(&self, other: &Name<'_>) -> bool {
        let mut pairs = self.parts.iter().rev().zip(other.parts.iter().rev());
        pairs.all(|(one, other)| one.is_same(other))
    }
}
