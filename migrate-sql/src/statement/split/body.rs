//! Bodies: statements inside a statement, where a `;` ends only the inner ones.

use super::{mysql, postgres, sqlite};
use crate::text::{Dialect, Token};

/// Follows a statement token by token and knows whether one of its bodies is open.
pub(super) enum Body {
    Postgres(postgres::Body),
    Mysql(mysql::Body),
    Sqlite(sqlite::Body),
}

impl Body {
    pub(super) fn new(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Postgres => Self::Postgres(postgres::Body::default()),
            Dialect::Mysql => Self::Mysql(mysql::Body::default()),
            Dialect::Sqlite => Self::Sqlite(sqlite::Body::default()),
        }
    }

    /// Takes the next token of code; `parens` counts PostgreSQL's open parentheses.
    pub(super) fn take(&mut self, token: &Token<'_>, parens: usize) {
        match self {
            Self::Postgres(body) => body.take(token, parens),
            Self::Mysql(body) => body.take(token),
            Self::Sqlite(body) => body.take(token),
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.open_since().is_some()
    }

    /// Whether a body has begun, be it closed again.
    pub(super) fn has_body(&self) -> bool {
        match self {
            Self::Postgres(_) | Self::Sqlite(_) => self.is_open(),
            Self::Mysql(body) => body.has_body(),
        }
    }

    /// Where the innermost open block began.
    pub(super) fn open_since(&self) -> Option<usize> {
        match self {
            Self::Postgres(body) => body.open_since(),
            Self::Mysql(body) => body.open_since(),
            Self::Sqlite(body) => body.open_since(),
        }
    }
}
