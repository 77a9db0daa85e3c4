//! Ctrl-C, SIGTERM, and a terminal that is closed.

#[cfg(unix)]
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use migrate_core::StopHandle;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::error::Exit;

/// Stops the run that goes on, if one does. Whatever else a command does can be dropped at once.
#[derive(Clone, Debug, Default)]
pub struct StopSwitch {
    handle: StopHandle,
    running: Arc<AtomicBool>,
}

impl StopSwitch {
    /// What the run listens to.
    pub(crate) fn handle(&self) -> StopHandle {
        self.handle.clone()
    }

    /// Notes that a run goes on, as long as the answer is kept.
    pub(crate) fn run(&self) -> Running<'_> {
        self.running.store(true, Ordering::Relaxed);
        Running(&self.running)
    }

    /// Tells the run to stop; false if none goes on.
    pub fn stop(&self) -> bool {
        let running = self.running.load(Ordering::Relaxed);
        if running {
            self.handle.stop();
        }
        running
    }
}

/// A run goes on as long as this is kept.
pub(crate) struct Running<'a>(&'a AtomicBool);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// The signals that end a process politely, listened to from when this is made.
pub(crate) struct Signals(#[cfg(unix)] Option<Unix>);

#[cfg(unix)]
struct Unix {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

#[cfg(unix)]
impl Signals {
    /// Begins to listen. Where that cannot be, the system's own way stays: the process dies.
    pub(crate) fn listen() -> Self {
        let listening = || {
            Ok::<_, io::Error>(Unix {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
                hang_up: signal(SignalKind::hangup())?,
            })
        };
        Self(listening().ok())
    }

    /// Waits for the next one, and gives the exit code for it.
    pub(crate) async fn next(&mut self) -> Exit {
        let Some(Unix { interrupt, terminate, hang_up }) = &mut self.0 else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = interrupt.recv() => Exit::INTERRUPTED,
            _ = terminate.recv() => Exit::TERMINATED,
            _ = hang_up.recv() => Exit::HUNG_UP,
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    /// Begins to listen.
    pub(crate) fn listen() -> Self {
        Self()
    }

    /// Waits for the next one, and gives the exit code for it.
    pub(crate) async fn next(&mut self) -> Exit {
        if tokio::signal::ctrl_c().await.is_err() {
            // Without a handler the system's own way stays: the process dies.
            std::future::pending::<()>().await;
        }
        Exit::INTERRUPTED
    }
}
