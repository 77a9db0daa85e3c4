//! Statements that do not parse: only PostgreSQL's parser is complete enough to be believed.

use migrate_sql::{Dialect, Fault, SqlContext, Statement, Validator, split};

use crate::parse;

/// What keeps a text from being run, syntax errors among it; of each statement the most telling fault only.
///
/// # Examples
///
/// ```
/// use migrate_lint::validate;
/// use migrate_sql::{Dialect, SqlContext};
///
/// let faults = validate("DELETE users", SqlContext::new(Dialect::Postgres));
/// assert_eq!(faults[0].to_string(), "statement 1 does not parse: expected `FROM`, found `users`");
/// ```
pub fn validate(sql: &str, context: SqlContext) -> Vec<Fault> {
    let statements = match split(sql, context.dialect) {
        Ok(statements) => statements,
        Err(error) => return vec![Fault::Incomplete(error)],
    };
    let errors = errors(sql, &statements, context);
    let mut validator = Validator::new(context);
    let numbered = statements.iter().zip(1..);
    numbered
        .filter_map(|(statement, number)| {
            most_telling(validator.fault(statement, number), &errors, number)
        })
        .collect()
}

fn errors(sql: &str, statements: &[Statement<'_>], context: SqlContext) -> Vec<Fault> {
    if !context.parse || context.dialect != Dialect::Postgres {
        return Vec::new();
    }
    parse::postgres_errors(sql, statements)
        .into_iter()
        .map(|(statement, message, offset)| Fault::Syntax { statement, message, offset })
        .collect()
}

/// The more telling of a statement's other fault and its syntax error.
fn most_telling(other: Option<Fault>, errors: &[Fault], number: usize) -> Option<Fault> {
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

#[cfg(test)]
mod tests;
