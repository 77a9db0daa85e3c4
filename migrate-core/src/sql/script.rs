//! SQL text that is ready to send: split into statements, and checked for statements that only the framework may send.

use std::borrow::Cow;
use std::collections::BTreeSet;

use migrate_sql::{
    Dialect, Dynamic, Fault, Lost, SessionTrack, Statement, StatementKind, Traces, Validator, split,
};

/// The statements of one body, in order.
#[derive(Clone, Debug)]
pub struct Script {
    text: Cow<'static, str>,
    dialect: Dialect,
    spans: Vec<Span>,
    leaves_transaction: bool,
    calls_procedure: bool,
}

#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each answers a question of its own")]
struct Span {
    start: usize,
    end: usize,
    hold: Hold,
    sets_session: bool,
    only_reads: bool,
    leaves_traces: bool,
    must_wait: bool,
}

/// One statement of a script.
#[derive(Clone, Copy, Debug)]
pub struct ScriptStatement<'a> {
    text: &'a str,
    offset: usize,
    hold: Hold,
    sets_session: bool,
    only_reads: bool,
    must_wait: bool,
}

impl<'a> ScriptStatement<'a> {
    /// Returns the statement, without its terminator.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Returns the byte offset of the statement in the script's text.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Returns whether it sets session state.
    pub(crate) fn sets_session(&self) -> bool {
        self.sets_session
    }

    /// Returns whether it must not be cancelled while it waits for a lock, because it would leave an incomplete change.
    pub(crate) fn must_wait(&self) -> bool {
        self.must_wait
    }

    /// Returns whether it is known to change nothing, so that it may run again.
    pub(crate) fn only_reads(&self) -> bool {
        self.only_reads
    }

    /// Returns how it and its journal entry are kept consistent, where its migration has no transaction.
    pub(crate) fn hold(&self) -> Hold {
        self.hold
    }
}

impl Script {
    /// Splits `text`, and refuses what cannot be sent or is not allowed in its migration. `validator` remembers what the text
    /// creates, for later texts.
    ///
    /// # Errors
    ///
    /// [`Fault`], before anything has been sent.
    pub(crate) fn new(
        text: impl Into<Cow<'static, str>>,
        validator: &mut Validator,
    ) -> Result<Self, Fault> {
        let text = text.into();
        let statements = split(&text, validator.context().dialect).map_err(Fault::Incomplete)?;
        for (statement, number) in statements.iter().zip(1..) {
            if let Some(fault) = validator.fault(statement, number) {
                return Err(fault);
            }
        }
        // In a transaction, statements that cannot run in one have been refused already.
        let alone = !validator.context().transaction;
        let mut prepared = Prepared::default();
        let spans: Vec<Span> = statements
            .iter()
            .map(|s| Span {
                start: s.offset(),
                end: s.offset() + s.text().len(),
                hold: match s.dialect() {
                    Dialect::Mysql => prepared.hold(s),
                    // Only a migration without a transaction can contain such statements, and checking takes time.
                    Dialect::Postgres | Dialect::Sqlite if alone => hold(s),
                    Dialect::Postgres | Dialect::Sqlite => Hold::Together,
                },
                sets_session: s.sets_session(),
                only_reads: s.only_reads(),
                leaves_traces: s.sets_session() || s.leaves_traces(),
                must_wait: alone && must_wait(s),
            })
            .collect();
        let mysql = validator.context().dialect == Dialect::Mysql;
        // On MySQL, `Alone` statements end the transaction, and `Opaque` ones may.
        let leaves = |span: &Span| (alone || mysql) && span.hold != Hold::Together;
        let opaque = |span: &Span| span.hold == Hold::Opaque;
        let calls = |s: &Statement<'_>| {
            s.text().get(..4).is_some_and(|word| word.eq_ignore_ascii_case("call"))
        };
        Ok(Self {
            leaves_transaction: spans.iter().any(leaves),
            calls_procedure: spans.iter().any(opaque) || statements.iter().any(calls),
            spans,
            dialect: validator.context().dialect,
            text,
        })
    }

    /// Returns the whole text as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the number of statements.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Returns whether there are no statements.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Returns the statements, in order.
    pub fn statements(&self) -> impl Iterator<Item = ScriptStatement<'_>> {
        self.spans.iter().filter_map(|span| {
            let text = self.text.get(span.start..span.end)?;
            Some(ScriptStatement {
                text,
                offset: span.start,
                hold: span.hold,
                sets_session: span.sets_session,
                only_reads: span.only_reads,
                must_wait: span.must_wait,
            })
        })
    }

    /// Returns the first statement that needs session state which would be lost if a run ended before it.
    pub(crate) fn first_lost(&self) -> Option<Lost> {
        SessionTrack::first_lost(&self.split())
    }

    /// Returns the statements, parsed into tokens.
    pub(crate) fn split(&self) -> Vec<Statement<'_>> {
        // It has been split before, without a fault.
        split(&self.text, self.dialect).unwrap_or_default()
    }

    /// Returns the dialect it was split in.
    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Returns whether a statement cannot run in a transaction, or ends the one it runs in.
    pub(crate) fn leaves_transaction(&self) -> bool {
        self.leaves_transaction
    }

    pub(crate) fn sets_session(&self) -> bool {
        self.spans.iter().any(|span| span.sets_session)
    }

    /// Returns whether it may change the state of the session.
    pub(crate) fn leaves_traces(&self) -> bool {
        self.spans.iter().any(|span| span.leaves_traces)
    }

    /// Returns what it leaves in the session that the database cannot list.
    pub(crate) fn traces(&self) -> Traces {
        let mut traces = Traces::new(self.dialect);
        if self.leaves_traces() {
            for statement in self.split() {
                traces.note(&statement);
            }
        }
        traces
    }

    /// Returns whether none of its statements change anything.
    pub(crate) fn only_reads(&self) -> bool {
        self.spans.iter().all(|span| span.only_reads)
    }

    /// Returns whether a statement may return any number of results.
    pub(crate) fn calls_procedure(&self) -> bool {
        self.calls_procedure
    }
}

