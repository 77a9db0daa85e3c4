//! SQL text made ready to send: split, and known to hold nothing that is ours to say.

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
    /// The statement, without its terminator.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Byte offset of the statement in the script's text.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Whether it sets something for the session.
    pub(crate) fn sets_session(&self) -> bool {
        self.sets_session
    }

    /// Whether it must not be given up while it waits for a lock: it would leave what it began.
    pub(crate) fn must_wait(&self) -> bool {
        self.must_wait
    }

    /// Whether it is known to change nothing, so that it may be run again.
    pub(crate) fn only_reads(&self) -> bool {
        self.only_reads
    }

    /// How it and its mark are kept together, where its migration has no transaction.
    pub(crate) fn hold(&self) -> Hold {
        self.hold
    }
}

impl Script {
    /// Splits `text` and refuses what cannot be sent, or what its migration must not hold. `validator` remembers what the
    /// text makes, for the texts that come after it.
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
        // What forbids a transaction is a fault where there is to be one, and need not be looked for again.
        let alone = !validator.context().transaction;
        let mut prepared = Prepared::default();
        let spans: Vec<Span> = statements
            .iter()
            .map(|s| Span {
                start: s.offset(),
                end: s.offset() + s.text().len(),
                hold: match s.dialect() {
                    Dialect::Mysql => prepared.hold(s),
                    // Nothing is alone unless its migration says so, and asking takes time.
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
        // MySQL's transaction ends with what stands alone, and may end with what is opaque.
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

    /// The first statement that needs what its session would have lost if a run ended before it.
    pub(crate) fn first_lost(&self) -> Option<Lost> {
        SessionTrack::first_lost(&self.split())
    }

    /// The statements, as what they say is read of them.
    pub(crate) fn split(&self) -> Vec<Statement<'_>> {
        // It was split before, without a fault.
        split(&self.text, self.dialect).unwrap_or_default()
    }

    /// The dialect it was split in.
    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Whether a statement cannot run in a transaction, or ends the one it runs in.
    pub(crate) fn leaves_transaction(&self) -> bool {
        self.leaves_transaction
    }

    pub(crate) fn sets_session(&self) -> bool {
        self.spans.iter().any(|span| span.sets_session)
    }

    /// Whether the session may be another one after it.
    pub(crate) fn leaves_traces(&self) -> bool {
        self.spans.iter().any(|span| span.leaves_traces)
    }

    /// What it leaves in the session, as far as the database cannot list it.
    pub(crate) fn traces(&self) -> Traces {
        let mut traces = Traces::new(self.dialect);
        if self.leaves_traces() {
            for statement in self.split() {
                traces.note(&statement);
            }
        }
        traces
    }

    /// Whether nothing of it changes anything.
    pub(crate) fn only_reads(&self) -> bool {
        self.spans.iter().all(|span| span.only_reads)
    }

    /// Whether a statement may answer any number of times.
    pub(crate) fn calls_procedure(&self) -> bool {
        self.calls_procedure
    }
}

/// How a statement and its mark in the journal are kept together, outside of a migration's own transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hold {
    /// One transaction holds both.
    Together,
    /// No transaction can hold it, or it ends the one it runs in. It takes effect as a whole or not at all.
    Alone,
    /// It runs code that may end transactions: a part of it may have taken effect.
    Opaque,
}

/// The prepared statements of a text that are known to change rows alone.
#[derive(Default)]
struct Prepared {
    harmless: BTreeSet<String>,
}

impl Prepared {
    /// How the next statement and its mark can be kept together.
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

/// How a statement and its mark can be kept together.
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

/// Whether a statement works in several transactions of its own, and leaves an invalid index or a partition that is only
/// half detached when it is cancelled between them.
fn must_wait(statement: &Statement<'_>) -> bool {
    statement.forbids_transaction().is_some_and(|words| words.ends_with("CONCURRENTLY"))
}

/// MySQL's routines and texts that may hold DDL or `COMMIT`. The other statements of this class only set the session, or
/// ask.
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

/// PostgreSQL lets procedures and `DO` end transactions where they were begun outside of one.
fn may_commit_inside(statement: &Statement<'_>) -> bool {
    let text = statement.text().to_ascii_uppercase();
    let mut words = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    words.any(|word| word == "CALL" || word.contains("COMMIT") || word.contains("ROLLBACK"))
}
