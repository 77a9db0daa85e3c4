//! Ctrl-C, SIGTERM, and a terminal that is closed.

#[cfg(unix)]
use std::io;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use migrate_core::StopHandle;
use tokio::runtime::Builder;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::error::Exit;

/// How long the command has to leave by itself when it is told to leave at once.
const LEAVING: Duration = Duration::from_millis(500);

/// What a signal asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Asked {
    /// The run that goes on, if one does, is told to stop and ends in order.
    Stop(Exit),
    /// To leave at once.
    Leave(Exit),
}

/// What is said about signals.
pub(crate) trait Speech: Clone + Send + 'static {
    /// The run is told to stop.
    fn stopping(&self);
    /// The command ends at once. Printed once, by the first thread that gets to it.
    fn left(&self, exit: Exit);
}

/// Listens to signals on a thread of its own, so that code that blocks the command's cannot keep them from being heard.
/// Where the command does not leave by itself, the process is ended.
pub(crate) struct Listener(UnboundedReceiver<Asked>);

impl Listener {
    /// Begins to listen. Where that cannot be, the system's own way stays: the process dies.
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

    /// Returns the signal that has come and was not waited for.
    pub(crate) fn pending(&mut self) -> Option<Exit> {
        let (Asked::Stop(exit) | Asked::Leave(exit)) = self.0.try_recv().ok()?;
        Some(exit)
    }

    /// Waits for the next signal, and says what it asks for.
    pub(crate) async fn next(&mut self) -> Asked {
        match self.0.recv().await {
            Some(asked) => asked,
            None => std::future::pending().await,
        }
    }
}

/// Says something on a thread of its own, because nobody may read it: a full pipe, or a lock that blocked code holds. The
/// answer comes when it is said.
fn aside<S: Speech>(speech: &S, say: impl FnOnce(&S) + Send + 'static) -> Receiver<()> {
    let (done, told) = channel();
    let speech = speech.clone();
    thread::spawn(move || {
        say(&speech);
        done.send(()).ok();
    });
    told
}

async fn pass_on(
    mut signals: Signals,
    stop: &StopSwitch,
    speech: &impl Speech,
    to: &UnboundedSender<Asked>,
) {
    let mut exit = signals.next().await;
    // Before the run is told, because it may end before anything else happens here.
    to.send(Asked::Stop(exit)).ok();
    if stop.stop() {
        aside(speech, Speech::stopping);
        exit = signals.next().await;
    }
    to.send(Asked::Leave(exit)).ok();
    tokio::time::sleep(LEAVING).await;
    let told = aside(speech, move |speech| speech.left(exit));
    told.recv_timeout(LEAVING).ok();
    #[expect(
        clippy::exit,
        clippy::disallowed_methods,
        reason = "the command's own thread is blocked by code of a migration, and would never come to its end"
    )]
    process::exit(exit.code().into());
}

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

/// The signals that end a process politely, listened to from when this is made. Signals that the process was started to
/// ignore, for example by `nohup`, stay ignored.
#[derive(Default)]
struct Signals {
    #[cfg(unix)]
    interrupt: Option<Signal>,
    #[cfg(unix)]
    terminate: Option<Signal>,
    #[cfg(unix)]
    hang_up: Option<Signal>,
}

#[cfg(unix)]
impl Signals {
    /// Begins to listen. Where that cannot be, the system's own way stays: the process dies.
    fn listen() -> Self {
        let ignored = ignored();
        let heard = |kind: SignalKind| {
            let bit = u32::try_from(kind.as_raw_value() - 1).unwrap_or(0);
            if ignored >> bit & 1 == 1 { Ok(None) } else { signal(kind).map(Some) }
        };
        let listening = || {
            Ok::<_, io::Error>(Self {
                interrupt: heard(SignalKind::interrupt())?,
                terminate: heard(SignalKind::terminate())?,
                hang_up: heard(SignalKind::hangup())?,
            })
        };
        listening().unwrap_or_default()
    }

    /// Waits for the next one, and gives the exit code for it.
    async fn next(&mut self) -> Exit {
        tokio::select! {
            () = received(&mut self.interrupt) => Exit::INTERRUPTED,
            () = received(&mut self.terminate) => Exit::TERMINATED,
            () = received(&mut self.hang_up) => Exit::HUNG_UP,
        }
    }
}

/// Returns the signals that this process was started to ignore, a bit each from the lowest; 0 where the system does not tell.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let bits = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    bits.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok()).unwrap_or(0)
}

#[cfg(unix)]
async fn received(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}

#[cfg(not(unix))]
impl Signals {
    /// Begins to listen.
    fn listen() -> Self {
        Self::default()
    }

    /// Waits for the next one, and gives the exit code for it.
    async fn next(&mut self) -> Exit {
        if tokio::signal::ctrl_c().await.is_err() {
            // Without a handler the system's own way stays: the process dies.
            std::future::pending::<()>().await;
        }
        Exit::INTERRUPTED
    }
}
