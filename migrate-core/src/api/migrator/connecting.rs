//! Connecting to a server that may not be running yet.

use std::time::Duration;

use crate::api::error::Error;
use crate::api::migrator::Migrator;
use crate::api::migrator::storage::located;
use crate::engine::backend::{self, Missing};
use crate::engine::connection::{Connection, DatabaseError};
use crate::engine::url::DatabaseUrl;
use crate::run::executor::RunError;
use crate::run::observer::Event;
use crate::run::pauses::Pauses;
use crate::run::stop::StopHandle;

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// The time for an attempt to connect, however little time is left.
const SHORTEST_ATTEMPT: Duration = Duration::from_secs(1);

impl Migrator {
    /// Connects, unless the run is stopped.
    pub(super) async fn open(&mut self, url: &DatabaseUrl) -> Result<Connection, Error> {
        let connecting = |source| located(Error::Connect { url: url.to_string(), source }, url);
        let stop = self.stop.clone();
        let opened = self.open_patiently(url);
        let Some(stop) = stop else { return opened.await.map_err(connecting) };
        tokio::select! {
            biased;
            () = StopHandle::stopped(&stop) => Err(Error::Run(RunError::stopped(None))),
            opened = opened => opened.map_err(connecting),
        }
    }

    /// Connects, and retries while there is time and the server may still start.
    async fn open_patiently(&mut self, url: &DatabaseUrl) -> Result<Connection, DatabaseError> {
        let mut pauses = Pauses::new(self.patience, FIRST_PAUSE, LONGEST_PAUSE);
        let mut told = false;
        loop {
            let limit = (!self.patience.is_zero()).then(|| pauses.left().max(SHORTEST_ATTEMPT));
            let error = match attempt(url, self.missing, limit).await {
                Err(error) if error.may_pass() => error,
                outcome => return outcome,
            };
            let Some(pause) = pauses.next() else { return Err(error) };
            if !std::mem::replace(&mut told, true) {
                let (reason, deadline) = (error.cause(), self.patience);
                self.observer.on(Event::Connecting { reason: &reason, deadline });
            }
            tokio::time::sleep(pause).await;
        }
    }
}

async fn attempt(
    url: &DatabaseUrl,
    missing: Missing,
    limit: Option<Duration>,
) -> Result<Connection, DatabaseError> {
    let opening = backend::open(url, missing);
    let Some(limit) = limit else { return opening.await };
    let silent = |_| Err(backend::silent(limit));
    tokio::time::timeout(limit, opening).await.unwrap_or_else(silent)
}
