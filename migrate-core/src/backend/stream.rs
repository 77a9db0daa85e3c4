//! What the three drivers share: reading a message's results to its end.

use futures_core::Stream;
use futures_util::{StreamExt, pin_mut};
use sqlx::Either;

use crate::connection::{DatabaseError, Ran};

/// Counts the statements that end well, and keeps the first value of each one's first row if it is a number.
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
