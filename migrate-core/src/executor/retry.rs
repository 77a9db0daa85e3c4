//! Steps that another session kept from being done are run again.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use crate::executor::progress::journal;
use crate::executor::{Aftermath, Executor, RunError, StepError, Stop};
use crate::observer::Event;
use crate::plan::{Resume, Step, Work};
use crate::revision::RevisionKey;

/// The first pause, unless the time for all of them is short.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// The pauses before one step is tried again: growing, never two the same, and together with what is tried between
/// them no longer than a run waits.
pub(super) struct Retries {
    begun: Instant,
    longest: Duration,
    pause: Duration,
}

impl Retries {
    /// Begins when a step has failed first. With nothing to wait for, there is no retry.
    pub(super) fn new(longest: Duration) -> Self {
        Self { begun: Instant::now(), longest, pause: FIRST_PAUSE.min(longest / 10) }
    }

    /// The pause before the next attempt; nothing when the time is up.
    pub(super) fn next_pause(&mut self) -> Option<Duration> {
        self.after(self.begun.elapsed(), fastrand::f64())
    }

    /// The same, when so much time has passed, with a chance from 0 to 1.
    fn after(&mut self, elapsed: Duration, chance: f64) -> Option<Duration> {
        let left = self.longest.checked_sub(elapsed).filter(|left| !left.is_zero())?;
        // Two runs that were in each other's way must not meet again.
        let pause = self.pause.mul_f64(0.5 + chance / 2.0);
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        Some(pause.min(left))
    }
}

impl Executor<'_> {
    /// Runs steps, and runs again what rolled back whole because of another session. What was done before it stands.
    pub(super) async fn patiently(&mut self, steps: &[Step]) -> Result<(), Stop> {
        let mut rest = Cow::Borrowed(steps);
        let mut retries: Option<(RevisionKey, Retries)> = None;
        loop {
            let error = match self.attempt(&rest).await {
                Err(Stop::Failed(RunError::Step(error))) => *error,
                outcome => return outcome,
            };
            let error = self.attendant.explain(error)?;
            let budget = match &mut retries {
                Some((key, budget)) if *key == error.key => budget,
                other => &mut other.insert((error.key.clone(), Retries::new(self.settings.wait))).1,
            };
            let pause = if error.passes() { budget.next_pause() } else { None };
            let (Some(pause), Some(left)) = (pause, left(&rest, &error)) else {
                return Err(error.into());
            };
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
        self.attendant.forget();
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

    /// Says that a step will be tried again, and lets the other session have its time.
    pub(super) async fn pause_before_retry(
        &mut self,
        error: &StepError,
        pause: Duration,
    ) -> Result<(), Stop> {
        let reason = error.cause.to_string();
        let (key, blockers) = (&error.key, error.blockers.as_slice());
        tracing::info!(revision = %key, reason, "trying again");
        self.observer.on(Event::Retrying { key, reason: &reason, pause, blockers });
        self.attendant.sleep(pause).await;
        self.attendant.go_on()
    }
}

/// What is left to do after a failure: the step that failed, from where it stands, and those after it. Nothing where the
/// step can neither begin anew nor go on.
fn left(steps: &[Step], error: &StepError) -> Option<Vec<Step>> {
    let failed = steps.iter().position(|step| *step.key() == error.key)?;
    let mut left = steps.get(failed..)?.to_vec();
    let first = left.first_mut()?;
    match (error.aftermath, &first.work) {
        (Aftermath::RolledBack, _) => {}
        (Aftermath::Half { done }, Work::Sql(_)) => {
            first.resume = Some(Resume { done, journal: journal(first, done, true) });
        }
        (Aftermath::Half { .. }, Work::Code(_) | Work::Nothing) | (Aftermath::Unknown, _) => {
            return None;
        }
    }
    Some(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end_with_the_time() {
        let mut retries = Retries::new(Duration::from_mins(1));
        let seconds = |pause: Option<Duration>| pause.map(|pause| pause.as_secs_f64());
        let pauses: Vec<_> = (0..6).map(|_| seconds(retries.after(Duration::ZERO, 1.0))).collect();
        assert_eq!(pauses, [1.0, 2.0, 4.0, 8.0, 10.0, 10.0].map(Some));
        assert_eq!(seconds(retries.after(Duration::ZERO, 0.0)), Some(5.0));
        assert_eq!(seconds(retries.after(Duration::from_secs(58), 1.0)), Some(2.0));
        assert_eq!(retries.after(Duration::from_mins(1), 1.0), None);
        assert_eq!(retries.after(Duration::from_mins(2), 1.0), None);
    }

    #[test]
    fn a_short_time_has_short_pauses() {
        let mut retries = Retries::new(Duration::from_secs(2));
        assert_eq!(retries.after(Duration::ZERO, 1.0), Some(Duration::from_millis(200)));
    }

    #[test]
    fn without_time_there_is_no_retry() {
        assert_eq!(Retries::new(Duration::ZERO).next_pause(), None);
    }
}
