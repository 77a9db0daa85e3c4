//! Statements that change the session, or take the connection over.

use super::{Reader, Statement, transaction};
use crate::text::{Dialect, Token, TokenKind};

pub(super) fn postgres(mut words: Reader<'_>) -> bool {
    match words.keyword().as_str() {
        "SET" => !words.eat_any(&["CONSTRAINTS", "LOCAL", "TRANSACTION"]),
        "RESET" | "DISCARD" => true,
        "DO" => words.any(block_sets),
        _ => words.any(is_set_config),
    }
}

pub(super) fn mysql(mut words: Reader<'_>) -> bool {
    if transaction::is_compound(words.clone()) {
        return words.any_inner(|inner| mysql_single(inner).then_some(())).is_some();
    }
    mysql_single(&mut words)
}

pub(super) fn sqlite(mut words: Reader<'_>) -> bool {
    matches!(words.keyword().as_str(), "ATTACH" | "DETACH" | "PRAGMA")
}

/// Whether a PostgreSQL `COPY` reads from the client; a query in its parentheses reads from tables.
pub(super) fn copies_from_stdin(statement: &Statement<'_>) -> bool {
    if statement.dialect() != Dialect::Postgres {
        return false;
    }
    let mut words = Reader::new(statement);
    if !words.eat("COPY") {
        return false;
    }
    words.eat_group();
    while !words.is_at_end() {
        if words.eat("FROM") {
            return words.eat("STDIN");
        }
        words.next();
        words.eat_group();
    }
    false
}

/// `SET TRANSACTION` without a scope is about the next transaction only; passwords and roles are stored.
fn mysql_single(words: &mut Reader<'_>) -> bool {
    match words.keyword().as_str() {
        "SET" => !words.eat_any(&["DEFAULT", "PASSWORD", "STATEMENT", "TRANSACTION"]),
        "USE" => true,
        _ => false,
    }
}

pub(crate) fn is_set_config(token: Token<'_>) -> bool {
    let name = token.text();
    match token.kind() {
        TokenKind::Word => name.eq_ignore_ascii_case("set_config"),
        TokenKind::QuotedIdentifier => name == "\"set_config\"",
        _ => false,
    }
}

/// Whether the text of a `DO` block sets something; the block is read as if it were SQL.
fn block_sets(token: Token<'_>) -> bool {
    let Some(body) = token.inside() else { return false };
    let words = Reader::of(body, Dialect::Postgres);
    words.clone().any(is_set_config)
        || words
            .any_inner(|inner| {
                let sets = inner.eat("RESET")
                    || (inner.eat("SET")
                        && !inner.eat_any(&["CONSTRAINTS", "LOCAL", "TRANSACTION"]));
                sets.then_some(())
            })
            .is_some()
}
