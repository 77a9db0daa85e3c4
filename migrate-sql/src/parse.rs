//! What parsers say of a text.
//!
//! PostgreSQL's is complete enough to be believed: what it refuses is a [fault](crate::Fault::Syntax). Those of
//! the other dialects know less than the servers do, so what they cannot read is only [unknown]. No parser is
//! trusted with any text: one that is nested without end, or on which a parser panics, is unknown as well.

mod depth;
mod guard;
mod postgres;
mod sqlparser;

pub(crate) use self::postgres::{errors as postgres_errors, read_tree};
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

/// A statement's number, the statement, and what becomes of it.
type Judged<'s, 'a> = (usize, &'s Statement<'a>, Verdict);

fn judged<'s, 'a>(
    statements: &'s [Statement<'a>],
    verdicts: Vec<Verdict>,
) -> impl Iterator<Item = Judged<'s, 'a>> {
    (1..)
        .zip(statements)
        .zip(verdicts)
        .map(|((number, statement), verdict)| (number, statement, verdict))
}

const TOO_DEEP: &str = "it is nested too deeply to be parsed";
const PANICKED: &str = "the parser fails on it";
const GAP: &str = "the parser does not know it";

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

#[cfg(test)]
mod tests;
