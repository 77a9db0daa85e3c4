//! Reading results to their end, shared by the three drivers.

use std::sync::Arc;

use futures_core::Stream;
use futures_util::{StreamExt, pin_mut};
use sqlx::{AssertSqlSafe, Column, Database, Either, SqlSafeStr};
use sqlx_core::transaction::TransactionManager;

use crate::engine::connection::{DatabaseError, End, Ran, Row, Value};

/// Counts the statements that succeed, and keeps the first value of each one's first row if it is a number.
pub(super) async fn run_to_end<Q, R>(
    results: impl Stream<Item = Result<Either<Q, R>, sqlx::Error>>,
    rows_affected: impl Fn(&Q) -> u64,
    number: impl Fn(&R) -> Option<i64>,
    refusal: impl Fn(sqlx::Error) -> DatabaseError,
) -> Ran {
    pin_mut!(results);
    let mut ran = Ran { answers: Vec::new(), rows_affected: 0, outcome: Ok(()) };
    let mut first_row: Option<Option<i64>> = None;
    while let Some(result) = results.next().await {
        match result {
            Ok(Either::Left(done)) => {
                ran.rows_affected += rows_affected(&done);
                ran.answers.push(first_row.take().flatten());
            }
            Ok(Either::Right(row)) => {
                first_row.get_or_insert_with(|| number(&row));
            }
            Err(error) => {
                ran.outcome = Err(refusal(error));
                break;
            }
        }
    }
    ran
}

/// Begins a transaction that sqlx counts, with a text of several statements.
pub(super) async fn begin<DB: Database>(
    connection: &mut DB::Connection,
    opening: &str,
) -> Result<(), sqlx::Error> {
    let opening = AssertSqlSafe(opening.to_owned()).into_sql_str();
    DB::TransactionManager::begin(connection, Some(opening)).await
}

/// Returns whether sqlx counts a transaction.
#[cfg(feature = "sqlite")]
pub(super) fn counts<DB: Database>(connection: &DB::Connection) -> bool {
    DB::TransactionManager::get_transaction_depth(connection) > 0
}

/// Ends the transactions that sqlx counts, with or without the first, and returns whether there were any.
pub(super) async fn end<DB: Database>(
    connection: &mut DB::Connection,
    end: End,
    nested: bool,
) -> Result<bool, sqlx::Error> {
    let mut any = false;
    while DB::TransactionManager::get_transaction_depth(connection) > usize::from(nested) {
        match end {
            End::Commit => DB::TransactionManager::commit(connection).await?,
            End::Rollback | End::Forget => DB::TransactionManager::rollback(connection).await?,
        }
        any = true;
    }
    Ok(any)
}

/// Reads rows to their end, and converts each to ours as it arrives: sqlx's are several times as large.
pub(super) async fn rows_to_end<R: sqlx::Row>(
    results: impl Stream<Item = Result<R, sqlx::Error>>,
    value: impl Fn(&R, usize) -> Result<Value, sqlx::Error>,
    refusal: impl Fn(sqlx::Error) -> DatabaseError,
) -> Result<Vec<Row>, DatabaseError> {
    pin_mut!(results);
    let mut columns: Option<Arc<[String]>> = None;
    let mut rows = Ok(Vec::new());
    while let Some(row) = results.next().await {
        let row = row.map_err(&refusal)?;
        let columns = columns.get_or_insert_with(|| {
            row.columns().iter().map(|column| column.name().to_owned()).collect()
        });
        let values: Result<Vec<Value>, _> =
            (0..columns.len()).map(|index| value(&row, index)).collect();
        // What cannot be read does not keep the rest of the answer in the connection.
        match (&mut rows, values) {
            (Ok(rows), Ok(values)) => rows.push(Row::new(Arc::clone(columns), values)),
            (Ok(_), Err(error)) => rows = Err(DatabaseError::from_transport(error)),
            (Err(_), _) => {}
        }
    }
    rows
}
