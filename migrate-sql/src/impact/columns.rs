//! Columns of a table, as far as a text tells them.

use std::collections::BTreeSet;

use super::relation::folded;
use crate::ddl::Ident;
use crate::text::{Dialect, Token, TokenKind, tokens};

/// Some columns of a table, or all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Columns {
    All,
    These(BTreeSet<String>),
}

impl Columns {
    pub(super) fn one(name: &Ident<'_>) -> Self {
        Self::These(BTreeSet::from([folded(name)]))
    }

    /// The columns among the names in a piece of SQL.
    pub(super) fn named_in(sql: &str, dialect: Dialect) -> Self {
        Self::These(names(&tokens(sql, dialect).collect::<Vec<_>>(), dialect))
    }

    pub(super) fn overlap(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All, _) | (_, Self::All) => true,
            (Self::These(one), Self::These(other)) => !one.is_disjoint(other),
        }
    }
}

/// All that may be a name among the tokens.
pub(super) fn names(tokens: &[Token<'_>], dialect: Dialect) -> BTreeSet<String> {
    tokens
        .iter()
        .filter(|token| matches!(token.kind(), TokenKind::Word | TokenKind::QuotedIdentifier))
        .filter_map(|token| Ident::of(token, dialect))
        .map(|ident| folded(&ident))
        .collect()
}
