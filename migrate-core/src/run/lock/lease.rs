//! Lease lock: a row that its owner renews periodically.
//!
//! No two clocks are compared. The owner increments a counter; a waiting run reads it from time to time, and takes the lease
//! over when the counter has not changed for long enough by its own clock. An owner that was only slow notices at its next
//! write, which the [fence](crate::history::HistoryTable::fence) rejects.

use std::time::{Duration, Instant};

use crate::engine::connection::{Connection, DatabaseError, ErrorKind, Row};
use crate::engine::holder::{Holder, HolderKind};
use crate::history::{HistoryTable, LeaseOwner};
use crate::run::lock::{LockError, Waiting};
use crate::run::observer::Observer;

/// How often an owner renews its lease before it would expire: often enough that some renewals may be late or lost.
const BEATS_IN_LIFE: u32 = 7;

/// How often a lease is checked before it is released by force.
const LOOKS_IN_LIFE: u32 = 15;

/// The lease of a history table, as one run sees it.
#[derive(Clone, Debug)]
pub(super) struct Lease {
    table: HistoryTable,
    owner: LeaseOwner,
    /// How long a lease lasts without renewal.
    life: Duration,
}

/// The row as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    owner: Option<String>,
    host: Option<String>,
    pid: Option<i64>,
    since: Option<String>,
    beats: i64,
    token: i64,
}

/// How long a lease has not been renewed.
#[derive(Default)]
pub(super) struct Watch {
    /// The token and counter, and since when they have not changed.
    last: Option<((i64, i64), Instant)>,
}

impl Watch {
    fn still(&mut self, seen: &Seen, now: Instant) -> Duration {
        let sign = (seen.token, seen.beats);
        match self.last {
            Some((last, since)) if last == sign => now.saturating_duration_since(since),
            Some(_) | None => {
                self.last = Some((sign, now));
                Duration::ZERO
            }
        }
    }
}

impl Seen {
    fn read(row: &Row) -> Option<Self> {
        Some(Self {
            owner: row.get("owner")?,
            host: row.get("host")?,
            pid: row.get("pid")?,
            since: row.get("since")?,
            beats: row.get("beats")?,
            token: row.get("token")?,
        })
    }

    fn holder(&self) -> Option<Holder> {
        self.owner.as_ref()?;
        Some(Holder {
            pid: self.pid,
            host: self.host.clone(),
            since: self.since.clone(),
            beats: Some(self.beats),
            ..Holder::new(HolderKind::Lease)
        })
    }
}

impl Lease {
    pub(super) fn new(table: HistoryTable, life: Duration) -> Self {
        Self { table, owner: LeaseOwner::this_process(), life }
    }

    /// Returns the pause between two renewals.
    pub(super) fn pause(&self) -> Duration {
        self.life / BEATS_IN_LIFE
    }

    /// Waits for the lease, and returns its token.
    pub(super) async fn acquire(
        &self,
        connection: &mut Connection,
        waiting: &mut Waiting,
        observer: &mut dyn Observer,
    ) -> Result<i64, LockError> {
        let mut watch = Watch::default();
        loop {
            let seen = self.read_or_create(connection).await.map_err(LockError::Database)?;
            let still = watch.still(&seen, Instant::now());
            match seen.holder() {
                Some(holder) if still < self.life => waiting.wait_for(holder, observer).await?,
                Some(_) | None => {
                    let take = self.table.take_lease(&self.owner, seen.token, seen.beats);
                    if wrote(connection, &take).await.map_err(LockError::Database)? {
                        return Ok(seen.token.saturating_add(1));
                    }
                }
            }
        }
    }

    /// Returns the holder of the lease, if it has not expired. An expired lease is taken away.
    pub(super) async fn living(
        &self,
        connection: &mut Connection,
        watch: &mut Watch,
    ) -> Result<Option<Holder>, DatabaseError> {
        let Some((seen, holder)) = self.held(connection).await? else { return Ok(None) };
        let silent = watch.still(&seen, Instant::now()) >= self.life;
        let evicted =
            silent && wrote(connection, &self.table.evict(seen.token, seen.beats)).await?;
        Ok(Some(holder).filter(|_| !evicted))
    }

