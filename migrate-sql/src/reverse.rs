//! The SQL that undoes SQL.

mod alter;
mod altered;
mod arguments;
mod column;
mod constraint;
mod drop;
mod index;
mod made;
mod mention;
mod mentions;
mod object;
mod other;
mod part;
mod reason;
mod rename;
mod session;
mod table;
mod title;
mod undo_log;

use thiserror::Error;

use self::{reason::Reason, undo_log::UndoLog};
use crate::ddl::Ddl;
use crate::statement::{SplitError, Statement, split};
use crate::text::{Dialect, TokenKind};

/// What undoes a text: the reverse of each statement, in reverse order.
///
/// Only what undoes exactly what a statement certainly made is derived. `CREATE TABLE IF NOT EXISTS` may have made
/// nothing; dropping the table would lose what was there before. What is done to something that the same text made
/// needs no undoing of its own, as long as it is gone when that is dropped.
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
/// let sql = "CREATE TABLE a (b INT); CREATE INDEX c ON a (b); CREATE INDEX d ON shop.users (email)";
/// assert_eq!(reverse(sql, Dialect::Postgres)?, "DROP INDEX shop.d;\nDROP TABLE a");
/// # Ok::<(), migrate_sql::Underivable>(())
/// ```
pub fn reverse(sql: &str, dialect: Dialect) -> Result<String, Underivable> {
    let statements = split(sql, dialect).map_err(Underivable::Incomplete)?;
    let mut log = UndoLog::default();
    for (statement, number) in statements.iter().zip(1..) {
        log.turn();
        undo(statement, &mut log).map_err(|reason| Underivable::Statement {
            statement: number,
            words: first_words(statement),
            reason: reason.into_owned(),
            offset: statement.offset(),
        })?;
    }
    Ok(log.into_sql())
}

/// A statement whose undoing cannot be derived.
///
/// # Examples
///
/// ```
/// use migrate_sql::{Dialect, reverse};
///
/// let error = reverse("ALTER TABLE a DROP COLUMN b", Dialect::Sqlite).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "statement 1, `ALTER TABLE a DROP COLUMN`, cannot be undone by what it says: what a dropped column held is lost"
/// );
/// ```
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

impl Underivable {
    /// The byte in the text at which the statement begins, or what cannot be read.
    pub const fn offset(&self) -> usize {
        match self {
            Self::Incomplete(error) => error.offset(),
            Self::Statement { offset, .. } => *offset,
        }
    }

    /// What to write instead.
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Incomplete(_) => None,
            Self::Statement { .. } => Some(
                "say how: `down = \"…\"` with SQL, `down = …` with a function, or `down = irreversible`",
            ),
        }
    }
}

/// Whether a statement could be undone; if so, the log says how.
type Undone = Result<(), Reason>;

fn undo(statement: &Statement<'_>, log: &mut UndoLog) -> Undone {
    if statement.tokens().any(|token| token.kind() == TokenKind::ConditionalOpen) {
        return Err(reason::CONDITIONAL);
    }
    match statement.ddl() {
        Ddl::CreateTable(create) => table::undo(&create, statement, log),
        Ddl::CreateIndex(create) => index::undo(&create, statement, log),
        Ddl::Create(create) => object::undo(&create, statement, log),
        Ddl::AlterTable(alter) => alter::undo(&alter, statement, log),
        Ddl::AlterEnum { name, change } => part::undo(&name, &change, statement, log),
        Ddl::Rename(renamed) => rename::undo(&renamed, statement, log),
        Ddl::Drop(dropped) => drop::undo(&dropped, log),
        Ddl::Other => other::undo(statement, log),
    }
}

/// Enough of a statement to find it by.
fn first_words(statement: &Statement<'_>) -> String {
    let words = statement
        .tokens()
        .filter(|token| !matches!(token.kind(), TokenKind::Comment | TokenKind::Hint))
        .take_while(|token| {
            matches!(token.kind(), TokenKind::Word | TokenKind::QuotedIdentifier)
                || token.is_mark(".")
        })
        .take(5);
    let mut text = String::new();
    let mut end = None;
    for word in words {
        if end.is_some_and(|end| end < word.start()) {
            text.push(' ');
        }
        text.push_str(word.text());
        end = Some(word.end());
    }
    text
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
