//! Why a migration cannot run a text.

mod similar;
mod validator;

use thiserror::Error;

pub use self::validator::Validator;
use crate::migration::{Kind, SqlContext};
use crate::statement::{SplitError, StatementKind, split};

/// Something in a migration's text that makes it fail, or that its migration must not hold.
///
/// `statement` counts from 1, `offset` is the byte in the text at which the fault begins.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Fault {
    /// The text ends inside a literal, a comment or a body, or is no SQL at all.
    #[error("{0}")]
    Incomplete(SplitError),
    /// A statement begins or ends a transaction, which is the framework's to do.
    #[error(
        "statement {statement} is `{words}`, but transactions are begun and ended around the migration"
    )]
    TransactionControl {
        /// The statement.
        statement: usize,
        /// Its first words.
        words: &'static str,
        /// Where it begins.
        offset: usize,
    },
    /// A statement wants rows from a client that is not there.
    #[error(
        "statement {statement} is `COPY … FROM STDIN`, which needs a client that sends the rows"
    )]
    CopyFromStdin {
        /// The statement.
        statement: usize,
        /// Where it begins.
        offset: usize,
    },
    /// A statement cannot run in the transaction that is begun around the migration.
    #[error("statement {statement} is `{words}`, which cannot run in a transaction")]
    NeedsNoTransaction {
        /// The statement.
        statement: usize,
        /// What of it cannot.
        words: &'static str,
        /// Where it begins.
        offset: usize,
    },
    /// A statement of DDL in a data migration, or of DML in a schema migration.
    #[error("statement {statement} is {class}, `{words}`, in a {kind} migration")]
    Mixed {
        /// The statement.
        statement: usize,
        /// Its first words.
        words: String,
        /// What it is.
        class: StatementKind,
        /// What the migration is.
        kind: Kind,
        /// Where it begins.
        offset: usize,
    },
    /// A statement begins with a word that begins none.
    #[error("statement {statement} begins with `{word}`, which is no statement")]
    UnknownWord {
        /// The statement.
        statement: usize,
        /// The word.
        word: String,
        /// The word that is nearest, if one is.
        similar: Option<&'static str>,
        /// Where it begins.
        offset: usize,
    },
    /// A statement does not parse.
    #[error("statement {statement} does not parse: {message}")]
    Syntax {
        /// The statement.
        statement: usize,
        /// What the parser says.
        message: String,
        /// Where it says so.
        offset: usize,
    },
}

impl Fault {
    /// Byte offset in the text at which the fault begins.
    pub const fn offset(&self) -> usize {
        match self {
            Self::Incomplete(error) => error.offset(),
            Self::TransactionControl { offset, .. }
            | Self::CopyFromStdin { offset, .. }
            | Self::NeedsNoTransaction { offset, .. }
            | Self::Mixed { offset, .. }
            | Self::UnknownWord { offset, .. }
            | Self::Syntax { offset, .. } => *offset,
        }
    }

    /// The statement's number, from 1; nothing where the text has no statements.
    pub const fn statement(&self) -> Option<usize> {
        match self {
            Self::Incomplete(_) => None,
            Self::TransactionControl { statement, .. }
            | Self::CopyFromStdin { statement, .. }
            | Self::NeedsNoTransaction { statement, .. }
            | Self::Mixed { statement, .. }
            | Self::UnknownWord { statement, .. }
            | Self::Syntax { statement, .. } => Some(*statement),
        }
    }

    /// The name by which findings, JSON and `waive(…)` call it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Incomplete(_) => "incomplete",
            Self::TransactionControl { .. } => "transaction-control",
            Self::CopyFromStdin { .. } => "copy-from-stdin",
            Self::NeedsNoTransaction { .. } => "needs-no-transaction",
            Self::Mixed { .. } => "mixed",
            Self::UnknownWord { .. } => "unknown-word",
            Self::Syntax { .. } => "syntax",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Incomplete(_) => None,
            Self::TransactionControl { .. } => Some(
                "remove it; a migration that must not run in one transaction says `transaction = false`".to_owned(),
            ),
            Self::CopyFromStdin { .. } => {
                Some("use `INSERT`, or load the rows in an `async fn(&mut Db)`".to_owned())
            }
            Self::NeedsNoTransaction { .. } => Some(
                "give it a migration of its own that says `transaction = false`".to_owned(),
            ),
            Self::Mixed { kind: Kind::Schema, .. } => Some(
                "move it to a migration that says `kind = data`, which `migrate production` runs (not `up`); a schema migration that needs its rows says `depends_on`; where it cannot be moved, say `waive(mixed, reason = \"…\")`".to_owned(),
            ),
            Self::Mixed { kind: Kind::Data, .. } => Some(
                "move it to a schema migration; where that cannot be, say `waive(mixed, reason = \"…\")`".to_owned(),
            ),
            Self::UnknownWord { similar, .. } => similar.map(|word| format!("did you mean `{word}`?")),
            Self::Syntax { .. } => Some(
                "if the server accepts it, set `parse = false`".to_owned(),
            ),
        }
    }
}

/// What keeps a text from being run, in its order; of each statement the most telling fault only.
///
/// What only a parser finds ([`Fault::Syntax`]) is not among it: `migrate_lint::faults` has that, too.
///
/// Rows may be changed in a schema migration in one case: on SQLite, where a table that is made anew takes over
/// another's rows by `INSERT … SELECT`. Temporary tables may be made and dropped in any migration.
///
/// # Examples
///
/// ```
/// use migrate_sql::{Dialect, SqlContext, validate};
///
/// let faults = validate("CREATE TABLE a (b INT); COMMIT", SqlContext::new(Dialect::Sqlite));
/// assert_eq!(faults[0].code(), "transaction-control");
/// assert_eq!(faults[0].offset(), 24);
/// ```
pub fn validate(sql: &str, context: SqlContext) -> Vec<Fault> {
    let statements = match split(sql, context.dialect) {
        Ok(statements) => statements,
        Err(error) => return vec![Fault::Incomplete(error)],
    };
    let mut validator = Validator::new(context);
    let numbered = statements.iter().zip(1..);
    numbered.filter_map(|(statement, number)| validator.fault(statement, number)).collect()
}

#[cfg(test)]
mod tests;
