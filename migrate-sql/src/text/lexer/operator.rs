//! Operators.

use super::source::{Lexeme, Source};
use crate::text::TokenKind;

/// One dot, or the two of a range.
pub(super) fn dots(source: Source<'_>, at: usize) -> Lexeme {
    if source.byte(at + 1) == b'.' {
        return Lexeme::new(TokenKind::Operator, at + 2);
    }
    Lexeme::one(TokenKind::Punctuation, at)
}

/// PostgreSQL, where users define operators: the longest run of operator characters.
///
/// A run ends where a comment begins, and gives back `+` and `-` at its end unless it holds a character
/// that no standard operator has. Also returns up to where the signs given back reach: reading the run
/// anew for each of them would be quadratic.
pub(super) fn postgres(source: Source<'_>, at: usize) -> (Lexeme, usize) {
    if source.byte(at) == b':' {
        let length = if matches!(source.byte(at + 1), b':' | b'=') { 2 } else { 1 };
        return (Lexeme::new(TokenKind::Operator, at + length), at);
    }
    let mut end = at;
    let mut keep = at + 1;
    let mut defined = false;
    while is_postgres(source.byte(end)) && !begins_comment(source, end) {
        match source.byte(end) {
            b'+' | b'-' => {}
            b'*' | b'/' | b'<' | b'>' | b'=' => keep = end + 1,
            _ => defined = true,
        }
        end += 1;
    }
    match (end == at, defined) {
        (true, _) => (unknown(at), at),
        (false, true) => (Lexeme::new(TokenKind::Operator, end), at),
        (false, false) => (Lexeme::new(TokenKind::Operator, keep), end),
    }
}

/// MySQL and SQLite, whose operators are a closed set.
pub(super) fn other(source: Source<'_>, at: usize) -> Lexeme {
    const LONG: [&str; 13] =
        ["<=>", "->>", "->", "<<", ">>", "<=", ">=", "<>", "!=", "==", ":=", "||", "&&"];
    let byte = source.byte(at);
    if !is_postgres(byte) && byte != b':' {
        return unknown(at);
    }
    let long = LONG.iter().find(|operator| source.starts_with(at, operator));
    Lexeme::new(TokenKind::Operator, at + long.map_or(1, |operator| operator.len()))
}

/// One ASCII character: all others are letters.
const fn unknown(at: usize) -> Lexeme {
    Lexeme::one(TokenKind::Unknown, at)
}

const fn is_postgres(byte: u8) -> bool {
    matches!(
        byte,
        b'~' | b'!'
            | b'@'
            | b'#'
            | b'^'
            | b'&'
            | b'|'
            | b'`'
            | b'?'
            | b'%'
            | b'+'
            | b'-'
            | b'*'
            | b'/'
            | b'<'
            | b'>'
            | b'='
    )
}

fn begins_comment(source: Source<'_>, at: usize) -> bool {
    matches!((source.byte(at), source.byte(at + 1)), (b'-', b'-') | (b'/', b'*'))
}
