//! The plan of `repair`: history corrected by what only a human can know.

use std::fmt;

use migrate_sql::{Direction, split};

use crate::graph::Graph;
use crate::history::{
    History, HistoryRow, Kept, State, StatementJournal, restoring, statement_hash,
};
use crate::holder::Holder;
use crate::migration::{Kind, Migration, Origin};
use crate::plan::edited::is_edited;
use crate::plan::{Action, Context, Plan, PlanError, Request, Step, prepare, verify};
use crate::revision::RevisionKey;
use crate::sql::Dialect;

/// What a human says of a revision, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Repair {
    /// The revision.
    pub key: RevisionKey,
    /// What is so.
    pub answer: Answer,
    /// Whether the answer is about all of the revision, although one of its statements is in doubt.
    pub whole: bool,
    /// Why it is so: kept in the log.
    pub reason: String,
}

impl Repair {
    /// Says `answer` of a revision.
    pub fn new(key: RevisionKey, answer: Answer, reason: impl Into<String>) -> Self {
        Self { key, answer, whole: false, reason: reason.into() }
    }

    /// Says it of the whole revision, whatever is known of its statements.
    #[must_use]
    pub fn whole(self) -> Self {
        Self { whole: true, ..self }
    }
}

/// What a human can say of a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// The database is as the edited text of an applied revision says.
    Accept,
    /// The statement that was in flight took effect; where none was, the whole revision did, or its undoing.
    Done,
    /// The statement that was in flight did not take effect; where none was, nothing is left of the revision, or of its
    /// undoing.
    NotDone,
    /// The revision is to be run, or undone, again from its start.
    Rerun,
}

/// How history is corrected, and what the log says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Correction {
    /// What is kept of the revision becomes what it is now.
    Accept {
        /// What the log says.
        detail: String,
    },
    /// So many statements of it are done, and none is in flight.
    Settle {
        done: usize,
        journal: StatementJournal,
        /// What the log says.
        detail: String,
    },
    /// All of it is applied.
    Applied {
        /// Whether it is applied as it is now, and not as it was.
        as_it_is: bool,
        /// What the log says.
        detail: String,
    },
    /// Nothing of it is applied.
    Gone {
        /// What the log says.
        detail: String,
    },
}

/// Why history is not corrected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RepairFault {
    /// Nothing says why.
    NoReason,
    /// The program does not know the revision.
    Unknown,
    /// The revision is not applied, or not wholly.
    NotApplied,
    /// The revision is what it was.
    Unchanged,
    /// The revision is not half-done.
    Whole,
    /// It was said already what became of the statement in flight, and no run has gone on since.
    NoDoubt,
}

impl fmt::Display for RepairFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoReason => "a reason must be given",
            Self::Unknown => "this program does not know it",
            Self::NotApplied => "it is not applied",
            Self::Unchanged => "it is what it was when it was applied",
            Self::Whole => "it is not half-done",
            Self::NoDoubt => "its statement in doubt has been answered for already",
        })
    }
}

impl RepairFault {
    pub(super) fn hint(self, key: &RevisionKey) -> String {
        match self {
            Self::NoReason => "say why, for whoever reads the log: `--reason \"…\"`".to_owned(),
            Self::Unknown => "run the program that knows it".to_owned(),
            Self::NotApplied => format!(
                "`migrate history` shows what is applied; `migrate repair` shows what `{}` needs",
                key.id
            ),
            Self::Unchanged => {
                "there is nothing to accept; `migrate repair` shows what is edited or half-done"
                    .to_owned()
            }
            Self::Whole => "`migrate repair` shows what is half-done".to_owned(),
            Self::NoDoubt => format!(
                "run what was running again: it goes on from there; to answer for all of `{id}`, add `--whole`",
                id = key.id
            ),
        }
    }
}

pub(super) fn plan(
    repair: &Repair,
    graph: &Graph,
    history: &History,
    context: Context,
) -> Result<Plan, PlanError> {
    let dialect = context.dialect;
    let fault = |fault| PlanError::Repair { key: repair.key.clone(), fault };
    if repair.reason.trim().is_empty() {
        return Err(fault(RepairFault::NoReason));
    }
    let known = graph.find(&repair.key).map(|node| graph.migration(node));
    let row = history.get(&repair.key);
    let correction = match repair.answer {
        Answer::Accept => accept(repair, known, row, dialect),
        Answer::Done | Answer::NotDone | Answer::Rerun => settle(repair, known, row),
    };
    let correction = Some(correction.map_err(fault)?);
    let stranger = || {
        let kind = row.map_or(Kind::Schema, |row| row.kind);
        Migration::new(repair.key.id.clone()).in_crate(repair.key.krate.clone()).kind(kind)
    };
    let migration = known.cloned().unwrap_or_else(stranger);
    let step = prepare::in_history(&migration, Action::Repair, dialect)?;
    let step = Step { correction, ..step };
    let request = Request::Repair(repair.clone());
    Ok(Plan { request, steps: vec![step], notices: Vec::new(), pending_data: Vec::new() })
}

