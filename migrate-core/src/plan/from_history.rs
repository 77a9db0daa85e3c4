//! The plan of `down --from-history`: undoing applied revisions that the program does not know, with the SQL kept in
//! history.

use migrate_sql::split;

use crate::declare::migration::{Kind, Migration};
use crate::declare::revision::RevisionKey;
use crate::graph::Graph;
use crate::history::{History, HistoryRow, State, Undo};
use crate::plan::not_kept::{NotKept, WhyNot};
use crate::plan::{Context, Plan, PlanError, Request, Step, prepare, resume};
use crate::sql::Dialect;

/// Returns the applied revisions that the graph lacks, the last applied first.
pub(crate) fn unknown<'a>(
    graph: &'a Graph,
    history: &'a History,
) -> Vec<(&'a RevisionKey, &'a HistoryRow)> {
    let mut unknown: Vec<_> =
        history.ours(graph).filter(|(key, _)| graph.find(key).is_none()).collect();
    unknown.sort_by_key(|(_, row)| std::cmp::Reverse(row.sequence));
    unknown
}

pub(super) fn plan(
    request: &Request,
    graph: &Graph,
    history: &History,
    number: Option<usize>,
    context: Context,
) -> Result<Plan, PlanError> {
    resume::refuse_but_unknown(graph, history)?;
    let mut undone = unknown(graph, history);
    let possible = undone.len();
    match number {
        Some(asked) if asked > possible => {
            let asked = asked.try_into().unwrap_or(u32::MAX);
            return Err(PlanError::TooFar { asked, possible });
        }
        Some(number) => undone.truncate(number),
        None => {}
    }
    refuse_above(graph, history, &undone)?;
    refuse_not_kept(&undone)?;
    let steps = undone.iter().map(|(key, row)| step(key, row, context.dialect));
    let steps = steps.collect::<Result<_, _>>()?;
    Ok(Plan { request: request.clone(), steps, notices: Vec::new(), pending_data: Vec::new() })
}

/// Refuses revisions that a known one may need, because that was applied later.
fn refuse_above(
    graph: &Graph,
    history: &History,
    undone: &[(&RevisionKey, &HistoryRow)],
) -> Result<(), PlanError> {
    let Some((key, lowest)) = undone.last() else { return Ok(()) };
    let above = history
        .ours(graph)
        .filter(|(key, row)| row.sequence > lowest.sequence && graph.find(key).is_some())
        .max_by_key(|(_, row)| row.sequence);
    match above {
        None => Ok(()),
        Some((above, _)) => {
            Err(PlanError::KnownAbove { key: (*key).clone(), above: above.clone() })
        }
    }
}

fn refuse_not_kept(undone: &[(&RevisionKey, &HistoryRow)]) -> Result<(), PlanError> {
    let fault = |(key, row): &(&RevisionKey, &HistoryRow)| {
        let why = why_not(row)?;
        Some(NotKept { key: (*key).clone(), why })
    };
    let revisions: Vec<NotKept> = undone.iter().filter_map(fault).collect();
    if revisions.is_empty() { Ok(()) } else { Err(PlanError::NotKept { revisions }) }
}

fn why_not(row: &HistoryRow) -> Option<WhyNot> {
    match row.undo {
        Some(Undo::Code) => Some(WhyNot::Code),
        Some(Undo::Irreversible) => Some(WhyNot::Irreversible),
        Some(Undo::Nothing) if row.kind == Kind::Data => None,
        // A row of an earlier version does not have `down_kind`, but may have the SQL.
        Some(Undo::Sql | Undo::Nothing) | None if row.sql_down.is_none() => Some(WhyNot::NoSql),
        Some(Undo::Sql | Undo::Nothing) | None => None,
    }
}

fn step(key: &RevisionKey, row: &HistoryRow, dialect: Dialect) -> Result<Step, PlanError> {
    let migration = revived(key, row, dialect);
    let step = prepare::undo(&migration, dialect)?;
    if row.state == State::Reverting { resume::go_on(step, row) } else { Ok(step) }
}

/// Returns a migration built from what history has kept.
fn revived(key: &RevisionKey, row: &HistoryRow, dialect: Dialect) -> Migration {
    let sql = row.sql_down.clone();
    // Its options are not kept. It was checked when it was compiled, and statements that cannot run in a transaction are
    // recognised.
    let alone = |text: &str| {
        let statements = split(text, dialect).unwrap_or_default();
        statements.iter().any(|statement| statement.forbids_transaction().is_some())
    };
    let transaction = !sql.as_deref().is_some_and(alone);
    let migration = Migration::new(key.id.clone())
        .in_crate(key.krate.clone())
        .kind(row.kind)
        .description(row.description.clone())
        .transaction(transaction)
        .waive("mixed", "it is undone as it was written")
        .parse(false);
    match sql {
        Some(sql) => migration.down(sql),
        None => migration,
    }
}
