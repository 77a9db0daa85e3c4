//! Why a text cannot be cut.

use thiserror::Error;

use crate::text::{Token, TokenKind};

/// A text that no statements can be read from; `offset` is the byte at which the thing began.
///
/// # Examples
///
/// ```
/// use migrate_sql::{Dialect, split};
///
/// let error = split("SELECT 'oops", Dialect::Sqlite).unwrap_err();
/// assert_eq!(error.to_string(), "unterminated string literal");
/// assert_eq!(error.offset(), 7);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SplitError {
    /// A string literal has no closing quote.
    #[error("unterminated string literal")]
    UnterminatedString {
        /// Where it begins.
        offset: usize,
    },
    /// A PostgreSQL dollar quote is not closed by the same tag.
    #[error("unterminated dollar-quoted string")]
    UnterminatedDollarQuote {
        /// Where it begins.
        offset: usize,
    },
    /// A quoted identifier has no closing quote.
    #[error("unterminated quoted identifier")]
    UnterminatedIdentifier {
        /// Where it begins.
        offset: usize,
    },
    /// A block comment has no end.
    #[error("unterminated comment")]
    UnterminatedComment {
        /// Where it begins.
        offset: usize,
    },
    /// A body, like that of a trigger, has no `END`.
    #[error("body without its `END`")]
    UnterminatedBody {
        /// Where its innermost open block begins.
        offset: usize,
    },
    /// A NUL character, at which servers and drivers cut the text off.
    #[error("NUL character")]
    NulCharacter {
        /// Where it is.
        offset: usize,
    },
    /// A backslash outside quotes, which only psql understands.
    #[error("psql meta-command")]
    PsqlCommand {
        /// Where the backslash is.
        offset: usize,
    },
    /// A `COPY … FROM STDIN` is followed by its rows.
    #[error("rows of `COPY … FROM STDIN` among the statements")]
    CopiedRows {
        /// Where the `COPY` begins.
        offset: usize,
    },
    /// A `DELIMITER` line of the MySQL client names none.
    #[error("`DELIMITER` without a delimiter")]
    MissingDelimiter {
        /// Where the word `DELIMITER` begins.
        offset: usize,
    },
    /// A `DELIMITER` line of the MySQL client names one that its client does not take either.
    #[error("a delimiter has at most 15 bytes and no backslash")]
    InvalidDelimiter {
        /// Where the delimiter begins.
        offset: usize,
    },
}

impl SplitError {
    /// The byte at which the thing began.
    pub const fn offset(&self) -> usize {
        match *self {
            Self::UnterminatedString { offset }
            | Self::UnterminatedDollarQuote { offset }
            | Self::UnterminatedIdentifier { offset }
            | Self::UnterminatedComment { offset }
            | Self::UnterminatedBody { offset }
            | Self::NulCharacter { offset }
            | Self::PsqlCommand { offset }
            | Self::CopiedRows { offset }
            | Self::MissingDelimiter { offset }
            | Self::InvalidDelimiter { offset } => offset,
        }
    }

    pub(super) fn unterminated(token: &Token<'_>) -> Self {
        let offset = token.start();
        match token.kind() {
            TokenKind::Comment | TokenKind::Hint => Self::UnterminatedComment { offset },
            TokenKind::QuotedIdentifier => Self::UnterminatedIdentifier { offset },
            _ if token.text().starts_with('$') => Self::UnterminatedDollarQuote { offset },
            _ => Self::UnterminatedString { offset },
        }
    }
}
