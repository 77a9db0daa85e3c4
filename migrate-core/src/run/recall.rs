//! Reads the texts in history that a plan needs in addition to the rows.

use std::slice;

use migrate_sql::{Dialect, Direction, split};

use crate::declare::revision::RevisionKey;
use crate::engine::connection::Connection;
use crate::graph::Graph;
use crate::history::HistoryTable;
use crate::history::store::{self, HistoryError, Read};
use crate::plan::{Edited, Request, unknown};

/// Reads history, with the SQL that `request` needs: of revisions that are undone with it.
pub(crate) async fn read_for(
    connection: &mut Connection,
    table: &HistoryTable,
    graph: &Graph,
    request: &Request,
) -> Result<Read, HistoryError> {
    // Read before history, so that a write in between is detected.
    let last_change = match connection.dialect() {
        // Groups check it again once they hold the file's lock.
        Dialect::Sqlite => store::read_last_change(connection, table).await?,
        Dialect::Postgres | Dialect::Mysql => None,
    };
    let mut read = Read { last_change, ..store::read(connection, table).await? };
    if let Request::DownFromHistory(_) = request {
        let unknown = unknown(graph, &read.history);
        let keys: Vec<RevisionKey> = unknown.into_iter().map(|(key, _)| key.clone()).collect();
        for (key, texts) in store::texts(connection, table, &keys).await? {
            read.history.keep_down(&key, texts.down);
        }
    }
    Ok(read)
}

/// Returns a statement, by its number from 1, of an unfinished revision's `up` or `down`, as it was run.
pub(crate) async fn recall_statement(
    connection: &mut Connection,
    table: &HistoryTable,
    key: &RevisionKey,
    (direction, number): (Direction, usize),
) -> Result<Option<String>, HistoryError> {
    let kept = store::texts(connection, table, slice::from_ref(key)).await?.remove(key);
    let text = kept.and_then(|texts| match direction {
        Direction::Up => texts.up,
        Direction::Down => texts.down,
    });
    let statements = text.as_deref().and_then(|text| split(text, connection.dialect()).ok());
    let found = statements.as_ref().and_then(|all| all.get(number.checked_sub(1)?));
    Ok(found.map(|statement| statement.text().to_owned()))
}

/// Fills in the earlier text of edited revisions.
pub(crate) async fn recall(
    connection: &mut Connection,
    table: &HistoryTable,
    revisions: &mut [Edited],
) -> Result<(), HistoryError> {
    let of_sql = revisions.iter().filter(|edited| !edited.code);
    let keys: Vec<RevisionKey> = of_sql.map(|edited| edited.key.clone()).collect();
    let mut texts = store::texts(connection, table, &keys).await?;
    for edited in revisions {
        edited.then = texts.remove(&edited.key).and_then(|texts| texts.up);
    }
    Ok(())
}
