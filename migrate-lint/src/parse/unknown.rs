//! What no parser could read.

use super::{Judged, Verdict, judged, postgres, sqlparser};
use migrate_sql::{Dialect, split};

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

/// The statements that no parser could read; a text that cannot be split has none.
///
/// # Examples
///
/// ```
/// use migrate_lint::parse;
/// use migrate_sql::Dialect;
///
/// let unknown = parse::unknown("SELECT 1; HANDLER a OPEN", Dialect::Mysql);
/// assert_eq!(unknown[0].statement, 2);
/// assert_eq!(unknown[0].offset, 10);
/// assert_eq!(unknown[0].message, "expected an SQL statement, found `HANDLER`");
/// ```
pub fn unknown(sql: &str, dialect: Dialect) -> Vec<Unknown> {
    let statements = split(sql, dialect).unwrap_or_default();
    match dialect {
        Dialect::Postgres => {
            let verdicts = postgres::verdicts(sql, &statements);
            judged(&statements, verdicts).filter_map(unread).collect()
        }
        Dialect::Mysql | Dialect::Sqlite => {
            let verdicts = sqlparser::verdicts(&statements);
            judged(&statements, verdicts).filter_map(unparsed).collect()
        }
    }
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

fn unparsed(judged: Judged<'_, '_>) -> Option<Unknown> {
    match judged {
        (number, statement, Verdict::Refused { offset, message }) => {
            Some(Unknown { statement: number, offset: statement.offset() + offset, message })
        }
        other => unread(other),
    }
}