/// How a statement and its journal entry are kept consistent, outside of a migration's own transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hold {
    /// Both run in one transaction.
    Together,
    /// The statement cannot run in a transaction, or ends the one it runs in. It is atomic.
    Alone,
    /// The statement runs code that may end transactions: it may be applied in part.
    Opaque,
}

/// The prepared statements of a text that are known to change only rows.
#[derive(Default)]
struct Prepared {
    harmless: BTreeSet<String>,
}

impl Prepared {
    /// Returns how the next statement and its journal entry can be kept consistent.
    fn hold(&mut self, statement: &Statement<'_>) -> Hold {
        match statement.dynamic() {
            Some(Dynamic::Prepares { name, harmless: true }) => {
                self.harmless.insert(name);
            }
            Some(Dynamic::Prepares { name, harmless: false }) => {
                self.harmless.remove(&name);
            }
            Some(Dynamic::Executes { name }) if self.harmless.contains(&name) => {
                return Hold::Together;
            }
            Some(Dynamic::Executes { .. } | Dynamic::Immediate { .. }) | None => {}
        }
        hold(statement)
    }
}

/// Returns how a statement and its journal entry can be kept consistent.
pub(crate) fn hold(statement: &Statement<'_>) -> Hold {
    let routine = statement.kind() == StatementKind::Routine;
    match statement.dialect() {
        Dialect::Mysql if routine && is_opaque(statement) => Hold::Opaque,
        Dialect::Mysql if statement.commits_implicitly() => Hold::Alone,
        Dialect::Postgres if routine && may_commit_inside(statement) => Hold::Opaque,
        Dialect::Postgres | Dialect::Sqlite if statement.forbids_transaction().is_some() => {
            Hold::Alone
        }
        Dialect::Postgres | Dialect::Mysql | Dialect::Sqlite => Hold::Together,
    }
}

/// Returns whether a statement works in several transactions of its own, and leaves an invalid index or a partly detached
/// partition when it is cancelled between them.
fn must_wait(statement: &Statement<'_>) -> bool {
    statement.forbids_transaction().is_some_and(|words| words.ends_with("CONCURRENTLY"))
}

/// Returns whether a statement of MySQL calls routines or prepared text that may contain DDL or `COMMIT`. Other statements
/// of this class only set session state, or read.
fn is_opaque(statement: &Statement<'_>) -> bool {
    match statement.dynamic() {
        Some(Dynamic::Immediate { harmless }) => !harmless,
        Some(Dynamic::Prepares { .. }) => false,
        Some(Dynamic::Executes { .. }) => true,
        None => {
            let quiet = ["DEALLOCATE", "DO", "DROP PREPARE", "GET", "RESIGNAL", "SIGNAL"];
            let words = statement.words();
            !quiet.iter().any(|quiet| words.starts_with(quiet))
        }
    }
}

/// Returns whether PostgreSQL lets a statement end transactions: procedures and `DO` may, outside of a transaction block.
fn may_commit_inside(statement: &Statement<'_>) -> bool {
    let text = statement.text().to_ascii_uppercase();
    let mut words = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    words.any(|word| word == "CALL" || word.contains("COMMIT") || word.contains("ROLLBACK"))
}
