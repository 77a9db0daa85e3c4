//! Ctrl-C and SIGTERM.

use crate::error::Exit;

/// Waits until the process is told to stop, and gives the exit code for it.
pub(crate) async fn stopped() -> Exit {
    tokio::select! {
        () = interrupted() => Exit::INTERRUPTED,
        () = terminated() => Exit::TERMINATED,
    }
}

async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        // Without a handler the system's own way stays: the process dies.
        std::future::pending::<()>().await;
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};

    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}
