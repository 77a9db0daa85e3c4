//! SQL text made ready to send: split, and known to hold nothing that is ours to say.

use std::borrow::Cow;

use migrate_sql::{Dialect, SplitError, Statement, split};

/// The statements of one body, in order.
#[derive(Clone, Debug)]
pub struct Script {
    text: Cow<'static, str>,
    spans: Vec<Span>,
    /// The first statement that cannot run in a transaction, and what it is.
    forbids_transaction: Option<(usize, &'static str)>,
    commits_implicitly: bool,
    sets_session: bool,
    calls_procedure: bool,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    start: usize,
    end: usize,
}

/// One statement of a script.
#[derive(Clone, Copy, Debug)]
pub struct ScriptStatement<'a> {
    text: &'a str,
    offset: usize,
}

impl<'a> ScriptStatement<'a> {
    /// The statement, without its terminator.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Byte offset of the statement in the script's text.
    pub fn offset(&self) -> usize {
        self.offset
    }
}

/// Why a body cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScriptError {
    /// The text ends inside a literal, a comment or a body, or is no SQL at all.
    #[error("{0}")]
    Incomplete(SplitError),
    /// A statement begins or ends a transaction, which is the framework's to do.
    #[error(
        "statement {statement} is `{words}`, but transactions are begun and ended around the migration"
    )]
    TransactionControl {
        /// The statement's number, from 1.
        statement: usize,
        /// Its first words.
        words: String,
        /// Its byte offset in the text.
        offset: usize,
    },
    /// A statement wants rows from a client that is not there.
    #[error(
        "statement {statement} is `COPY … FROM STDIN`, which needs a client that sends the rows"
    )]
    CopyFromStdin {
        /// The statement's number, from 1.
        statement: usize,
        /// Its byte offset in the text.
        offset: usize,
    },
}

impl ScriptError {
    /// Byte offset in the text at which the fault begins.
    pub fn offset(&self) -> usize {
        match self {
            Self::Incomplete(error) => error.offset(),
            Self::TransactionControl { offset, .. } | Self::CopyFromStdin { offset, .. } => *offset,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Incomplete(_) => None,
            Self::TransactionControl { .. } => Some(
                "remove it; a migration that must not run in one transaction says `transaction = false`",
            ),
            Self::CopyFromStdin { .. } => {
                Some("use `INSERT`, or load the rows in an `async fn(&mut Db)`")
            }
        }
    }
}

impl Script {
    /// Splits `text` and refuses what cannot be sent.
    ///
    /// # Errors
    ///
    /// [`ScriptError`], before anything has been sent.
    pub fn new(text: impl Into<Cow<'static, str>>, dialect: Dialect) -> Result<Self, ScriptError> {
        let text = text.into();
        let statements = split(&text, dialect).map_err(ScriptError::Incomplete)?;
        for (index, statement) in statements.iter().enumerate() {
            refuse_ours(statement, index + 1)?;
        }
        let spans = statements
            .iter()
            .map(|s| Span { start: s.offset(), end: s.offset() + s.text().len() })
            .collect();
        let forbids_transaction = statements
            .iter()
            .enumerate()
            .find_map(|(index, s)| Some((index + 1, s.forbids_transaction()?)));
        let commits_implicitly = statements.iter().any(Statement::commits_implicitly);
        let sets_session = statements.iter().any(Statement::sets_session);
        let calls_procedure = statements
            .iter()
            .any(|s| s.text().get(..4).is_some_and(|w| w.eq_ignore_ascii_case("call")));
        Ok(Self {
            text,
            spans,
            forbids_transaction,
            commits_implicitly,
            sets_session,
            calls_procedure,
        })
    }

    /// The whole text as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many statements there are.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there is no statement.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The statements, in order.
    pub fn statements(&self) -> impl Iterator<Item = ScriptStatement<'_>> {
        self.spans.iter().filter_map(|span| {
            Some(ScriptStatement { text: self.text.get(span.start..span.end)?, offset: span.start })
        })
    }

    /// The first statement that cannot run in a transaction: its number, from 1, and what it is.
    pub fn forbids_transaction(&self) -> Option<(usize, &'static str)> {
        self.forbids_transaction
    }

    pub(crate) fn commits_implicitly(&self) -> bool {
        self.commits_implicitly
    }

    pub(crate) fn sets_session(&self) -> bool {
        self.sets_session
    }

    /// Whether a statement may answer any number of times.
    pub(crate) fn calls_procedure(&self) -> bool {
        self.calls_procedure
    }
}

fn refuse_ours(statement: &Statement<'_>, number: usize) -> Result<(), ScriptError> {
    if let Some(words) = statement.transaction_control() {
        return Err(ScriptError::TransactionControl {
            statement: number,
            words: words.to_string(),
            offset: statement.offset(),
        });
    }
    if statement.copies_from_stdin() {
        return Err(ScriptError::CopyFromStdin { statement: number, offset: statement.offset() });
    }
    Ok(())
}
