//! Waiting for a lock: growing pauses, a deadline, and reports about the holder.

use std::time::Duration;

use crate::engine::holder::Holder;
use crate::run::lock::LockError;
use crate::run::observer::{Event, Observer};
use crate::run::pauses::Pauses;
use crate::run::stop::StopHandle;

/// The longest pause between two attempts. A lease leaves its session as the server set it up, so an idle limit of 1 s must
/// not end it meanwhile.
const LONGEST_PAUSE: Duration = Duration::from_millis(500);
const FIRST_PAUSE: Duration = Duration::from_millis(25);

/// Attempts to acquire a lock, with growing pauses, until a deadline.
pub(crate) struct Waiting {
    pauses: Pauses,
    stop: Option<StopHandle>,
    /// The holder that was reported to the observer.
    told: Option<Holder>,
}

impl Waiting {
    pub(crate) fn new(deadline: Duration, stop: Option<StopHandle>) -> Self {
        Self { pauses: Pauses::new(deadline, FIRST_PAUSE, LONGEST_PAUSE), stop, told: None }
    }

    /// Pauses because of `holder`, which is reported once. Fails when the time is up.
    pub(crate) async fn wait_for(
        &mut self,
        holder: Holder,
        observer: &mut dyn Observer,
    ) -> Result<(), LockError> {
        if !self.told.as_ref().is_some_and(|told| told.is_same(&holder)) {
            observer.on(Event::Waiting { holder: &holder, deadline: self.pauses.given() });
            self.told = Some(holder.clone());
        }
        if self.pause().await {
            return Ok(());
        }
        Err(LockError::Held { holder: Box::new(holder), waited: self.elapsed() })
    }

    /// Pauses; `false` when the time is up, or the run was stopped.
    pub(crate) async fn pause(&mut self) -> bool {
        let Some(pause) = self.pauses.next() else { return false };
        let pause = tokio::time::sleep(pause);
        match &self.stop {
            Some(stop) => tokio::select! {
                () = stop.stopped() => return false,
                () = pause => {}
            },
            None => pause.await,
        }
        true
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.pauses.elapsed()
    }
}
