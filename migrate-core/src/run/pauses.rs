//! Pauses between retries.

use std::time::{Duration, Instant};

/// The pauses between retries: growing, randomised, and together with the attempts limited to a given time.
#[derive(Debug)]
pub(crate) struct Pauses {
    begun: Instant,
    given: Duration,
    next: Duration,
    longest: Duration,
}

impl Pauses {
    /// Starts now. Pauses grow from `first` to `longest`; if `given` is zero, there are none.
    pub(crate) fn new(given: Duration, first: Duration, longest: Duration) -> Self {
        Self { begun: Instant::now(), given, next: first, longest }
    }

    /// Returns the pause before the next attempt; `None` when the time is up.
    pub(crate) fn next(&mut self) -> Option<Duration> {
        self.after(self.elapsed(), fastrand::f64())
    }

    /// Returns the pause after the elapsed time, with a random number from 0 to 1.
    fn after(&mut self, elapsed: Duration, chance: f64) -> Option<Duration> {
        let left = self.given.checked_sub(elapsed).filter(|left| !left.is_zero())?;
        // Two runs that blocked each other must not retry at the same time.
        let pause = self.next.mul_f64(0.5 + chance / 2.0);
        self.next = (self.next * 2).min(self.longest);
        Some(pause.min(left))
    }

    pub(crate) fn given(&self) -> Duration {
        self.given
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Returns the remaining time.
    pub(crate) fn left(&self) -> Duration {
        self.given.saturating_sub(self.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end_with_the_time() {
        let (first, longest) = (Duration::from_secs(1), Duration::from_secs(10));
        let mut pauses = Pauses::new(Duration::from_mins(1), first, longest);
        let seconds = |pause: Option<Duration>| pause.map(|pause| pause.as_secs_f64());
        let grown: Vec<_> = (0..6).map(|_| seconds(pauses.after(Duration::ZERO, 1.0))).collect();
        assert_eq!(grown, [1.0, 2.0, 4.0, 8.0, 10.0, 10.0].map(Some));
        assert_eq!(seconds(pauses.after(Duration::ZERO, 0.0)), Some(5.0));
        assert_eq!(seconds(pauses.after(Duration::from_secs(58), 1.0)), Some(2.0));
        assert_eq!(pauses.after(Duration::from_mins(1), 1.0), None);
        assert_eq!(pauses.after(Duration::from_mins(2), 1.0), None);
    }

    #[test]
    fn without_time_there_is_no_pause() {
        let second = Duration::from_secs(1);
        assert_eq!(Pauses::new(Duration::ZERO, second, second).next(), None);
    }
}
