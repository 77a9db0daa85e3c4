//! Statements that do not parse: only PostgreSQL's parser is complete enough to be believed.

use super::Fault;
use crate::{Statement, Subject};

#[cfg(feature = "lint")]
pub(super) fn errors(sql: &str, statements: &[Statement<'_>], subject: Subject) -> Vec<Fault> {
    use crate::{Dialect, parse};

    if !subject.parse || subject.dialect != Dialect::Postgres {
        return Vec::new();
    }
    parse::postgres_errors(sql, statements)
        .into_iter()
        .map(|(statement, message, offset)| Fault::Syntax { statement, message, offset })
        .collect()
}

#[cfg(not(feature = "lint"))]
pub(super) fn errors(_: &str, _: &[Statement<'_>], _: Subject) -> Vec<Fault> {
    Vec::new()
}

/// The more telling of a statement's other fault and its syntax error.
pub(super) fn before(other: Option<Fault>, errors: &[Fault], number: usize) -> Option<Fault> {
    match other {
        None | Some(Fault::Mixed { .. } | Fault::NeedsNoTransaction { .. }) => {
            error(errors, number).or(other)
        }
        Some(_) => other,
    }
}

/// The error of this statement.
fn error(errors: &[Fault], number: usize) -> Option<Fault> {
    let found = errors.binary_search_by_key(&number, |error| error.statement().unwrap_or(0));
    found.ok().and_then(|at| errors.get(at)).cloned()
}
