//! What parsers say of a text.
//!
//! PostgreSQL's is complete enough to be believed: what it refuses is a [fault](migrate_sql::Fault::Syntax). Those of
//! the other dialects know less than the servers do, so what they cannot read is only unknown. No parser is
//! trusted with any text: one that is nested without end, or on which a parser panics, is unknown as well.

mod depth;
mod guard;
mod postgres;
#[cfg(feature = "parse-all")]
mod sqlparser;
mod unknown;

pub(crate) use self::postgres::{errors as postgres_errors, read_tree};
pub use self::unknown::{Unknown, unknown};
use migrate_sql::Statement;

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

#[cfg(all(test, feature = "parse-all"))]
mod laws;
#[cfg(all(test, feature = "parse-all"))]
mod tests;
