//! Handles Ctrl-C, SIGTERM, and a closed terminal.

#[cfg(unix)]
use std::io;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use migrate_core::StopHandle;
use tokio::runtime::Builder;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::error::Exit;

/// How long the command has to exit by itself after a request to exit at once.
const LEAVING: Duration = Duration::from_millis(500);

/// The request of a signal.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Asked {
    /// Stop the active run in an orderly way.
    Stop(Exit),
    /// Exit at once.
    Leave(Exit),
}

/// Prints messages about signals.
pub(crate) trait Speech: Clone + Send + 'static {
    /// Reports that the run is stopping.
    fn stopping(&self);
    /// Reports that the command exits at once. Prints only the first time.
    fn left(&self, exit: Exit);
}

/// Receives signals on a separate thread, because code may block the command's. If the command does not exit by itself, ends
/// the process.
pub(crate) struct Listener(UnboundedReceiver<Asked>);

impl Listener {
    /// Starts to listen. If that is not possible, the system's default remains: the process dies.
    pub(crate) fn start(stop: StopSwitch, speech: impl Speech) -> Self {
        let (sender, receiver) = unbounded_channel();
        let (ready, listening) = channel();
        let listen = move || {
            let Ok(runtime) = Builder::new_current_thread().enable_all().build() else { return };
            runtime.block_on(async {
                let signals = Signals::listen();
                ready.send(()).ok();
                pass_on(signals, &stop, &speech, &sender).await;
            });
        };
        if thread::Builder::new().name("signals".to_owned()).spawn(listen).is_ok() {
            listening.recv().ok();
        }
        Self(receiver)
    }

    /// Waits for the next signal, and returns its request.
    pub(crate) async fn next(&mut self) -> Asked {
        match self.0.recv().await {
            Some(asked) => asked,
            None => std::future::pending().await,
        }
    }
}

async fn pass_on(
    mut signals: Signals,
    stop: &StopSwitch,
    speech: &impl Speech,
    to: &UnboundedSender<Asked>,
) {
    let mut exit = signals.next().await;
    if stop.stop() {
        speech.stopping();
        to.send(Asked::Stop(exit)).ok();
        exit = signals.next().await;
    }
    to.send(Asked::Leave(exit)).ok();
    tokio::time::sleep(LEAVING).await;
    speech.left(exit);
    #[expect(
        clippy::exit,
        clippy::disallowed_methods,
        reason = "code of a migration blocks the command's own thread, so it would never end"
    )]
    process::exit(exit.code().into());
}

/// Stops the active run, if there is one. All other work of a command can be dropped at once.
#[derive(Clone, Debug, Default)]
pub struct StopSwitch {
    handle: StopHandle,
    running: Arc<AtomicBool>,
}

impl StopSwitch {
    /// Returns the handle for the run.
    pub(crate) fn handle(&self) -> StopHandle {
        self.handle.clone()
    }

    /// Marks a run as active until the returned value is dropped.
    pub(crate) fn run(&self) -> Running<'_> {
        self.running.store(true, Ordering::Relaxed);
        Running(&self.running)
    }

    /// Stops the active run; returns false if there is none.
    pub fn stop(&self) -> bool {
        let running = self.running.load(Ordering::Relaxed);
        if running {
            self.handle.stop();
        }
        running
    }
}

/// Marks a run as active until it is dropped.
pub(crate) struct Running<'a>(&'a AtomicBool);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// The signals that ask a process to end, received from its creation on.
struct Signals(#[cfg(unix)] Option<Unix>);

#[cfg(unix)]
struct Unix {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

#[cfg(unix)]
impl Signals {
    /// Starts to listen. If that is not possible, the system's default remains: the process dies.
    fn listen() -> Self {
        let listening = || {
            Ok::<_, io::Error>(Unix {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
                hang_up: signal(SignalKind::hangup())?,
            })
        };
        Self(listening().ok())
    }

    /// Waits for the next signal, and returns its exit code.
    async fn next(&mut self) -> Exit {
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
    /// Starts to listen.
    fn listen() -> Self {
        Self()
    }

    /// Waits for the next signal, and returns its exit code.
    async fn next(&mut self) -> Exit {
        if tokio::signal::ctrl_c().await.is_err() {
            // Without a handler the system's default remains: the process dies.
            std::future::pending::<()>().await;
        }
        Exit::INTERRUPTED
    }
}
