//! `SET`, assignment by assignment.

use super::super::variables::{Sigil, restless, unquoted};
use super::{Draft, SessionState, Source, setting, variable};
use crate::statement::Reader;
use crate::text::{Token, TokenKind};

/// Reads what stands behind `SET`.
pub(super) fn assignments(words: &mut Reader<'_>) -> Draft {
    let mut draft = Draft::sole();
    loop {
        assignment(words, &mut draft);
        if !words.eat_mark(",") {
            return draft;
        }
    }
}

/// Where an assigned value goes.
enum Target {
    /// Its value can be asked for.
    Of(SessionState),
    /// What has no variable of its own.
    Fixed(SessionState),
    /// Not into the session.
    Elsewhere,
}

fn assignment(words: &mut Reader<'_>, draft: &mut Draft) {
    let Some(target) = target(words) else {
        draft.sole = false;
        return skip(words);
    };
    let is_setting = matches!(target, Target::Of(SessionState::Setting(_)));
    let source = value(words, draft, is_setting);
    match target {
        // It is used up by the next statement that generates a key.
        Target::Of(SessionState::Setting(name)) if restless(&name).is_some() => {
            draft.set(SessionState::Setting(name), Source::Lost);
        }
        Target::Of(state) => draft.set(state, source),
        Target::Fixed(state) => draft.set(state, Source::Text),
        Target::Elsewhere => draft.sole = false,
    }
}

/// The settings that `SET` names in words of their own: several at once, or such as have no variable.
const WORDS: [(&[&str], &str); 7] = [
    (&["NAMES"], "names"),
    (&["CHARACTER", "SET"], "names"),
    (&["CHARSET"], "names"),
    (&["ROLE"], "role"),
    (&["RESOURCE", "GROUP"], "resource group"),
    (&["SESSION", "TRANSACTION"], "transaction"),
    (&["LOCAL", "TRANSACTION"], "transaction"),
];

fn target(words: &mut Reader<'_>) -> Option<Target> {
    let elsewhere = ["GLOBAL", "PERSIST", "PERSIST_ONLY", "PASSWORD", "DEFAULT", "TRANSACTION"];
    if words.eat_any(&elsewhere) {
        return Some(Target::Elsewhere);
    }
    for (these, name) in WORDS {
        // `names = …` would be a variable's.
        let mut ahead = words.clone();
        if ahead.eat_all(these) && !ahead.eat_mark("=") && !ahead.eat_mark(":=") {
            *words = ahead;
            return Some(Target::Fixed(setting(name)));
        }
    }
    words.eat_any(&["SESSION", "LOCAL"]);
    let token = words.next()?;
    let target = match Sigil::of(&token) {
        Some(Sigil::Session(name)) => Target::Of(setting(&name)),
        Some(Sigil::Global) => Target::Elsewhere,
        Some(Sigil::Variable(name)) => Target::Of(SessionState::Variable(name)),
        None => named(&token, words)?,
    };
    (words.eat_mark("=") || words.eat_mark(":=")).then_some(target)
}

/// A target without a sign, or with its name in quotes.
fn named(token: &Token<'_>, words: &mut Reader<'_>) -> Option<Target> {
    if let Some(name) = variable(token, words) {
        return Some(Target::Of(SessionState::Variable(name)));
    }
    if !matches!(token.kind(), TokenKind::Word | TokenKind::QuotedIdentifier) {
        return None;
    }
    let mut name = unquoted(token.text()).to_lowercase();
    while words.eat_mark(".") {
        name = format!("{name}.{}", unquoted(words.next()?.text()).to_lowercase());
    }
    Some(Target::Of(setting(&name)))
}

/// Reads a value, up to what ends it, and tells where it comes from.
fn value(words: &mut Reader<'_>, draft: &mut Draft, is_setting: bool) -> Source {
    let computed = if is_setting { Source::Server } else { Source::Lost };
    let mut source = Source::Text;
    let mut worse = |new: Source| {
        if source != Source::Lost && new != Source::Text {
            source = new;
        }
    };
    let mut depth = 0_usize;
    while let Some(token) = words.peek() {
        match token.kind() {
            TokenKind::Terminator => break,
            TokenKind::Punctuation if depth == 0 && token.is_mark(",") => break,
            TokenKind::OpenParen => depth += 1,
            TokenKind::CloseParen => depth = depth.saturating_sub(1),
            _ => {}
        }
        words.next();
        if let Some(name) = variable(&token, words) {
            draft.need(SessionState::Variable(name));
            continue;
        }
        let called = words.peek().is_some_and(|next| next.is_mark("("));
        match Sigil::of(&token) {
            Some(Sigil::Session(name)) => match restless(&name) {
                Some(state) => {
                    draft.need(state);
                    worse(computed);
                }
                None => worse(Source::Server),
            },
            Some(Sigil::Global) => worse(Source::Server),
            Some(Sigil::Variable(_)) | None if token.is_word("DEFAULT") => worse(Source::Server),
            Some(Sigil::Variable(_)) | None if is_computed(&token, called) => worse(computed),
            Some(Sigil::Variable(_)) | None => {}
        }
    }
    source
}

/// Functions that give the same for the same, whatever the database holds and whenever they are asked.
const PURE: &[&str] = &[
    "ABS",
    "BINARY",
    "CAST",
    "CEIL",
    "CEILING",
    "CHAR",
    "CHAR_LENGTH",
    "COALESCE",
    "CONCAT",
    "CONCAT_WS",
    "CONVERT",
    "FLOOR",
    "GREATEST",
    "HEX",
    "IF",
    "IFNULL",
    "IN",
    "LCASE",
    "LEAST",
    "LEFT",
    "LENGTH",
    "LOWER",
    "LPAD",
    "LTRIM",
    "MOD",
    "NULLIF",
    "REPLACE",
    "RIGHT",
    "ROUND",
    "RPAD",
    "RTRIM",
    "SUBSTR",
    "SUBSTRING",
    "TRIM",
    "UCASE",
    "UNHEX",
    "UPPER",
];

/// Words that ask for the time, a row or a person, without parentheses.
const ASKING: &[&str] = &[
    "CURRENT_DATE",
    "CURRENT_ROLE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "CURRENT_USER",
    "EXISTS",
    "LASTVAL",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "NEXT",
    "NEXTVAL",
    "PREVIOUS",
    "SELECT",
    "TABLE",
    "UTC_DATE",
    "UTC_TIME",
    "UTC_TIMESTAMP",
    "VALUES",
    "WITH",
];

fn is_computed(token: &Token<'_>, called: bool) -> bool {
    const OPERATORS: &[&str] =
        &["AND", "OR", "NOT", "THEN", "ELSE", "WHEN", "DIV", "LIKE", "IS", "XOR"];
    let named = matches!(token.kind(), TokenKind::Word | TokenKind::QuotedIdentifier);
    let calls = called && named && !token.is_any_word(PURE) && !token.is_any_word(OPERATORS);
    calls || token.is_any_word(ASKING)
}

/// Goes to the end of an assignment.
fn skip(words: &mut Reader<'_>) {
    let mut depth = 0_usize;
    while let Some(token) = words.peek() {
        match token.kind() {
            TokenKind::Terminator => return,
            TokenKind::Punctuation if depth == 0 && token.is_mark(",") => return,
            TokenKind::OpenParen => depth += 1,
            TokenKind::CloseParen => depth = depth.saturating_sub(1),
            _ => {}
        }
        words.next();
    }
}
