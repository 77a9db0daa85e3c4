//! Whether a statement mentions something.

use super::title::{self, Title};
use crate::ddl::Ident;
use crate::text::{Dialect, Token, TokenKind, tokens};

/// What a statement would have to say to mean something, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Names {
    These(Vec<String>),
    /// An extension's objects, an operator and a cast are meant without their names.
    Unknown,
}

impl Names {
    pub(super) fn of(title: &Title) -> Self {
        Self::These(vec![title.simple()])
    }

    /// Whether this is one of them.
    pub(super) fn hold(&self, name: &str) -> bool {
        match self {
            Self::These(names) => names.iter().any(|own| own == name),
            Self::Unknown => false,
        }
    }
}

/// Whether an expression takes the column's value: its name is there, and neither a function's nor a type's.
pub(super) fn uses_column(expression: &str, column: &str, dialect: Dialect) -> bool {
    let tokens: Vec<Token<'_>> = code(expression, dialect).collect();
    tokens.iter().enumerate().any(|(at, token)| {
        let next = tokens.get(at + 1);
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        is_column(token, column, dialect)
            && !next.is_some_and(|next| next.is_mark("(") || next.kind() == TokenKind::String)
            && !before.is_some_and(|before| before.is_mark("::") || before.is_word("AS"))
    })
}

/// The columns in the first parentheses, if nothing but columns stands there.
pub(super) fn columns(text: &str, dialect: Dialect) -> Option<Vec<String>> {
    let mut tokens = code(text, dialect).skip_while(|token| !token.is_mark("("));
    let mut columns = Vec::new();
    loop {
        let _ = tokens.next()?; // the parenthesis or a comma
        columns.push(title::part(Ident::of(&tokens.next()?, dialect)?));
        let mut peeked = tokens.clone();
        if peeked.next()?.is_any_word(&["ASC", "DESC"]) {
            tokens.next();
        }
        let mark = tokens.clone().next()?;
        if mark.is_mark(")") {
            return Some(columns);
        }
        if !mark.is_mark(",") {
            return None;
        }
    }
}

/// The tokens that a server executes.
pub(super) fn code(text: &str, dialect: Dialect) -> impl Iterator<Item = Token<'_>> + Clone {
    tokens(text, dialect)
        .filter(|token| !matches!(token.kind(), TokenKind::Comment | TokenKind::Hint))
}

fn is_column(token: &Token<'_>, column: &str, dialect: Dialect) -> bool {
    matches!(token.kind(), TokenKind::Word | TokenKind::QuotedIdentifier)
        && Ident::of(token, dialect).is_some_and(|ident| title::part(ident) == column)
}
