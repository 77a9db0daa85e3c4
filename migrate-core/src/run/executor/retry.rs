//! Retries steps that failed because of another session.

use std::borrow::Cow;
use std::time::Duration;

use crate::declare::revision::RevisionKey;
use crate::history::before_retry;
use crate::plan::{Mode, Resume, Step, Work};
use crate::run::executor::progress::journal;
use crate::run::executor::{Aftermath, Executor, RunError, StepError, Stop};
use crate::run::observer::Event;
use crate::run::pauses::Pauses;
use crate::sql::script::Hold;

/// The first pause, unless the total time is short.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Returns the pauses between the attempts of one step, limited to the wait of the run.
fn pauses(wait: Duration) -> Pauses {
    Pauses::new(wait, FIRST_PAUSE.min(wait / 10), LONGEST_PAUSE)
}

impl Executor<'_> {
    /// Runs steps, and retries those that were completely rolled back because of another session. Steps before remain done.
    pub(super) async fn patiently(&mut self, steps: &[Step]) -> Result<(), Stop> {
        let mut rest = Cow::Borrowed(steps);
        let mut retries: Option<(RevisionKey, Pauses)> = None;
        loop {
            let error = match self.attempt(&rest).await {
                Err(Stop::Failed(RunError::Step(error))) => *error,
                Err(Stop::Unheld(key)) => {
                    // It starts again in the same session.
                    self.undo_traces().await.map_err(RunError::Session)?;
                    rest = Cow::Owned(marked(&rest, &key));
                    continue;
                }
                outcome => return outcome,
            };
            let error = self.watchdog.explain(error)?;
            let budget = match &mut retries {
                Some((key, budget)) if *key == error.key => budget,
                other => &mut other.insert((error.key.clone(), pauses(self.settings.wait))).1,
            };
            let pause = if error.passes() { budget.next() } else { None };
            let (Some(pause), Some(left)) = (pause, left(&rest, &error)) else {
                return Err(error.into());
            };
            if left.first().is_some_and(starts_again) {
                // It starts again: its leftovers in the session would block it.
                self.undo_traces().await.map_err(RunError::Session)?;
            }
            self.pause_before_retry(&error, pause).await?;
            rest = Cow::Owned(left);
            if let Some(first) = rest.to_mut().first_mut()
                && first.resume.is_some()
            {
                *first = self.resumed(first).await?;
            }
        }
    }

    async fn attempt(&mut self, steps: &[Step]) -> Result<(), Stop> {
        self.watchdog.forget();
        match steps {
            [step] if self.must_borrow(step) => self.borrowed(step).await,
            [step] => self.one(step).await,
            _ => self.together(steps).await,
        }
    }

    pub(super) async fn one(&mut self, step: &Step) -> Result<(), Stop> {
        match &step.work {
            Work::Code(body) => self.code(step, body).await,
            Work::Sql(_) | Work::Nothing => self.together(std::slice::from_ref(step)).await,
        }
    }

    /// Reports that a step will be retried, and pauses.
    pub(super) async fn pause_before_retry(
        &mut self,
        error: &StepError,
        pause: Duration,
    ) -> Result<(), Stop> {
        let reason = error.cause.to_string();
        let (key, blockers) = (&error.key, error.blockers.as_slice());
        tracing::info!(revision = %key, reason, "trying again");
        self.observer.on(Event::Retrying { key, reason: &reason, pause, blockers });
        self.watchdog.sleep(pause).await;
        self.watchdog.go_on()
    }
}

/// Returns the remaining steps from this revision on, with its statements journaled one by one.
fn marked(steps: &[Step], key: &RevisionKey) -> Vec<Step> {
    let mut left: Vec<Step> = steps.iter().skip_while(|step| step.key() != key).cloned().collect();
    if let Some(first) = left.first_mut() {
        tracing::info!(revision = %key, "cannot run in a transaction; journaling its statements one by one");
        first.mode = Mode::Journaled;
    }
    left
}

/// Returns whether none of the step's statements are done.
fn starts_again(step: &Step) -> bool {
    step.resume.as_ref().is_none_or(|resume| resume.done == 0 && resume.journal.is_empty())
}

/// Returns the remaining steps after a failure: the failed one, from where it stopped, and those after it. `None` if the step
/// can neither start again nor resume.
fn left(steps: &[Step], error: &StepError) -> Option<Vec<Step>> {
    let failed = steps.iter().position(|step| *step.key() == error.key)?;
    let mut left = steps.get(failed..)?.to_vec();
    let first = left.first_mut()?;
    match (error.aftermath, &first.work) {
        (Aftermath::RolledBack, _) => {}
        // A statement that commits internally may be applied in part, and is only repeated if that is known to be safe.
        (Aftermath::Half { done }, Work::Sql(script)) => {
            let opaque = script.statements().nth(done).is_some_and(|it| it.hold() == Hold::Opaque);
            let repeatable = !opaque && before_retry(&script.split(), done).is_some();
            first.resume = Some(match (repeatable, first.migration.reruns()) {
                (true, _) => Resume::after(done, journal(first, done, true)),
                (false, true) => Resume::from_start(),
                (false, false) => return None,
            });
        }
        (Aftermath::Half { .. }, Work::Code(_)) if first.migration.reruns() => {
            first.resume = Some(Resume::from_start());
        }
        (Aftermath::Half { .. }, Work::Code(_) | Work::Nothing)
        | (Aftermath::Torn { .. } | Aftermath::Escaped | Aftermath::Unknown, _) => return None,
    }
    Some(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_time_has_short_pauses() {
        let pause = pauses(Duration::from_secs(2)).next();
        assert!(pause.is_some_and(|pause| pause <= Duration::from_millis(200)), "{pause:?}");
    }

    #[test]
    fn without_time_there_is_no_retry() {
        assert_eq!(pauses(Duration::ZERO).next(), None);
    }
}
