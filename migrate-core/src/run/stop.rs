//! Stopping a run.

use std::fmt;
use std::future;
use std::sync::Arc;

use tokio::sync::watch;

/// A handle that stops a run, from any task or thread.
///
/// The running statement is cancelled, its step is rolled back, the lock is released, and the run ends with
/// [`RunError::Stopped`](crate::RunError::Stopped). It can be used at any time and cannot be undone.
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
    /// Creates a handle that has not been used.
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    /// Stops every run with this handle. Can be called at any time and cannot be undone.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Returns whether it was used.
    pub fn is_stopped(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is used.
    pub async fn stopped(&self) {
        // We hold the sender, so the wait can only succeed.
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
