//! How deeply a statement nests, before a parser is let at it.
//!
//! Parsers recurse, and some take quadratic time on what nests. No statement that people or tools write comes
//! near these limits.

use migrate_sql::{Dialect, Statement, Token, TokenKind, tokens};

/// How many parentheses and brackets may be open.
const NESTED: usize = 100;

/// How many signs, casts, dots and `NOT`s may apply to one operand.
const APPLIED: usize = 100;

/// How many tokens may stand between commas: each of a chain, as of `a + b + c …`, may be nested in the next.
const CHAINED: usize = 100_000;

/// Whether a parser might not survive the statement, or take its time.
pub(super) fn is_too_deep(statement: &Statement<'_>) -> bool {
    if is_text_too_deep(statement.tokens()) {
        return true;
    }
    // The parser also reads the bodies of functions in SQL.
    statement.dialect() == Dialect::Postgres
        && statement
            .tokens()
            .filter(|token| token.kind() == TokenKind::String)
            .any(|token| is_body_too_deep(&token))
}

fn is_body_too_deep(string: &Token<'_>) -> bool {
    let literal = string.text();
    // An escape can stand for anything.
    literal.bytes().filter(|byte| *byte == b'\\').count() > NESTED && !literal.starts_with('$')
        || is_text_too_deep(tokens(string.inside().unwrap_or(literal), Dialect::Postgres))
}

/// One pair of parentheses, or what is outside of all.
#[derive(Clone, Copy, Default)]
struct Level {
    /// The tokens since the last comma.
    chained: usize,
    /// The signs and the like since the last operand.
    applied: usize,
}

fn is_text_too_deep<'a>(tokens: impl Iterator<Item = Token<'a>>) -> bool {
    let mut levels = vec![Level::default()];
    let mut chained = 0_usize;
    let mut previous: Option<Token<'a>> = None;
    for token in tokens {
        let closed = token.is_mark(")") || token.is_mark("]");
        if closed && levels.len() > 1 {
            chained -= levels.pop().map_or(0, |level| level.chained);
        }
        let Some(level) = levels.last_mut() else { return false };
        if token.is_mark(",") {
            chained -= level.chained;
            *level = Level::default();
        } else {
            level.chained += 1;
            chained += 1;
            level.applied = applied(level.applied, &token, previous.as_ref());
        }
        if level.applied > APPLIED || chained > CHAINED {
            return true;
        }
        if token.is_mark("(") || token.is_mark("[") {
            levels.push(Level::default());
        }
        if levels.len() > NESTED {
            return true;
        }
        previous = Some(token);
    }
    false
}

/// Counts what applies to the operand that comes next, or came last.
fn applied(before: usize, token: &Token<'_>, previous: Option<&Token<'_>>) -> usize {
    let behind = |marks: &[&str]| {
        previous.is_some_and(|previous| marks.iter().any(|mark| previous.is_mark(mark)))
    };
    match token.kind() {
        TokenKind::Operator => before + 1,
        TokenKind::Punctuation if token.is_mark(".") => before + 1,
        TokenKind::OpenParen if behind(&[")"]) => before + 1,
        TokenKind::Word if token.is_any_word(&["NOT", "EXPLAIN"]) => before + 1,
        // The name of a column or type goes on with its operand.
        _ if behind(&[".", "::"]) => before,
        TokenKind::Punctuation
        | TokenKind::OpenParen
        | TokenKind::CloseParen
        | TokenKind::Comment => before,
        _ => 0,
    }
}
