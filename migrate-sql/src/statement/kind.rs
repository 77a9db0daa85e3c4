//! What kind of statement a statement is.

mod mysql;
mod postgres;
mod sqlite;
mod with;

use std::fmt::{self, Display, Formatter};

pub(crate) use self::with::With;
use crate::statement::{Reader, Statement};
use crate::text::{Dialect, TokenKind};

/// The kinds of statements, as far as a migration may hold them.
///
/// # Examples
///
/// ```
/// use migrate_sql::{StatementKind, Dialect, split};
///
/// let statements = split("CREATE TABLE a (b INT); UPDATE a SET b = 1", Dialect::Postgres)?;
/// assert_eq!(statements[0].kind(), StatementKind::Ddl);
/// assert_eq!(statements[1].kind(), StatementKind::Dml);
/// # Ok::<(), migrate_sql::SplitError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatementKind {
    /// It defines the schema, rights included: `CREATE`, `ALTER`, `DROP`, `GRANT`, `COMMENT` …
    Ddl,
    /// It changes rows: `INSERT`, `UPDATE`, `DELETE`, `MERGE`, `TRUNCATE`, `COPY … FROM` …
    Dml,
    /// It answers: `SELECT`, `VALUES`, `SHOW`, `EXPLAIN` …
    Query,
    /// It begins, ends or divides a transaction.
    TransactionControl,
    /// It sets something for the session, or for what is left of the transaction: `SET`, `USE`, `PRAGMA` …
    SessionSetting,
    /// It changes how data is stored and found, not what it says: `VACUUM`, `ANALYZE`, `REINDEX` …
    Maintenance,
    /// It runs code whose effect its words do not tell: `DO`, `CALL`, `EXECUTE`, compound statements.
    Routine,
    /// Its first word begins no statement of its dialect.
    Unknown,
}

impl StatementKind {
    pub(crate) fn of(statement: &Statement<'_>) -> Self {
        if statement.transaction_control().is_some() {
            return Self::TransactionControl;
        }
        let mut words = Reader::new(statement);
        if words.eat_mark("(") {
            while words.eat_mark("(") {}
            // Only queries stand in parentheses.
            let known = Self::first_words(statement.dialect());
            if first(&words.clone().keyword(), known) != Self::Query {
                return Self::Unknown;
            }
        }
        match statement.dialect() {
            Dialect::Postgres => postgres::class(words),
            Dialect::Mysql => mysql::class(words),
            Dialect::Sqlite => sqlite::class(words),
        }
    }

    /// The words with which a dialect's statements begin, and what they then are, unless more words tell.
    pub(crate) const fn first_words(dialect: Dialect) -> &'static [(&'static str, Self)] {
        match dialect {
            Dialect::Postgres => postgres::FIRST,
            Dialect::Mysql => mysql::FIRST,
            Dialect::Sqlite => sqlite::FIRST,
        }
    }

    /// The words used in messages and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ddl => "DDL",
            Self::Dml => "DML",
            Self::Query => "query",
            Self::TransactionControl => "transaction control",
            Self::SessionSetting => "session setting",
            Self::Maintenance => "maintenance",
            Self::Routine => "routine",
            Self::Unknown => "unknown",
        }
    }
}

impl Display for StatementKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What the first word says.
fn first(word: &str, words: &[(&str, StatementKind)]) -> StatementKind {
    let found = words.iter().find(|(known, _)| *known == word);
    found.map_or(StatementKind::Unknown, |(_, class)| *class)
}

/// Whether this word comes next or later, outside of parentheses and not as a name behind a dot or `AS`.
fn has_word(words: &mut Reader<'_>, wanted: &str) -> bool {
    let mut depth = 0_usize;
    let mut names = false;
    for token in words {
        match token.kind() {
            TokenKind::OpenParen => depth += 1,
            // The statement itself may stand in parentheses.
            TokenKind::CloseParen => depth = depth.saturating_sub(1),
            _ if depth == 0 && !names && token.is_word(wanted) => return true,
            _ => {}
        }
        names = token.is_mark(".") || token.is_word("AS");
    }
    false
}

#[cfg(test)]
mod tests;
