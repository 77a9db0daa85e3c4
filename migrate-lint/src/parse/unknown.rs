//! What no parser could read.

#[cfg(feature = "parse-all")]
use super::sqlparser;
use super::{Judged, Verdict, judged, postgres};
use migrate_sql::{Dialect, Statement, split};

/// A statement that was not parsed, so that nothing more than its tokens was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unknown {
    /// The statement, from 1.
    pub statement: usize,
    /// Byte offset in the text at which the parser stopped.
    pub offset: usize,
    /// What it says.
    pub message: String,
}

/// The statements that no parser could read; a text that cannot be split has none. MySQL and SQLite are parsed with the
/// feature `parse-all` only: without it nothing is unknown there.
///
/// # Examples
///
/// ```
/// use migrate_lint::parse;
/// use migrate_sql::Dialect;
///
/// let unknown = parse::unknown("SELECT 1; SET NAMES 'utf8'", Dialect::Postgres);
/// assert_eq!(unknown[0].statement, 2);
/// assert_eq!(unknown[0].offset, 10);
/// assert_eq!(unknown[0].message, "the parser does not know it");
/// ```
pub fn unknown(sql: &str, dialect: Dialect) -> Vec<Unknown> {
    let statements = split(sql, dialect).unwrap_or_default();
    match dialect {
        Dialect::Postgres => {
            let verdicts = postgres::verdicts(sql, &statements);
            judged(&statements, verdicts).filter_map(unread).collect()
        }
        Dialect::Mysql | Dialect::Sqlite => by_sqlparser(&statements),
    }
}

#[cfg(feature = "parse-all")]
fn by_sqlparser(statements: &[Statement<'_>]) -> Vec<Unknown> {
    judged(statements, sqlparser::verdicts(statements)).filter_map(unparsed).collect()
}

#[cfg(not(feature = "parse-all"))]
fn by_sqlparser(_: &[Statement<'_>]) -> Vec<Unknown> {
    Vec::new()
}

/// What PostgreSQL's parser refuses is a fault, and so not unknown.
fn unread((number, statement, verdict): Judged<'_, '_>) -> Option<Unknown> {
    match verdict {
        Verdict::Unread(why) => {
            Some(Unknown { statement: number, offset: statement.offset(), message: why.to_owned() })
        }
        Verdict::Parsed | Verdict::Refused { .. } => None,
    }
}

#[cfg(feature = "parse-all")]
fn unparsed(judged: Judged<'_, '_>) -> Option<Unknown> {
    match judged {
        (number, statement, Verdict::Refused { offset, message }) => {
            Some(Unknown { statement: number, offset: statement.offset() + offset, message })
        }
        other => unread(other),
    }
}
