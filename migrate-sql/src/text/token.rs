//! The smallest pieces of SQL that mean something.

use std::ops::Range;

/// What a [`Token`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenKind {
    /// A keyword or an identifier without quotes.
    Word,
    /// `"name"`, `` `name` ``, `[name]` or `U&"name"`.
    QuotedIdentifier,
    /// A text, bit or byte literal with its prefix and quotes: `'a'`, `E'\n'`, `$$a$$`, `X'00'`.
    String,
    /// A number; in MySQL also an identifier that begins with a digit.
    Number,
    /// A placeholder or variable: `$1`, `?`, `@name`, in SQLite also `:name`.
    Parameter,
    /// An operator, `:` and `:=` included.
    Operator,
    /// A comma, dot, bracket or brace.
    Punctuation,
    /// `(`.
    OpenParen,
    /// `)`.
    CloseParen,
    /// `;`, or the terminator that a MySQL `DELIMITER` line chose.
    Terminator,
    /// An ordinary comment: the only kind that means nothing to the database.
    Comment,
    /// A hint to the planner, `/*+ … */`.
    Hint,
    /// The beginning of a conditional comment, `/*!40101` or `/*M!100100`; what follows is code.
    ConditionalOpen,
    /// The `*/` that ends a conditional comment.
    ConditionalClose,
    /// A character that has no meaning outside quotes, like a backslash.
    Unknown,
}

/// A piece of SQL text and where it stands.
///
/// # Examples
///
/// ```
/// use migrate_sql::{Dialect, TokenKind, tokens};
///
/// let token = tokens("  'it''s'", Dialect::Sqlite).next().unwrap();
/// assert_eq!(token.kind(), TokenKind::String);
/// assert_eq!(token.text(), "'it''s'");
/// assert_eq!(token.span(), 2..9);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    kind: TokenKind,
    text: &'a str,
    start: usize,
    terminated: bool,
}

impl<'a> Token<'a> {
    pub(crate) const fn new(
        kind: TokenKind,
        text: &'a str,
        start: usize,
        terminated: bool,
    ) -> Self {
        Self { kind, text, start, terminated }
    }

    /// What it is.
    pub const fn kind(&self) -> TokenKind {
        self.kind
    }

    /// The text as written, quotes included.
    pub const fn text(&self) -> &'a str {
        self.text
    }

    /// The byte offset at which it begins.
    pub const fn start(&self) -> usize {
        self.start
    }

    /// The byte offset behind its last byte.
    pub const fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// The bytes it covers.
    pub const fn span(&self) -> Range<usize> {
        self.start..self.end()
    }

    /// Whether its end was found; a string, quoted name or comment may be cut off by the end of the text.
    pub const fn is_terminated(&self) -> bool {
        self.terminated
    }

    /// What stands between the quotes, or the dollar quotes, of a string.
    pub fn inside(&self) -> Option<&'a str> {
        if self.kind != TokenKind::String {
            return None;
        }
        if let Some(rest) = self.text.strip_prefix('$') {
            let tag = rest.find('$')? + 2;
            return self.text.get(tag..self.text.len().checked_sub(tag)?);
        }
        self.text.get(self.text.find('\'')? + 1..self.text.len() - 1)
    }

    /// Whether it is this word, in any case, without quotes.
    ///
    /// ```
    /// # use migrate_sql::{Dialect, tokens};
    /// let token = tokens("Select", Dialect::Sqlite).next().unwrap();
    /// assert!(token.is_word("SELECT"));
    /// ```
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Whether it is one of these words, in any case, without quotes.
    pub fn is_any_word(&self, words: &[&str]) -> bool {
        self.kind == TokenKind::Word
            && words.iter().any(|word| self.text.eq_ignore_ascii_case(word))
    }

    /// Whether it is written exactly so and is an operator, a bracket or another mark.
    pub fn is_mark(&self, mark: &str) -> bool {
        use TokenKind::{CloseParen, OpenParen, Operator, Punctuation, Terminator};
        matches!(self.kind, Operator | Punctuation | OpenParen | CloseParen | Terminator)
            && self.text == mark
    }
}