    /// Renews the lease; `false` if this run is no longer the owner.
    pub(super) async fn beat(
        &self,
        connection: &mut Connection,
        token: i64,
    ) -> Result<bool, DatabaseError> {
        let ran = connection.run(&self.table.beat(&self.owner.owner, token)).await;
        ran.outcome.map(|()| ran.rows_affected == 1)
    }

    pub(super) fn fence(&self, token: i64) -> String {
        self.table.fence(&self.owner.owner, token)
    }

    /// Releases the lease.
    pub(super) async fn release(
        &self,
        connection: &mut Connection,
        token: i64,
    ) -> Result<(), DatabaseError> {
        let free = self.table.free_lease(&self.owner.owner, token);
        if wrote(connection, &free).await? { Ok(()) } else { Err(super::lost()) }
    }

    /// Returns the holder of the lease, if there is one.
    pub(super) async fn holder(
        &self,
        connection: &mut Connection,
    ) -> Result<Option<Holder>, DatabaseError> {
        Ok(self.held(connection).await?.map(|(_, holder)| holder))
    }

    async fn held(
        &self,
        connection: &mut Connection,
    ) -> Result<Option<(Seen, Holder)>, DatabaseError> {
        let seen = self.read(connection).await?;
        Ok(seen.and_then(|seen| seen.holder().map(|holder| (seen, holder))))
    }

    /// Releases the lease if it is not renewed before it expires. Returns the former holder.
    pub(super) async fn evict(
        &self,
        connection: &mut Connection,
    ) -> Result<Option<Holder>, LockError> {
        let mut watch = Watch::default();
        let mut first: Option<(i64, i64)> = None;
        loop {
            let held = self.held(connection).await.map_err(LockError::Database)?;
            let Some((seen, holder)) = held else { return Ok(None) };
            let sign = (seen.token, seen.beats);
            if *first.get_or_insert(sign) != sign {
                return Err(LockError::Alive { holder: Box::new(holder) });
            }
            if watch.still(&seen, Instant::now()) >= self.life {
                let evict = self.table.evict(seen.token, seen.beats);
                if wrote(connection, &evict).await.map_err(LockError::Database)? {
                    return Ok(Some(holder));
                }
                continue;
            }
            tokio::time::sleep(self.life / LOOKS_IN_LIFE).await;
        }
    }

    async fn read(&self, connection: &mut Connection) -> Result<Option<Seen>, DatabaseError> {
        match connection.fetch(&self.table.select_lease()).await {
            Ok(rows) => Ok(rows.first().and_then(Seen::read)),
            Err(error) if error.kind == ErrorKind::UndefinedTable => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn read_or_create(&self, connection: &mut Connection) -> Result<Seen, DatabaseError> {
        if let Some(seen) = self.read(connection).await? {
            return Ok(seen);
        }
        let mut created = Ok(());
        for statement in self.table.create_lease() {
            created = created.and(connection.execute(&statement).await);
        }
        // Another run may create it at the same moment, and one of the two fails; what matters is that it exists.
        match self.read(connection).await? {
            Some(seen) => Ok(seen),
            None => Err(created.err().unwrap_or_else(super::lost)),
        }
    }
}

/// Returns whether a statement changed its row. In a cluster, another node may have been faster, which rolls it back.
async fn wrote(connection: &mut Connection, statement: &str) -> Result<bool, DatabaseError> {
    let ran = connection.run(statement).await;
    match ran.outcome {
        Ok(()) => Ok(ran.rows_affected == 1),
        Err(error) if error.kind == ErrorKind::Serialization => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(token: i64, beats: i64) -> Seen {
        Seen { owner: Some("a".to_owned()), host: None, pid: None, since: None, beats, token }
    }

    #[test]
    fn a_lease_is_still_only_while_neither_owner_nor_beats_change() {
        let (mut watch, begin) = (Watch::default(), Instant::now());
        let at = |seconds| begin + Duration::from_secs(seconds);
        assert_eq!(watch.still(&seen(1, 5), at(0)), Duration::ZERO);
        assert_eq!(watch.still(&seen(1, 5), at(14)), Duration::from_secs(14));
        assert_eq!(watch.still(&seen(1, 6), at(20)), Duration::ZERO);
        assert_eq!(watch.still(&seen(2, 6), at(30)), Duration::ZERO);
        assert_eq!(watch.still(&seen(2, 6), at(46)), Duration::from_secs(16));
    }
}
