//! The outcome of steps whose connection was ended: read on another connection, once the session is gone.

use crate::engine::connection::DatabaseError;
use crate::history::store;
use crate::history::{History, State};
use crate::plan::{Action, Step};
use crate::run::executor::progress::Tally;
use crate::run::executor::{Aftermath, Executor, Failure, RunError, StepCause, StepError, Stop};
use crate::run::observer::Report;

/// The outcome of a step according to history, once no session is running it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Done,
    /// The statements before this one are done.
    Half(usize),
    /// It was rolled back.
    Undone,
    /// Its row does not tell.
    Unknown,
}

impl Executor<'_> {
    /// Ends a run whose connection was lost while these steps were running.
    pub(super) async fn lost(
        &mut self,
        (steps, failed): (&[Step], usize),
        tallies: &[Tally],
        error: &DatabaseError,
    ) -> Stop {
        match self.truth(error).await {
            Some(history) => self.tell_truth((steps, tallies), &history, error),
            None => outcome_unknown((steps, failed), error),
        }
    }

    /// Reads history once the ended session is gone. Only if we ended it ourselves: a server that ends connections may be
    /// shutting down.
    async fn truth(&mut self, error: &DatabaseError) -> Option<History> {
        if !error.was_ended_by_us() {
            return None;
        }
        let (connector, session) = (self.connector?, self.connection.session().cloned()?);
        let mut other = connector.once_gone(self.connection.dialect(), session).await?;
        let read = store::read(&mut other, &self.table).await;
        match read {
            Ok(read) => Some(read.history),
            Err(error) => {
                tracing::warn!(%error, "the outcome of the steps cannot be read");
                None
            }
        }
    }

    fn tell_truth(
        &mut self,
        (steps, tallies): (&[Step], &[Tally]),
        history: &History,
        error: &DatabaseError,
    ) -> Stop {
        for (index, step) in steps.iter().enumerate() {
            let seen = tallies.get(index).cloned().unwrap_or_default();
            let aftermath = match fate(step, history) {
                Fate::Done => {
                    let row = history.get(step.key());
                    let took = row.and_then(|row| row.duration).map(|took| took.as_millis());
                    self.done(step, step.statements(), took.and_then(|ms| ms.try_into().ok()));
                    continue;
                }
                // An answered statement is done, even if its journal entry was not written.
                Fate::Half(done) => {
                    Aftermath::Half { done: done.max(step.already_done() + seen.statements) }
                }
                Fate::Undone => Aftermath::RolledBack,
                Fate::Unknown => Aftermath::Unknown,
            };
            let failure = Failure::new(aftermath, StepCause::Database(error.clone()));
            return StepError::new(step, failure).into();
        }
        let ended = if self.watchdog.is_stopped() {
            RunError::stopped(None)
        } else {
            RunError::Lost { report: Report::default(), source: error.clone() }
        };
        ended.into()
    }
}

/// Ends a run with steps whose outcome is unknown.
fn outcome_unknown((steps, failed): (&[Step], usize), error: &DatabaseError) -> Stop {
    let Some(step) = steps.get(failed) else { return RunError::Session(error.clone()).into() };
    let failure = Failure::new(Aftermath::Unknown, StepCause::Database(error.clone()));
    let in_flight = steps.iter().map(|step| step.key().clone()).collect();
    StepError { in_flight, ..StepError::new(step, failure) }.into()
}

fn fate(step: &Step, history: &History) -> Fate {
    let row = history.get(step.key());
    let half = |done: i64| Fate::Half(usize::try_from(done).unwrap_or(0));
    match (step.action, row) {
        (Action::Apply | Action::Stamp, None) | (Action::Forget | Action::Unstamp, Some(_)) => {
            Fate::Undone
        }
        (Action::Apply | Action::Stamp, Some(row)) => match row.state {
            State::Applied => Fate::Done,
            State::Started | State::Failed | State::Reverting => half(row.statements_done),
        },
        (Action::Revert | Action::Forget | Action::Unstamp, None) => Fate::Done,
        (Action::Revert, Some(row)) => match row.state {
            State::Reverting => half(row.statements_done),
            State::Applied | State::Started | State::Failed => Fate::Undone,
        },
        (Action::Repair, _) => Fate::Unknown,
    }
}
