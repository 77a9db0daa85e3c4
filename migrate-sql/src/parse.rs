//! What parsers say of a text.
//!
//! PostgreSQL's is complete enough to be believed: what it refuses is a [fault](crate::Fault::Syntax). Those of
//! the other dialects know less than the servers do, so what they cannot read is only [unknown]. No parser is
//! trusted with any text: one that is nested without end, or on which a parser panics, is unknown as well.

mod depth;
mod guard;
mod postgres;
mod sqlparser;

pub(crate) use self::postgres::errors as postgres_errors;
use crate::{Dialect, Statement, split};

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

/// What becomes of a statement in a parser.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Verdict {
    Parsed,
    /// It does not parse; where in the statement, and why.
    Refused {
        offset: usize,
        message: String,
    },
    /// It was not parsed to the end.
    Unread(&'static str),
}

const TOO_DEEP: &str = "it is nested too deeply to be parsed";
const PANICKED: &str = "the parser fails on it";

/// The statements that no parser could read; a text that cannot be split has none.
///
/// # Examples
///
/// ```
/// use migrate_sql::{Dialect, parse};
///
/// let unknown = parse::unknown("SELECT 1; HANDLER a OPEN", Dialect::Mysql);
/// assert_eq!(unknown[0].statement, 2);
/// assert_eq!(unknown[0].offset, 10);
/// assert_eq!(unknown[0].message, "expected an SQL statement, found `HANDLER`");
/// ```
pub fn unknown(sql: &str, dialect: Dialect) -> Vec<Unknown> {
    let statements = split(sql, dialect).unwrap_or_default();
    match dialect {
        Dialect::Postgres => unread(sql, &statements),
        Dialect::Mysql | Dialect::Sqlite => unparsed(&statements),
    }
}

fn unread(sql: &str, statements: &[Statement<'_>]) -> Vec<Unknown> {
    let verdicts = postgres::verdicts(sql, statements).into_iter().zip(statements).zip(1..);
    verdicts
        .filter_map(|((verdict, statement), number)| match verdict {
            Verdict::Unread(why) => Some(Unknown {
                statement: number,
                offset: statement.offset(),
                message: why.to_owned(),
            }),
            Verdict::Parsed | Verdict::Refused { .. } => None,
        })
        .collect()
}

fn unparsed(statements: &[Statement<'_>]) -> Vec<Unknown> {
    let unknown = |(statement, number): (&Statement<'_>, usize)| {
        let (offset, message) = match sqlparser::verdict(statement) {
            Verdict::Parsed => return None,
            Verdict::Refused { offset, message } => (offset, message),
            Verdict::Unread(why) => (0, why.to_owned()),
        };
        Some(Unknown { statement: number, offset: statement.offset() + offset, message })
    };
    statements.iter().zip(1..).filter_map(unknown).collect()
}

#[cfg(test)]
mod tests;
