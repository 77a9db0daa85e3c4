//! Renews a lease on a separate connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::engine::connection::{Connection, DatabaseError, ErrorKind};
use crate::engine::connector::Connector;
use crate::run::lock::lease::Lease;

/// A lease that is held. It is renewed until it is dropped, and then expires.
#[derive(Debug)]
pub(crate) struct Heartbeat {
    lease: Lease,
    token: i64,
    fence: String,
    lost: Arc<AtomicBool>,
    task: JoinHandle<()>,
}

impl Drop for Heartbeat {
    // The server may still be running a statement of a cancelled run for a while. So the lease is not released at once,
    // but left to expire.
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Heartbeat {
    pub(super) fn start(
        lease: Lease,
        token: i64,
        (connector, first): (Connector, Connection),
    ) -> Self {
        let lost = Arc::new(AtomicBool::new(false));
        let beating = beat(lease.clone(), token, (connector, first), Arc::clone(&lost));
        let (fence, task) = (lease.fence(token), tokio::spawn(beating));
        Self { lease, token, fence, lost, task }
    }

    pub(super) fn fence(&self) -> &str {
        &self.fence
    }

    pub(super) fn lease(&self) -> &Lease {
        &self.lease
    }

    pub(super) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// Returns whether this run still holds the lease; `true` if that cannot be determined.
    pub(super) async fn is_kept(&self, connection: &mut Connection) -> bool {
        self.lease.beat(connection, self.token).await.unwrap_or(true)
    }

    /// Stops renewing, and releases the lease.
    pub(super) async fn release(self, connection: &mut Connection) -> Result<(), DatabaseError> {
        self.task.abort();
        self.lease.release(connection, self.token).await
    }
}

/// Renews the lease until it is lost. After a renewal that fails or hangs, the next one uses a new connection: only the
/// database knows whether the lease is still held.
async fn beat(
    lease: Lease,
    token: i64,
    (connector, first): (Connector, Connection),
    lost: Arc<AtomicBool>,
) {
    let mut connection = Some(first);
    loop {
        sleep(lease.pause()).await;
        let beating = beat_once(&lease, token, (&connector, connection.take()));
        let late = |_| Err(DatabaseError::new(ErrorKind::Other, "no answer in time"));
        match timeout(lease.pause() * 2, beating).await.unwrap_or_else(late) {
            Ok((open, true)) => connection = Some(open),
            Ok((_, false)) => return lost.store(true, Ordering::Relaxed),
            Err(error) => {
                tracing::warn!(%error, "the lease could not be renewed; trying again");
            }
        }
    }
}

/// Renews once, and returns the connection and whether the lease is still held.
async fn beat_once(
    lease: &Lease,
    token: i64,
    (connector, open): (&Connector, Option<Connection>),
) -> Result<(Connection, bool), DatabaseError> {
    let mut connection = match open {
        Some(open) => open,
        None => connector.open().await?,
    };
    let kept = lease.beat(&mut connection, token).await?;
    Ok((connection, kept))
}
