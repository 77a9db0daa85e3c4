//! Runs code migrations.

use crate::body::{BoxError, CodeBody};
use crate::connection::ErrorKind;
use crate::db::{Db, DbError};
use crate::executor::excerpt::Sent;
use crate::executor::{Aftermath, Excerpt, Executor, StepCause, Stop};
use crate::plan::{Mode, Step};

impl Executor<'_> {
    /// Runs one code migration, its history row around it.
    pub(super) async fn code(&mut self, step: &Step, body: &CodeBody) -> Result<(), Stop> {
        let (before, after) = self.composer().around_code(step);
        let steps = std::slice::from_ref(step);
        let transaction = self.begin(steps).await?;
        let progress = self.send(std::slice::from_ref(&before)).await;
        if let Some(refused) = &progress.refused {
            return self.recover(steps, &transaction, &progress, refused).await;
        }

        // Lent for good: should this future be dropped, the connection goes with it, and the server rolls back.
        let mut db = Db::live(self.connection.take(), self.states.clone());
        let outcome = body.run(&mut db).await;
        let statements = db.statements();
        let failure = db.take_failure();
        if let Some(connection) = db.into_connection() {
            *self.connection = connection;
        }
        if let Err(error) = outcome {
            self.undo_step(&transaction).await;
            self.abandon(&transaction).await;
            return Err(self.code_failed(step, statements, error, failure).await);
        }

        let mut progress = self.send(std::slice::from_ref(&after)).await;
        progress.of_code = statements;
        match (&progress.refused, failure) {
            (None, _) => self.settle(steps, &transaction, &progress).await,
            // The code went on after a refusal that had ended its transaction: that refusal is to blame.
            (Some(_), Some(failure)) => {
                self.undo_step(&transaction).await;
                self.abandon(&transaction).await;
                Err(self.code_failed(step, statements, Box::new(failure.clone()), Some(failure)).await)
            }
            (Some(refused), None) => self.recover(steps, &transaction, &progress, refused).await,
        }
    }

    async fn code_failed(
        &mut self,
        step: &Step,
        statements: usize,
        error: BoxError,
        failure: Option<DbError>,
    ) -> Stop {
        let lost = failure.as_ref().and_then(DbError::database_error).is_some_and(|e| e.kind == ErrorKind::Connection);
        let aftermath = match step.mode {
            _ if lost => Aftermath::Unknown,
            Mode::Transaction => Aftermath::RolledBack,
            Mode::Marks => Aftermath::Half { done: statements },
        };
        let excerpt = failure.as_ref().and_then(|failure| excerpt(step, failure));
        let statement = excerpt.is_some().then_some(statements + 1);
        let cause = match failure {
            Some(failure) if failure.to_string() == error.to_string() => StepCause::Call(failure),
            _ => StepCause::Code(error),
        };
        self.fail(step, statement, aftermath, excerpt, cause).await
    }
}

/// The SQL around the fault of a call.
fn excerpt(step: &Step, failure: &DbError) -> Option<Excerpt> {
    let sql = failure.sql.as_deref()?;
    let sent = Sent {
        text: sql,
        offset: 0,
        statement: sql,
        source: None,
        origin: step.migration.origin(),
        caller: failure.location,
    };
    failure.database_error().map(|error| Excerpt::of(&sent, error))
}