fn accept(
    repair: &Repair,
    known: Option<&Migration>,
    row: Option<&HistoryRow>,
    dialect: Dialect,
) -> Result<Correction, RepairFault> {
    let migration = known.ok_or(RepairFault::Unknown)?;
    let row = row.filter(|row| row.state == State::Applied).ok_or(RepairFault::NotApplied)?;
    let (then, now) = (kept(row), current(migration, dialect));
    let is_edited = is_edited(migration, row, dialect).unwrap_or(true);
    if then == now && row.kind == migration.kind && !is_edited {
        return Err(RepairFault::Unchanged);
    }
    let mut detail = format!("accepted: {}\nchecksum: {then} -> {now}", repair.reason.trim());
    if row.kind != migration.kind {
        detail.extend(["\nkind: ", row.kind.name(), " -> ", migration.kind.name()]);
    }
    Ok(Correction::Accept { detail })
}

/// Takes a word for the statement in flight, or for the whole. Also of a revision that the program does not know.
fn settle(
    repair: &Repair,
    known: Option<&Migration>,
    row: Option<&HistoryRow>,
) -> Result<Correction, RepairFault> {
    let row = row.filter(|row| row.state != State::Applied).ok_or(RepairFault::Whole)?;
    correction(repair, row, known.is_some())
}

fn correction(repair: &Repair, row: &HistoryRow, known: bool) -> Result<Correction, RepairFault> {
    let reason = repair.reason.trim();
    let journal = row.journal.clone().unwrap_or_default();
    let reverting = row.state == State::Reverting;
    match (repair.answer, answers_for(repair, row)?) {
        (Answer::Rerun, _) => Ok(Correction::Settle {
            done: 0,
            journal: StatementJournal::default(),
            detail: format!("to be run again from its start: {reason}"),
        }),
        (Answer::Done, Some(begun)) => Ok(Correction::Settle {
            done: begun,
            journal: journal.first(begun).all_done(),
            detail: format!("statement {begun} is done: {reason}"),
        }),
        (Answer::NotDone | Answer::Accept, Some(begun)) => Ok(Correction::Settle {
            done: begun - 1,
            journal: journal.first(begun - 1).all_done(),
            detail: format!("statement {begun} is not done: {reason}"),
        }),
        (Answer::Done, None) if reverting => {
            Ok(Correction::Gone { detail: format!("it is undone: {reason}") })
        }
        (Answer::Done, None) => Ok(Correction::Applied {
            as_it_is: known,
            detail: format!("all of it is done: {reason}"),
        }),
        (Answer::NotDone | Answer::Accept, None) if reverting => Ok(Correction::Applied {
            as_it_is: false,
            detail: format!("nothing of it is undone: {reason}"),
        }),
        (Answer::NotDone | Answer::Accept, None) => {
            Ok(Correction::Gone { detail: format!("nothing of it is done: {reason}") })
        }
    }
}

/// The statement that an answer is about; nothing where it is about the whole revision.
fn answers_for(repair: &Repair, row: &HistoryRow) -> Result<Option<usize>, RepairFault> {
    if repair.whole || repair.answer == Answer::Rerun {
        return Ok(None);
    }
    let doubt = in_doubt(row);
    let failed = |statement: &usize| {
        let begun = row.journal.as_ref().and_then(|journal| journal.begun().get(*statement - 1));
        begun.is_some_and(|begun| begun.failed)
    };
    // What code did after a failure, or would have done, only the code tells.
    let of_code = row.statements_total == 0;
    match doubt.filter(|statement| !(of_code && failed(statement))) {
        Some(statement) => Ok(Some(statement)),
        // Said twice by mistake, the second time would be about more than the first.
        None if row.journal.as_ref().is_some_and(StatementJournal::is_answered) => {
            Err(RepairFault::NoDoubt)
        }
        None => Ok(None),
    }
}

/// The statement of a half-done revision that was begun and is not known to have ended well, from 1. Also one that has
/// failed: what it was to do may have been done by hand.
fn in_doubt(row: &HistoryRow) -> Option<usize> {
    let done = usize::try_from(row.statements_done).ok()?;
    let is_begun = row.journal.as_ref()?.len() > done;
    is_begun.then_some(done + 1)
}

