//! Why a migration cannot run a text.

mod made;
mod similar;
mod syntax;

use thiserror::Error;

use self::made::Made;
use crate::{Class, Kind, SplitError, Statement, Subject, split, statement::reader};

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
        class: Class,
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
                "move it to a migration that says `kind = data`; where that cannot be, say `waive(mixed, reason = \"…\")`".to_owned(),
            ),
            Self::Mixed { kind: Kind::Data, .. } => Some(
                "move it to a schema migration; where that cannot be, say `waive(mixed, reason = \"…\")`".to_owned(),
            ),
            Self::UnknownWord { similar, .. } => similar.map(|word| format!("did you mean `{word}`?")),
            Self::Syntax { .. } => Some(
                "if the server takes it nevertheless, say `parse = false`".to_owned(),
            ),
        }
    }
}

/// What keeps a text from being run, in its order; of each statement the most telling fault only.
///
/// Rows may be changed in a schema migration in one case: on SQLite, where a table that is made anew takes over
/// another's rows by `INSERT … SELECT`. Temporary tables may be made and dropped in any migration.
///
/// # Examples
///
/// ```
/// use migrate_sql::{Dialect, Subject, faults};
///
/// let faults = faults("CREATE TABLE a (b INT); COMMIT", Subject::new(Dialect::Sqlite));
/// assert_eq!(faults[0].code(), "transaction-control");
/// assert_eq!(faults[0].offset(), 24);
/// ```
pub fn faults(sql: &str, subject: Subject) -> Vec<Fault> {
    let statements = match split(sql, subject.dialect) {
        Ok(statements) => statements,
        Err(error) => return vec![Fault::Incomplete(error)],
    };
    let errors = syntax::errors(sql, &statements, subject);
    let mut made = Made::default();
    let mut faults = Vec::new();
    for (statement, number) in statements.iter().zip(1..) {
        let reader = Reader { statement, number, subject };
        let mixed = reader.mixed(&mut made);
        let fault = reader
            .hard()
            .or_else(|| reader.unknown_word())
            .or_else(|| syntax::fault(&errors, number))
            .or(mixed)
            .or_else(|| reader.needs_no_transaction());
        faults.extend(fault);
    }
    faults
}

/// One statement as it is looked at.
struct Reader<'s, 'a> {
    statement: &'s Statement<'a>,
    number: usize,
    subject: Subject,
}

impl Reader<'_, '_> {
    /// What no server and no other migration would take either.
    fn hard(&self) -> Option<Fault> {
        let (statement, offset) = (self.number, self.statement.offset());
        if let Some(words) = self.statement.transaction_control() {
            return Some(Fault::TransactionControl { statement, words, offset });
        }
        self.statement.copies_from_stdin().then_some(Fault::CopyFromStdin { statement, offset })
    }

    fn unknown_word(&self) -> Option<Fault> {
        if !self.subject.parse || self.statement.class() != Class::Unknown {
            return None;
        }
        let (word, offset) = first_word(self.statement);
        Some(Fault::UnknownWord {
            statement: self.number,
            similar: similar::nearest(&word, self.subject.dialect),
            word,
            offset: self.statement.offset() + offset,
        })
    }

    /// Whether DDL and DML are mixed; `made` learns what the statement makes.
    fn mixed(&self, made: &mut Made) -> Option<Fault> {
        let class = self.statement.class();
        let belongs = match (class, self.subject.kind) {
            (Class::Ddl, Kind::Data) => made.is_temporary(&self.statement.objects()),
            (Class::Dml, Kind::Schema) => made.takes_over_rows(self.statement),
            _ => true,
        };
        if class == Class::Ddl {
            made.learn(&self.statement.objects());
        }
        (!belongs).then(|| Fault::Mixed {
            statement: self.number,
            words: self.statement.words(),
            class,
            kind: self.subject.kind,
            offset: self.statement.offset(),
        })
    }

    fn needs_no_transaction(&self) -> Option<Fault> {
        if !self.subject.transaction {
            return None;
        }
        let words = self.statement.forbids_transaction()?;
        let (statement, offset) = (self.number, self.statement.offset());
        Some(Fault::NeedsNoTransaction { statement, words, offset })
    }
}

/// The first word as written, or what stands in its place, and the byte at which it begins.
fn first_word(statement: &Statement<'_>) -> (String, usize) {
    /// Longer than any word of SQL: the rest of a text would not help.
    const LONGEST: usize = 40;
    let mut words = reader::Reader::new(statement);
    while words.eat_mark("(") {}
    words.next().map_or_else(
        || (statement.text().chars().take(LONGEST).collect(), 0),
        |token| (token.text().chars().take(LONGEST).collect(), token.start()),
    )
}

#[cfg(test)]
mod tests;
