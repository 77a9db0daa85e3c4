//! The outcome of a statement that was in flight when its run ended.

use std::time::Duration;

use migrate_sql::{Dialect, split};

use crate::engine::connection::{Connection, DatabaseError};
use crate::run::executor::patience;
use crate::run::lock::Waiting;
use crate::run::probe::{self, Verdict, engine};
use crate::sql::script::Hold;

/// A statement that was started and is not known to have succeeded.
#[derive(Clone, Copy, Debug)]
pub(super) struct InFlight<'a> {
    pub(super) text: &'a str,
    /// Whether it is known to have failed, so that only its leftovers matter.
    pub(super) failed: bool,
    /// Whether the migration still has the same statement at this place.
    pub(super) same: bool,
    /// What the journal recorded before it.
    pub(super) before: Option<&'a str>,
}

/// Its outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Settled {
    Done,
    /// It was not applied, and nothing is left that would block it.
    NotDone,
    /// Another session is still running it.
    Running {
        holder: String,
        waited: Duration,
    },
    /// Only a person can determine the outcome.
    Unknown {
        seen: Vec<String>,
    },
}

/// The explanation for a statement whose rows are not rolled back.
pub(crate) const STAYS: &str = "it writes into a table that has no transactions: rows that it had written before it was stopped are still there";

/// Returns whether a part of a statement in flight may remain, although it was in one transaction with its journal entry,
/// because it writes to a table without transactions. If an earlier version wrote the entry, the server is asked now.
pub(crate) async fn may_stay(
    connection: &mut Connection,
    statement: &str,
    hold: Hold,
    before: Option<&str>,
) -> Result<bool, DatabaseError> {
    match (hold, before) {
        (Hold::Alone | Hold::Opaque, _) => Ok(false),
        (Hold::Together, Some(noted)) => Ok(noted == engine::STAYS),
        (Hold::Together, None) => {
            let Some(asked) = engine::without_transactions([statement], connection.dialect())
            else {
                return Ok(false);
            };
            let answer = connection.fetch_value::<bool>(&format!("SELECT {asked}")).await?;
            Ok(answer.unwrap_or(true))
        }
    }
}

/// Returns whether the server reported that the last `ROLLBACK` did not include tables without transactions.
pub(super) async fn could_not_roll_back(connection: &mut Connection) -> bool {
    const NOT_COMPLETE: i64 = 1196;
    if connection.dialect() != Dialect::Mysql {
        return false;
    }
    let warnings = connection.fetch("SHOW WARNINGS").await.unwrap_or_default();
    warnings.iter().any(|warning| warning.at(1) == Some(NOT_COMPLETE))
}

/// Waits until no session runs the statement, asks the catalog for its outcome, and removes its leftovers. A statement that
/// is still running would look as if it was not applied.
pub(super) async fn settle(
    connection: &mut Connection,
    in_flight: InFlight<'_>,
    mut waiting: Waiting,
) -> Result<Settled, DatabaseError> {
    while let Some(holder) = probe::still_running(connection, in_flight.text).await? {
        if !waiting.pause().await {
            return Ok(Settled::Running { holder, waited: waiting.elapsed() });
        }
    }
    let statements = split(in_flight.text, connection.dialect()).unwrap_or_default();
    let Some(statement) = statements.first() else {
        return Ok(Settled::Unknown { seen: Vec::new() });
    };
    match probe::probe(connection, statement, in_flight.before).await? {
        Verdict::NotDone { mend } => {
            for statement in mend {
                patience::run(connection, &statement).await?;
            }
            Ok(Settled::NotDone)
        }
        // A `DROP` of several objects may be applied in part. It cannot run again.
        Verdict::Begun { rest } if in_flight.same => {
            for statement in rest {
                patience::run(connection, &statement).await?;
            }
            Ok(Settled::Done)
        }
        Verdict::Done | Verdict::Begun { .. } | Verdict::Unknown { .. } if in_flight.failed => {
            Ok(Settled::NotDone)
        }
        Verdict::Begun { rest } => {
            let left = |statement| format!("applied in part; still to do: `{statement}`");
            Ok(Settled::Unknown { seen: rest.into_iter().map(left).collect() })
        }
        Verdict::Done => Ok(Settled::Done),
        Verdict::Unknown { seen } => Ok(Settled::Unknown { seen }),
    }
}
