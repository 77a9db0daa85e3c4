//! `set_config(name, value, is_local)`, wherever it is called.

use super::{Draft, SessionState, Source, is_set_config};
use crate::statement::Reader;
use crate::text::{Token, TokenKind};

/// The settings that calls of the function set for the session.
pub(super) fn configured(mut words: Reader<'_>) -> Draft {
    let mut draft = Draft::default();
    while let Some(token) = words.next() {
        if !is_set_config(token) || !words.eat_mark("(") {
            continue;
        }
        let name = argument(&mut words);
        argument(&mut words);
        let is_local = argument(&mut words);
        let is_for_transaction = matches!(is_local.as_slice(), [only]
            if only.is_word("TRUE") || literal(only).is_some_and(|text| "true".starts_with(&text.to_lowercase())));
        if is_for_transaction {
            continue;
        }
        match name.as_slice() {
            [only] if literal(only).is_some() => {
                let name = literal(only).unwrap_or_default().to_lowercase();
                draft.set(SessionState::Setting(name), Source::Text);
            }
            _ => draft.set(SessionState::Settings, Source::Lost),
        }
    }
    draft
}

/// Whether a query does nothing but call the function with literals.
pub(super) fn is_configuring(mut words: Reader<'_>) -> bool {
    words.next();
    loop {
        words.eat_all(&["PG_CATALOG"]);
        words.eat_mark(".");
        if !words.next().is_some_and(is_set_config) || !words.eat_mark("(") {
            return false;
        }
        for _ in 0..3 {
            match argument(&mut words).as_slice() {
                [only] if is_constant(only) => {}
                _ => return false,
            }
        }
        if words.eat("AS") {
            words.next();
        }
        if words.is_at_end() {
            return true;
        }
        if !words.eat_mark(",") {
            return false;
        }
    }
}

/// The tokens of an argument; what ends it is taken, too.
fn argument<'a>(words: &mut Reader<'a>) -> Vec<Token<'a>> {
    let mut tokens = Vec::new();
    let mut depth = 0_usize;
    for token in words {
        match token.kind() {
            TokenKind::CloseParen if depth == 0 => break,
            TokenKind::Punctuation if depth == 0 && token.is_mark(",") => break,
            TokenKind::OpenParen => depth += 1,
            TokenKind::CloseParen => depth = depth.saturating_sub(1),
            _ => {}
        }
        tokens.push(token);
    }
    tokens
}

/// What stands in a string without escapes.
fn literal<'a>(token: &Token<'a>) -> Option<&'a str> {
    token.inside().filter(|text| !text.contains(['\\', '\'']))
}

fn is_constant(token: &Token<'_>) -> bool {
    matches!(token.kind(), TokenKind::String | TokenKind::Number)
        || token.is_any_word(&["TRUE", "FALSE", "NULL"])
}
