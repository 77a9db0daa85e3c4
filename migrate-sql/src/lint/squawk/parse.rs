//! squawk's parser, kept from what would bring it down.

use std::panic::{AssertUnwindSafe, catch_unwind};

use squawk_syntax::{Parse, SourceFile};

use crate::{Dialect, TokenKind, tokens};

/// How deep the tree may get: half of what overflows the two megabytes of a thread's stack.
const DEEPEST: usize = 1_000;
/// What brackets count for: the parser calls itself several times for each.
const BRACKET: usize = 4;

/// Hands the parsed text on, if it parses. Comments are blanked: a waiver needs a reason, and squawk's need none.
pub(super) fn parsed<T>(sql: &str, read: impl FnOnce(&Parse<SourceFile>, &str) -> T) -> Option<T> {
    if !is_shallow(sql) {
        return None;
    }
    let text = without_comments(sql);
    // A parser's panic is a defect of its own; the text may be right nevertheless.
    catch_unwind(AssertUnwindSafe(|| {
        let file = SourceFile::parse(&text);
        file.errors().is_empty().then(|| read(&file, &text))
    }))
    .ok()
    .flatten()
}

/// Whether no tree of this text can be too deep: each token may put it one deeper, until a comma or an end.
fn is_shallow(sql: &str) -> bool {
    if u32::try_from(sql.len()).is_err() {
        return false;
    }
    let mut outside = Vec::new();
    let mut depth = 0_usize;
    tokens(sql, Dialect::Postgres).all(|token| {
        let base = || outside.last().map_or(0, |outside| outside + BRACKET);
        if token.is_mark("(") || token.is_mark("[") {
            outside.push(depth);
            depth += BRACKET;
        } else if token.is_mark(")") || token.is_mark("]") {
            depth = outside.pop().unwrap_or_default() + 1;
        } else if token.is_mark(",") || token.is_mark(";") {
            depth = base();
        } else if token.kind() != TokenKind::Comment {
            depth += 1;
        }
        depth <= DEEPEST
    })
}

/// The text with a space for each byte of a comment, so that every other byte stays where it is.
fn without_comments(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len());
    let mut copied = 0;
    for token in tokens(sql, Dialect::Postgres) {
        if token.kind() == TokenKind::Comment {
            text.push_str(sql.get(copied..token.start()).unwrap_or_default());
            text.extend(token.text().bytes().map(|_| ' '));
            copied = token.end();
        }
    }
    text.push_str(sql.get(copied..).unwrap_or_default());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_become_spaces() {
        assert_eq!(without_comments("a -- é\n/* b */'--'"), "a      \n       '--'");
    }

    #[test]
    fn what_is_too_deep_or_wrong_is_not_read() {
        let nested = |depth| format!("SELECT {}1{}", "(".repeat(depth), ")".repeat(depth));
        let read = |sql: &str| parsed(sql, |_, text| text.len());
        assert_eq!(read(&nested(50)), Some(108));
        assert_eq!(read(&nested(100_000)), None);
        assert_eq!(read(&format!("SELECT {}1", "NOT ".repeat(100_000))), None);
        assert_eq!(read(&format!("SELECT 1{}", " + 1".repeat(100_000))), None);
        assert_eq!(read("SELECT FROM FROM"), None);
    }

    #[test]
    fn what_is_just_not_too_deep_is_read() {
        let nots = format!("SELECT {}true", "NOT ".repeat(DEEPEST - 10));
        let sums = format!("SELECT 1{}", "+1".repeat(DEEPEST / 2 - 10));
        let deep = DEEPEST / BRACKET - 10;
        let nested = format!("SELECT {}1{}", "(".repeat(deep), ")".repeat(deep));
        let mixed = format!("SELECT {}1{}", "(NOT ".repeat(150), ")".repeat(150));
        let flat = format!("SELECT f(1){}; SELECT 1", ", a".repeat(100_000));
        for sql in [nots, sums, nested, mixed, flat] {
            assert!(parsed(&sql, |_, _| ()).is_some());
        }
    }
}
