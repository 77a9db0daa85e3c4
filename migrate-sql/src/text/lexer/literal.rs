//! Whatever stands in quotes.

use super::{
    source::{Lexeme, Source},
    word,
};
use crate::text::{Dialect, TokenKind};

/// From the quote at `open` to its partner; a doubled quote is part of the text.
pub(super) fn quoted(source: Source<'_>, kind: TokenKind, open: usize, escapes: bool) -> Lexeme {
    let quote = source.byte(open);
    let mut at = open + 1;
    while at < source.len() {
        let byte = source.byte(at);
        if byte == b'\\' && escapes {
            at += 2;
        } else if byte != quote {
            at += 1;
        } else if source.byte(at + 1) == quote {
            at += 2;
        } else {
            return Lexeme::new(kind, at + 1);
        }
    }
    Lexeme::until(kind, None, source)
}

/// SQLite's `[name]`, which has no way to hold a `]`.
pub(super) fn bracketed(source: Source<'_>, open: usize) -> Lexeme {
    Lexeme::until(TokenKind::QuotedIdentifier, source.behind(open, "]"), source)
}

/// Literals that begin with a letter: `E'…'`, `U&"…"`, `X'…'`.
pub(super) fn prefixed(source: Source<'_>, at: usize, dialect: Dialect) -> Option<Lexeme> {
    let prefix = source.byte(at).to_ascii_lowercase();
    let (length, quote) = match source.byte(at + 1) {
        b'&' if prefix == b'u' => (2, source.byte(at + 2)),
        quote => (1, quote),
    };
    let kind = match (length, quote) {
        (_, b'\'') => TokenKind::String,
        (2, b'"') => TokenKind::QuotedIdentifier,
        _ => return None,
    };
    let escapes = match (dialect, prefix) {
        (Dialect::Postgres, b'e') | (Dialect::Mysql, b'n') => true,
        (Dialect::Postgres, b'b' | b'x' | b'n')
        | (Dialect::Mysql, b'b' | b'x')
        | (Dialect::Sqlite, b'x') => false,
        (Dialect::Postgres, b'u') if length == 2 => false,
        _ => return None,
    };
    Some(quoted(source, kind, at + length, escapes))
}

/// PostgreSQL's `$1` and `$tag$ … $tag$`.
pub(super) fn dollar(source: Source<'_>, at: usize) -> Option<Lexeme> {
    if source.byte(at) != b'$' {
        return None;
    }
    let first = source.byte(at + 1);
    if first.is_ascii_digit() {
        let end = source.end_of(at + 1, |byte| byte.is_ascii_digit());
        return Some(Lexeme::new(TokenKind::Parameter, end));
    }
    let tag_end = if word::starts(first) {
        source.end_of(at + 1, |byte| byte != b'$' && word::continues(byte))
    } else {
        at + 1
    };
    if source.byte(tag_end) != b'$' {
        return Some(Lexeme::one(TokenKind::Unknown, at));
    }
    let tag = source.slice(at, tag_end + 1);
    Some(Lexeme::until(TokenKind::String, source.behind(tag_end + 1, tag), source))
}
