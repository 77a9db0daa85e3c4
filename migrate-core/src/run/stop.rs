//! How a run is told to stop.

use std::fmt;
use std::future;
use std::sync::Arc;

use tokio::sync::watch;

/// Tells a run to stop, from wherever it is held.
///
/// The statement in flight is cancelled, its step rolls back, the lock is given back, and the run ends with
/// [`RunError::Stopped`](crate::RunError::Stopped). It can be told at any time; once is for ever.
///
/// ```no_run
/// use migrate_core::{Linked, Migrator, StopHandle, Target};
///
/// # async fn deploy(url: &str) -> Result<(), migrate_core::Error> {
/// let stop = StopHandle::new();
/// let on_shutdown = stop.clone();
/// tokio::spawn(async move {
///     if tokio::signal::ctrl_c().await.is_ok() {
///         on_shutdown.stop();
///     }
/// });
/// Migrator::new(Linked).stop_with(stop).connect(url).await?.up(Target::Head).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct StopHandle(Arc<watch::Sender<bool>>);

impl StopHandle {
    /// A handle that nobody has used yet.
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    /// Tells every run that knows this handle to stop.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was used.
    pub fn is_stopped(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is used.
    pub async fn stopped(&self) {
        // The sender is ours, so that the wait ends only one way.
        if self.0.subscribe().wait_for(|stopped| *stopped).await.is_err() {
            future::pending::<()>().await;
        }
    }
}

impl Default for StopHandle {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for StopHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StopHandle({})", self.is_stopped())
    }
}
