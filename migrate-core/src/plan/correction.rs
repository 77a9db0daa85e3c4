//! The plan of `repair`: correcting history by what only a person can know.

use migrate_sql::Direction;

use crate::declare::migration::{Kind, Migration};
use crate::graph::Graph;
use crate::history::{History, HistoryRow, State, StatementJournal};
use crate::plan::edited::is_edited;
use crate::plan::repair::{Answer, Repair, RepairFault};
use crate::plan::unfinished::in_flight;
use crate::plan::{Action, Context, Plan, PlanError, Request, Step, prepare};
use crate::sql::Dialect;

/// A correction of a history row, with the text for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Correction {
    /// Replaces the kept text and checksum with the current ones.
    Accept {
        /// The text for the log.
        detail: String,
    },
    /// Sets the number of statements that are done; none is in flight.
    Settle {
        done: usize,
        journal: StatementJournal,
        /// The text for the log.
        detail: String,
    },
    /// Marks all of it as applied.
    Applied {
        /// Whether it is applied as it is now, rather than as it was.
        as_it_is: bool,
        /// The text for the log.
        detail: String,
    },
    /// Removes the row: nothing of it is applied.
    Gone {
        /// The text for the log.
        detail: String,
    },
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
    // What cannot say what it does is no more than a name: history keeps what it has of it.
    let can_say = |migration: &&Migration| {
        let ways = [Direction::Up, Direction::Down];
        repair.answer == Answer::Accept
            || ways.into_iter().all(|way| migration.sql(way, dialect).is_ok())
    };
    let known = graph.find(&repair.key).map(|node| graph.migration(node)).filter(can_say);
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

/// Records the outcome of the statement in flight, or of the whole revision, which the program may not know.
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

/// Returns the statement that an answer is about; `None` where it is about the whole revision.
fn answers_for(repair: &Repair, row: &HistoryRow) -> Result<Option<usize>, RepairFault> {
    if repair.whole || repair.answer == Answer::Rerun {
        return Ok(None);
    }
    let in_flight = in_flight(row);
    let failed = |statement: &usize| {
        let begun = row.journal.as_ref().and_then(|journal| journal.begun().get(*statement - 1));
        begun.is_some_and(|begun| begun.failed)
    };
    // Only the code knows what it did, or would have done, after a failure.
    let of_code = row.statements_total == 0;
    match in_flight.filter(|statement| !(of_code && failed(statement))) {
        Some(statement) => Ok(Some(statement)),
        // If it is recorded twice by mistake, the second time must not be about more than the first.
        None if row.journal.as_ref().is_some_and(StatementJournal::is_answered) => {
            Err(RepairFault::NoDoubt)
        }
        None => Ok(None),
    }
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

/// The word for no checksum.
const NONE: &str = "none";
