//! What became of steps whose connection had to be ended: read on another, once the session is gone.

use crate::engine::connection::DatabaseError;
use crate::history::store;
use crate::history::{History, State};
use crate::plan::{Action, Step};
use crate::run::executor::progress::Tally;
use crate::run::executor::{Aftermath, Executor, Failure, RunError, StepCause, StepError, Stop};
use crate::run::observer::Report;

/// What history says of a step, once nobody is at it any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Done,
    /// The statements before this one are known to be done.
    Half(usize),
    /// Nothing of it is left.
    Undone,
    /// Its row looks the same either way.
    Unknown,
}

impl Executor<'_> {
    /// The end of a run whose connection was lost while these steps were in flight.
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

    /// History as it is without the session that was ended. Only where we ended it ourselves: a server that ends
    /// connections may be about to go.
    async fn truth(&mut self, error: &DatabaseError) -> Option<History> {
        if !error.was_ended_by_us() {
            return None;
        }
        let (connector, session) = (self.connector?, self.connection.session().cloned()?);
        let mut other = connector.once_gone(self.connection.dialect(), session).await?;
        let read = store::read(&mut other, &self.table).await;
        match read {
            Ok(read) => Some(read.unwrap_or_default().history),
            Err(error) => {
                tracing::warn!(%error, "what became of the steps cannot be read");
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
                // What was answered is done, whether or not its mark could be written.
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

/// Nobody can tell yet what became of the steps.
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
