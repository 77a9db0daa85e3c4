//! `WITH`: named queries before a statement.

use super::StatementKind;
use crate::statement::Reader;
use crate::text::TokenKind;

/// The statement behind the named queries, and whether one of those changes rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct With {
    /// The first word of the statement itself.
    pub(crate) statement: Option<&'static str>,
    /// The first word of the first named query that changes rows, as only PostgreSQL's may.
    pub(crate) change: Option<&'static str>,
}

impl With {
    /// Reads on behind `WITH`, up to and including the first word of the statement itself.
    pub(crate) fn read(words: &mut Reader<'_>) -> Self {
        let mut change = None;
        words.eat("RECURSIVE");
        loop {
            // The name, which may look like any word, and its columns.
            words.next();
            words.eat_group();
            words.eat("AS");
            words.eat("NOT");
            words.eat("MATERIALIZED");
            let inner = inner(words);
            change = change.or(inner.filter(|word| !matches!(*word, "SELECT" | "VALUES")));
            skip_search(words);
            if !words.eat_mark(",") {
                break;
            }
        }
        while words.eat_mark("(") {}
        let statement = words.next().and_then(|token| statement_word(token.text()));
        Self { statement, change }
    }

    /// The word that tells what the whole does.
    pub(crate) fn word(self) -> Option<&'static str> {
        self.change.or(self.statement)
    }

    pub(super) fn kind(self) -> StatementKind {
        match self.word() {
            Some("SELECT" | "VALUES" | "TABLE") | None => StatementKind::Query,
            Some(_) => StatementKind::Dml,
        }
    }
}

/// Takes the parentheses around a named query; the first word of the statement in it.
fn inner(words: &mut Reader<'_>) -> Option<&'static str> {
    if !words.eat_mark("(") {
        return None;
    }
    let mut found = None;
    let mut depth = 1_usize;
    for token in words.by_ref() {
        match token.kind() {
            TokenKind::OpenParen => depth += 1,
            TokenKind::CloseParen => depth -= 1,
            // The query may have named queries of its own, in their parentheses, before its own word.
            TokenKind::Word if depth == 1 && found.is_none() => {
                found = statement_word(token.text());
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    found
}

/// Takes PostgreSQL's `SEARCH … SET column` and `CYCLE … USING column`.
fn skip_search(words: &mut Reader<'_>) {
    if words.eat("SEARCH") {
        words.eat_until("SET");
        words.next();
    }
    if words.eat("CYCLE") {
        words.eat_until("USING");
        words.next();
    }
}

fn statement_word(text: &str) -> Option<&'static str> {
    const WORDS: &[&str] =
        &["DELETE", "INSERT", "MERGE", "REPLACE", "SELECT", "TABLE", "UPDATE", "VALUES"];
    WORDS.iter().find(|word| text.eq_ignore_ascii_case(word)).copied()
}