/// A revision that was begun and not finished, and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HalfDone {
    /// The revision.
    pub key: RevisionKey,
    /// Schema or data.
    pub kind: Kind,
    /// What has become of it.
    pub state: State,
    /// Statements that ended well, of those that…
    pub done: usize,
    /// … there are; 0 for code, of which it is not known.
    pub total: usize,
    /// Where it is declared.
    pub origin: Option<Origin>,
    /// Whether the program knows it.
    pub known: bool,
    /// Whether its statements are accounted for, so that a run can go on with it.
    pub journaled: bool,
    /// The statement that was begun and is not known to have ended well, if there is one.
    pub doubt: Option<Doubt>,
    /// The run that holds the migration lock, and may be at it right now.
    pub run: Option<Box<Holder>>,
}

/// A statement of which it is not known whether it took effect.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Doubt {
    /// Which one it is, from 1.
    pub statement: usize,
    /// What it says; nothing for code, of which no text is kept.
    pub sql: Option<String>,
    /// Whether it is known to have failed, so that it is run again.
    pub failed: bool,
    /// What the catalog tells of it, if it does.
    pub effect: Option<Effect>,
    /// What is there and would be there, a line each.
    pub seen: Vec<String>,
    /// The session that still runs it.
    pub running: Option<String>,
    /// What it is known by in the journal.
    hash: String,
    /// What its mark has noted of the catalog before it.
    pub(crate) before: Option<String>,
    /// What was set in the session before it.
    pub(crate) settings: Vec<String>,
    /// What was kept of that session.
    kept: Kept,
}

impl Doubt {
    fn new(row: &HistoryRow) -> Option<Self> {
        let statement = in_doubt(row)?;
        let begun = row.journal.as_ref()?.begun().get(statement - 1)?;
        Some(Self {
            statement,
            sql: None,
            failed: begun.failed,
            effect: None,
            seen: Vec::new(),
            running: None,
            hash: begun.hash.clone(),
            before: begun.before.clone(),
            settings: Vec::new(),
            kept: row.kept.clone(),
        })
    }

    /// Finds the statement in the SQL of its revision, if that is still what was run.
    pub(crate) fn find_in(&mut self, sql: &str, dialect: Dialect) {
        let statements = split(sql, dialect).unwrap_or_default();
        let Some(index) = self.statement.checked_sub(1) else { return };
        let Some(found) = statements.get(index) else { return };
        if self.sql.is_none() && statement_hash(found.text(), dialect) == self.hash {
            self.sql = Some(found.text().to_owned());
            self.settings = restoring(&statements, index, &self.kept).unwrap_or_default();
        }
    }
}

/// What became of a statement, as the catalog tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// It took effect.
    Done,
    /// It took effect in part, and the rest can be done.
    Begun,
    /// It took no effect.
    NotDone,
}

impl Effect {
    /// The word used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Begun => "begun",
            Self::NotDone => "not-done",
        }
    }
}

/// The half-done revisions, with the statements in doubt as the program knows them.
pub(crate) fn half_done(graph: &Graph, history: &History, dialect: Dialect) -> Vec<HalfDone> {
    let rows = verify::ours(graph, history).filter(|(_, row)| row.state != State::Applied);
    let half_done = |(key, row): (&RevisionKey, &HistoryRow)| {
        let migration = graph.find(key).map(|node| graph.migration(node));
        let mut doubt = Doubt::new(row);
        let direction = match row.state {
            State::Reverting => Direction::Down,
            State::Applied | State::Started | State::Failed => Direction::Up,
        };
        // What cannot be had is not shown.
        let sql = migration.and_then(|migration| migration.sql(direction, dialect).ok().flatten());
        if let (Some(doubt), Some(sql)) = (&mut doubt, sql) {
            doubt.find_in(&sql, dialect);
        }
        HalfDone {
            key: key.clone(),
            kind: row.kind,
            state: row.state,
            done: row.statements_done.try_into().unwrap_or(0),
            total: row.statements_total.try_into().unwrap_or(0),
            origin: migration.and_then(|migration| migration.origin),
            known: migration.is_some(),
            journaled: row.journal.is_some(),
            doubt,
            run: None,
        }
    };
    rows.map(half_done).collect()
}

fn kept(row: &HistoryRow) -> String {
    row.checksum.clone().unwrap_or_else(|| NONE.to_owned())
}

fn current(migration: &Migration, dialect: Dialect) -> String {
    migration
        .checksum(dialect)
        .ok()
        .flatten()
        .map_or_else(|| NONE.to_owned(), |(checksum, _)| checksum.to_string())
}

/// What stands for no checksum.
const NONE: &str = "none";
