//! Words, numbers, placeholders and variables.

use super::source::{Lexeme, Source};
use crate::text::{Dialect, TokenKind};

/// Every byte above ASCII counts as a letter, in all three databases.
pub(super) const fn starts(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

pub(super) const fn continues(byte: u8) -> bool {
    starts(byte) || byte.is_ascii_digit() || byte == b'$'
}

pub(super) fn word(source: Source<'_>, at: usize) -> Lexeme {
    Lexeme::new(TokenKind::Word, source.end_of(at, continues))
}

/// A number with all letters that touch it, for the database to refuse; MySQL reads those as a name.
pub(super) fn number(source: Source<'_>, start: usize, dialect: Dialect) -> Lexeme {
    let mut at = start;
    let mut dotted = false;
    let mut decimal = true;
    while at < source.len() {
        let (byte, next) = (source.byte(at), source.byte(at + 1));
        match byte {
            b'0'..=b'9' => {}
            b'e' | b'E' if decimal && is_exponent(source, at) => {
                at += 1;
                decimal = false;
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => decimal = false,
            // `1..9` is a range.
            b'.' if !dotted && next != b'.' => dotted = true,
            _ if dialect == Dialect::Mysql && continues(byte) => decimal = false,
            _ => break,
        }
        at += 1;
    }
    Lexeme::new(TokenKind::Number, at)
}

/// Whether a sign and a digit follow the `e`; without a sign its digits are letters of the number anyway.
fn is_exponent(source: Source<'_>, at: usize) -> bool {
    matches!(source.byte(at + 1), b'+' | b'-') && source.byte(at + 2).is_ascii_digit()
}

/// `?`, `@name` and `@@scope.name`; `$` begins a word.
pub(super) fn mysql_sigil(source: Source<'_>, at: usize) -> Option<Lexeme> {
    match source.byte(at) {
        b'?' => Some(Lexeme::one(TokenKind::Parameter, at)),
        b'$' => Some(word(source, at)),
        b'@' => {
            let name = if source.byte(at + 1) == b'@' { at + 2 } else { at + 1 };
            let end = source.end_of(name, |byte| byte == b'.' || continues(byte));
            (end > name).then(|| Lexeme::new(TokenKind::Parameter, end))
        }
        _ => None,
    }
}

/// `?`, `?1`, `:name`, `@name`, `$name` and `#name`.
pub(super) fn sqlite_sigil(source: Source<'_>, at: usize) -> Option<Lexeme> {
    if source.byte(at) == b'?' {
        let end = source.end_of(at + 1, |byte| byte.is_ascii_digit());
        return Some(Lexeme::new(TokenKind::Parameter, end));
    }
    let end = source.end_of(at + 1, continues);
    (end > at + 1).then(|| Lexeme::new(TokenKind::Parameter, end))
}
