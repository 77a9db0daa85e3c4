//! Compares history with the database, statement by statement.

use std::collections::BTreeMap;

use migrate_tests::Database;

use crate::adversary::plan::RandomPlan;
use crate::adversary::revision::{Revision, Statement};

/// The history row of a revision.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) state: String,
    pub(crate) done: usize,
}

/// Returns the rows of history by revision; empty if there is no history.
pub(crate) async fn rows(database: &Database) -> BTreeMap<String, Row> {
    if !database.all_tables().await.iter().any(|table| table == "_migrate_history") {
        return BTreeMap::new();
    }
    let rows =
        database.query("SELECT revision, state, statements_done FROM _migrate_history").await;
    rows.iter()
        .map(|row| {
            let done: i64 = row.at(2).expect("a number");
            let state = row.at(1).expect("a word");
            let done = usize::try_from(done).expect("a count");
            (row.at(0).expect("an id"), Row { state, done })
        })
        .collect()
}

/// Returns the differences between the database and history, one line each.
pub(crate) async fn untruths(plan: &RandomPlan, database: &Database) -> Vec<String> {
    let rows = rows(database).await;
    let mut found = Vec::new();
    for revision in &plan.revisions {
        found.extend(untruths_of(revision, rows.get(&revision.id), database).await);
    }
    found
}

async fn untruths_of(revision: &Revision, row: Option<&Row>, database: &Database) -> Vec<String> {
    let mut found = Vec::new();
    for (index, statement) in revision.statements.iter().enumerate() {
        let (least, most) = expected(row, index);
        for change in &statement.changes {
            let count = change.count(database).await;
            if count < least || count > most {
                let state = row.map_or_else(|| "no row".to_owned(), |row| format!("{row:?}"));
                found.push(format!(
                    "{} ({state}) statement {}: {change:?} is there {count} times",
                    revision.id,
                    index + 1
                ));
            }
        }
    }
    found
}

/// Returns how often the changes of the statement at this index may exist.
fn expected(row: Option<&Row>, index: usize) -> (i64, i64) {
    let Some(row) = row else { return (0, 0) };
    match row.state.as_str() {
        "applied" => (1, 1),
        // Undoing counts its own statements.
        "reverting" => (0, 1),
        _ if index < row.done => (1, 1),
        // Started, with an unknown outcome.
        _ if index == row.done => (0, 1),
        _ => (0, 0),
    }
}

/// Returns whether the changes of a statement exist: all, none, or `None` if only some of them do.
pub(crate) async fn took_effect(statement: &Statement, database: &Database) -> Option<bool> {
    let mut seen = Vec::new();
    for change in &statement.changes {
        seen.push(change.count(database).await > 0);
    }
    let first = *seen.first()?;
    seen.iter().all(|there| *there == first).then_some(first)
}
