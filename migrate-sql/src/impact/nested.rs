//! Statements within a statement: in the body of a `DO`, in a compound statement, in a text that is executed.

use crate::text::{Dialect, Token, TokenKind, tokens};

/// How deep texts are looked into: a body, a text that it executes, and one in that.
const DEEPEST: usize = 3;

/// The statements that can be seen in a piece of SQL, as texts.
pub(super) fn statements(sql: &str, dialect: Dialect) -> Vec<&str> {
    let mut found = Vec::new();
    search(sql, dialect, DEEPEST, &mut found);
    found
}

fn search<'a>(sql: &'a str, dialect: Dialect, depth: usize, found: &mut Vec<&'a str>) {
    let tokens: Vec<Token<'a>> =
        tokens(sql, dialect).filter(|token| token.kind() != TokenKind::Comment).collect();
    let mut previous: Option<&Token<'_>> = None;
    for (at, token) in tokens.iter().enumerate() {
        if previous.is_none_or(begins) && token.is_any_word(CHANGES) {
            let rest = tokens.get(at..).unwrap_or_default();
            let end = rest.iter().find(|token| token.is_mark(";")).map_or(sql.len(), Token::start);
            found.extend(sql.get(token.start()..end));
        }
        if let (Some(inside), 1..) = (token.inside(), depth) {
            search(inside, dialect, depth - 1, found);
        }
        previous = Some(token);
    }
}

/// The words with which a statement begins that may narrow something.
const CHANGES: &[&str] =
    &["ALTER", "CREATE", "DELETE", "DROP", "RENAME", "REPLACE", "TRUNCATE", "UPDATE"];

/// Whether a statement may begin behind it.
fn begins(token: &Token<'_>) -> bool {
    token.is_mark(";") || token.is_any_word(&["BEGIN", "DO", "ELSE", "LOOP", "REPEAT", "THEN"])
}
