//! Sends the statements of code: after a check, or recorded in the journal.

use crate::db::call_journal::{Call, CallJournal, Done, Replay};
use crate::db::error::DbErrorCause;
use crate::engine::connection::{Connection, DatabaseError, Row, kept};
use crate::sql::Dialect;
use crate::sql::script::{Hold, Script, ScriptStatement};

/// Returns a query that fails if the effects of a statement would remain although its transaction is rolled back. It runs
/// right before the statement.
pub(crate) type Guard = fn(&str, Dialect) -> Option<String>;

async fn run(
    connection: &mut Connection,
    statement: ScriptStatement<'_>,
) -> Result<u64, DbErrorCause> {
    let ran = connection.run(statement.text()).await;
    ran.outcome.map(|()| ran.rows_affected).map_err(DbErrorCause::Database)
}

/// Runs a statement in the migration's transaction, or refuses it.
pub(super) async fn guarded(
    connection: &mut Connection,
    statement: ScriptStatement<'_>,
    guard: Option<Guard>,
) -> Result<u64, DbErrorCause> {
    let question = guard.and_then(|guard| guard(statement.text(), connection.dialect()));
    let Some(question) = question else {
        return run(connection, statement).await;
    };
    // In one message, so that the check costs no round trip.
    let ran = connection.run(&format!("{question};\n{}", statement.text())).await;
    match ran.outcome {
        Ok(()) => Ok(ran.rows_affected),
        Err(error) if ran.answers.is_empty() && is_refusal(&error) => Err(DbErrorCause::Unheld),
        Err(error) => Err(DbErrorCause::Database(error)),
    }
}

/// Runs statements that change something and return rows, in the migration's transaction, or refuses them.
pub(super) async fn fetch_guarded(
    connection: &mut Connection,
    script: &Script,
    guard: Option<Guard>,
) -> Result<Vec<Row>, DbErrorCause> {
    for statement in script.statements().filter(|_| guard.is_some()) {
        if statement.hold() != Hold::Together {
            return Err(DbErrorCause::Unheld);
        }
        let question = guard.and_then(|guard| guard(statement.text(), connection.dialect()));
        if let Some(question) = question {
            connection.execute(&question).await.map_err(|error| {
                if is_refusal(&error) {
                    DbErrorCause::Unheld
                } else {
                    DbErrorCause::Database(error)
                }
            })?;
        }
    }
    connection.fetch(script.text()).await.map_err(DbErrorCause::Database)
}

/// Returns whether it is the error of a guard: a subquery with two rows.
fn is_refusal(error: &DatabaseError) -> bool {
    error.code.as_ref().is_some_and(|code| code.starts_with("21000"))
}

/// Runs and records a statement, unless an earlier run did.
pub(super) async fn accounted(
    connection: &mut Connection,
    journal: &mut dyn CallJournal,
    statement: ScriptStatement<'_>,
) -> Result<u64, DbErrorCause> {
    match journal.begin(connection, Call::statement(statement)).await? {
        Replay::Skip(done) => Ok(done.rows),
        Replay::Retry => run(connection, statement).await,
        Replay::Run => match run(connection, statement).await {
            Ok(rows) => {
                let done = Done { rows, answer: None };
                journal.end(connection, done).await.map_err(DbErrorCause::Database)?;
                Ok(rows)
            }
            Err(cause) => {
                journal.fail(connection).await;
                Err(cause)
            }
        },
    }
}

/// Does the same for statements that return rows. Queries are repeated by a run that resumes.
pub(super) async fn fetch_accounted(
    connection: &mut Connection,
    journal: &mut dyn CallJournal,
    script: &Script,
) -> Result<Vec<Row>, DbErrorCause> {
    let mut rows = Vec::new();
    for statement in script.statements() {
        rows.extend(if statement.only_reads() {
            journal.may_read(statement)?;
            connection.fetch(statement.text()).await.map_err(DbErrorCause::Database)?
        } else {
            fetch_between_marks(connection, journal, statement).await?
        });
    }
    Ok(rows)
}

/// Runs and records a statement that changes something and returns rows. A later run gets the same result.
async fn fetch_between_marks(
    connection: &mut Connection,
    journal: &mut dyn CallJournal,
    statement: ScriptStatement<'_>,
) -> Result<Vec<Row>, DbErrorCause> {
    match journal.begin(connection, Call::statement(statement)).await? {
        Replay::Skip(done) => {
            let kept = done.answer.as_deref().and_then(kept::decode_rows);
            kept.ok_or_else(|| DbErrorCause::Unrepeatable { statement: journal.past() })
        }
        Replay::Retry => connection.fetch(statement.text()).await.map_err(DbErrorCause::Database),
        Replay::Run => match connection.fetch(statement.text()).await {
            Ok(rows) => {
                let done = Done { rows: 0, answer: kept::encode_rows(&rows) };
                journal.end(connection, done).await.map_err(DbErrorCause::Database)?;
                Ok(rows)
            }
            Err(error) => {
                journal.fail(connection).await;
                Err(DbErrorCause::Database(error))
            }
        },
    }
}
