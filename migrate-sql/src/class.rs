//! What kind of statement a statement is.

use std::fmt::{self, Display, Formatter};

use crate::Statement;

/// The kinds of statements, as far as a migration may hold them.
///
/// # Examples
///
/// ```
/// use migrate_sql::{Class, Dialect, split};
///
/// let statements = split("CREATE TABLE a (b INT); UPDATE a SET b = 1", Dialect::Postgres)?;
/// assert_eq!(statements[0].class(), Class::Ddl);
/// assert_eq!(statements[1].class(), Class::Dml);
/// # Ok::<(), migrate_sql::SplitError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
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

impl Class {
    pub(crate) fn of(statement: &Statement<'_>) -> Self {
        let first = statement.tokens().next();
        let is = |words: &[&str]| first.is_some_and(|word| word.is_any_word(words));
        if is(&["CREATE", "ALTER", "DROP"]) {
            Self::Ddl
        } else if is(&["INSERT", "UPDATE", "DELETE"]) {
            Self::Dml
        } else {
            Self::Unknown
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

impl Display for Class {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
