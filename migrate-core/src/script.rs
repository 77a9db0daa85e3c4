//! SQL text made ready to send: split, and known to hold nothing that is ours to say.

use std::borrow::Cow;

use migrate_sql::{Fault, Statement, Watch, split};

/// The statements of one body, in order.
#[derive(Clone, Debug)]
pub struct Script {
    text: Cow<'static, str>,
    spans: Vec<Span>,
    leaves_transaction: bool,
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

impl Script {
    /// Splits `text` and refuses what cannot be sent, or what its migration must not hold. `watch` remembers what the
    /// text makes, for the texts that come after it.
    ///
    /// # Errors
    ///
    /// [`Fault`], before anything has been sent.
    pub(crate) fn new(
        text: impl Into<Cow<'static, str>>,
        watch: &mut Watch,
    ) -> Result<Self, Fault> {
        let text = text.into();
        let statements = split(&text, watch.subject().dialect).map_err(Fault::Incomplete)?;
        for (statement, number) in statements.iter().zip(1..) {
            if let Some(fault) = watch.fault(statement, number) {
                return Err(fault);
            }
        }
        // What forbids a transaction is a fault where there is to be one, and need not be looked for again.
        let alone = !watch.subject().transaction;
        let leaves = |s: &Statement<'_>| {
            s.commits_implicitly() || (alone && s.forbids_transaction().is_some())
        };
        let calls = |s: &Statement<'_>| {
            s.text().get(..4).is_some_and(|word| word.eq_ignore_ascii_case("call"))
        };
        Ok(Self {
            spans: statements
                .iter()
                .map(|s| Span { start: s.offset(), end: s.offset() + s.text().len() })
                .collect(),
            leaves_transaction: statements.iter().any(leaves),
            sets_session: statements.iter().any(Statement::sets_session),
            calls_procedure: statements.iter().any(calls),
            text,
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

    /// Whether a statement cannot run in a transaction, or ends the one it runs in.
    pub(crate) fn leaves_transaction(&self) -> bool {
        self.leaves_transaction
    }

    pub(crate) fn sets_session(&self) -> bool {
        self.sets_session
    }

    /// Whether a statement may answer any number of times.
    pub(crate) fn calls_procedure(&self) -> bool {
        self.calls_procedure
    }
}
