//! MySQL's user variables and settings, as they are written.

use super::SessionState;
use crate::text::{Token, TokenKind};

/// What a token with an `@` stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sigil {
    /// `@name`
    Variable(String),
    /// `@@name`, `@@session.name`
    Session(String),
    /// `@@global.name`, `@@persist.name`
    Global,
}

impl Sigil {
    pub(super) fn of(token: &Token<'_>) -> Option<Self> {
        if token.kind() != TokenKind::Parameter {
            return None;
        }
        let text = token.text().to_lowercase();
        let Some(setting) = text.strip_prefix("@@") else {
            return text.strip_prefix('@').map(|name| Self::Variable(name.to_owned()));
        };
        Some(match setting.split_once('.') {
            Some(("global" | "persist" | "persist_only", _)) => Self::Global,
            Some(("session" | "local", name)) => Self::Session(name.to_owned()),
            Some(_) | None => Self::Session(setting.to_owned()),
        })
    }

    /// The variable or setting that begins with a bare `@` or `@@` and goes on in quotes.
    pub(super) fn quoted(sign: &Token<'_>, name: &Token<'_>) -> Option<Self> {
        if sign.end() != name.start() || sign.text() != "@" {
            return None;
        }
        let quoted = matches!(name.kind(), TokenKind::QuotedIdentifier | TokenKind::String);
        quoted.then(|| Self::Variable(unquoted(name.text()).to_lowercase()))
    }
}

/// What tells of other statements, or changes by itself.
pub(super) fn restless(setting: &str) -> Option<SessionState> {
    match setting {
        "identity" | "insert_id" | "last_insert_id" => Some(SessionState::Generated),
        "error_count" | "warning_count" => Some(SessionState::Counted),
        _ => None,
    }
}

/// A name without its quotes.
pub(super) fn unquoted(text: &str) -> String {
    for quote in ['`', '"', '\''] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return inner.replace(&format!("{quote}{quote}"), &quote.to_string());
        }
    }
    let brackets = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    brackets.unwrap_or(text).to_owned()
}
