//! Comments, and what only looks like them.

use super::source::{Lexeme, Source};
use crate::text::{Dialect, TokenKind};

/// `-- …` and, where the caller knows it for a comment, `# …`.
pub(super) fn line(source: Source<'_>, at: usize, dialect: Dialect) -> Option<Lexeme> {
    let behind_dashes = source.byte(at + 2);
    let begins = match (source.byte(at), dialect) {
        (b'#', _) => true,
        _ if source.byte(at + 1) != b'-' => false,
        // `1--1` is a sum in MySQL. Behind the end of the text reads as NUL, a control character.
        (_, Dialect::Mysql) => behind_dashes == b' ' || behind_dashes.is_ascii_control(),
        (_, Dialect::Postgres | Dialect::Sqlite) => true,
    };
    let ends = |byte: u8| byte == b'\n' || (byte == b'\r' && dialect == Dialect::Postgres);
    begins.then(|| Lexeme::new(TokenKind::Comment, source.end_of(at, |byte| !ends(byte))))
}

/// `/* … */`, hints, and the beginning of a conditional comment.
pub(super) fn block(source: Source<'_>, at: usize, dialect: Dialect) -> Option<Lexeme> {
    if source.byte(at + 1) != b'*' {
        return None;
    }
    if dialect == Dialect::Mysql
        && let Some(end) = conditional_open(source, at)
    {
        return Some(Lexeme::new(TokenKind::ConditionalOpen, end));
    }
    let kind = if source.byte(at + 2) == b'+' { TokenKind::Hint } else { TokenKind::Comment };
    let end = match dialect {
        Dialect::Postgres => nested_end(source, at),
        Dialect::Mysql | Dialect::Sqlite => source.behind(at + 2, "*/"),
    };
    Some(Lexeme::until(kind, end, source))
}

pub(super) fn conditional_close(source: Source<'_>, at: usize) -> Option<Lexeme> {
    (source.byte(at + 1) == b'/').then(|| Lexeme::new(TokenKind::ConditionalClose, at + 2))
}

/// The end of `/*!` or `/*M!` and of the version behind it, which has five or six digits.
fn conditional_open(source: Source<'_>, at: usize) -> Option<usize> {
    let mark = if source.byte(at + 2) == b'M' { at + 3 } else { at + 2 };
    if source.byte(mark) != b'!' {
        return None;
    }
    let version = mark + 1;
    let digits = (version..version + 6).take_while(|at| source.byte(*at).is_ascii_digit()).count();
    Some(if digits < 5 { version } else { version + digits })
}

fn nested_end(source: Source<'_>, open: usize) -> Option<usize> {
    let mut depth = 1_usize;
    let mut at = open + 2;
    while at < source.len() {
        match (source.byte(at), source.byte(at + 1)) {
            (b'/', b'*') => depth += 1,
            (b'*', b'/') if depth == 1 => return Some(at + 2),
            (b'*', b'/') => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
    }
    None
}
