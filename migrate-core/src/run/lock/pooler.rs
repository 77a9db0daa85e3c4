//! Detects connection poolers, behind which a session lock does not work. Without proof, a session lock is assumed to work;
//! then history's primary key still ensures that each revision starts only once.

use std::time::{Duration, Instant};

use migrate_sql::Dialect;
use tokio::time::timeout;

use crate::engine::connection::{Connection, DatabaseError, Row};
use crate::engine::connector::{Connector, POOLER_PROBE};
use crate::engine::process::ProcessId;
use crate::run::lock::session::{Condition, IS_CLUSTER, SessionLock};
use crate::run::lock::{LockError, Waiting};
use crate::run::observer::Observer;

/// How often a suspicion is checked. A connection pooler lends the session that was used last, so two alternating clients
/// get the same one unless others interfere, which rarely happens this often.
const MOST_LOOKS: usize = 8;

/// How long the second connection may take for each of its answers. A connection pooler that lends a session per connection
/// may have none left for it, so a missing answer proves nothing.
const PROOF: Duration = Duration::from_secs(3);

/// What the server reports about the session that answers.
#[derive(Clone, Debug)]
struct SessionInfo {
    backend: i64,
    /// The age of the session; `None` if the server does not report it.
    age: Option<Duration>,
    is_cockroach: bool,
    /// The word that the session was marked with, if there is one.
    mark: Option<String>,
}

/// Waits for the session lock; `false` if it is proved not to work, and is then not held.
pub(super) async fn acquire(
    lock: &SessionLock,
    (connection, connector): (&mut Connection, &Connector),
    waiting: &mut Waiting,
    observer: &mut dyn Observer,
) -> Result<bool, LockError> {
    match connection.dialect() {
        Dialect::Postgres => postgres(lock, (connection, connector), waiting, observer).await,
        Dialect::Mysql | Dialect::Sqlite => {
            let refused =
                match lock.acquire_if(Condition::NoCluster, connection, waiting, observer).await {
                    Err(LockError::Database(refused)) => refused,
                    outcome => return outcome,
                };
            // Some clusters refuse named locks.
            match is_cluster(connection).await {
                Ok(true) => Ok(false),
                Ok(false) | Err(_) => Err(LockError::Database(refused)),
            }
        }
    }
}

/// Returns whether the server is part of a cluster in which each node has its own named locks.
pub(super) async fn is_cluster(connection: &mut Connection) -> Result<bool, DatabaseError> {
    match connection.dialect() {
        Dialect::Mysql => Ok(!connection.fetch(IS_CLUSTER).await?.is_empty()),
        Dialect::Postgres | Dialect::Sqlite => Ok(false),
    }
}

async fn postgres(
    lock: &SessionLock,
    (connection, connector): (&mut Connection, &Connector),
    waiting: &mut Waiting,
    observer: &mut dyn Observer,
) -> Result<bool, LockError> {
    let word = ProcessId::this().word();
    let begun = Instant::now();
    let second = timeout(PROOF, open_marked(connector, &word));
    let (first, second) = tokio::join!(look(connection), second);
    let first = first.map_err(LockError::Database)?;
    if first.as_ref().is_some_and(|sight| sight.is_cockroach) {
        return Ok(false);
    }
    let (Some(first), Ok(Ok(mut second))) = (first, second) else {
        // A second connection may not be allowed.
        return lock.acquire(connection, waiting, observer).await.map(|()| true);
    };
    let given = Given { word, begun };
    if is_pooled(&first, connection, (&mut second, given)).await?
        || !lock
            .acquire_if(Condition::Backend(first.backend), connection, waiting, observer)
            .await?
    {
        return Ok(false);
    }
    Ok(is_exclusive(lock, connection, second).await)
}

/// Returns whether a second session cannot acquire the lock that the first one holds. If it can, the lock is released.
async fn is_exclusive(
    lock: &SessionLock,
    connection: &mut Connection,
    mut second: Connection,
) -> bool {
    let twice = timeout(PROOF, lock.acquires_twice(&mut second)).await;
    if !matches!(twice, Ok(Ok(true))) {
        timeout(PROOF, second.close()).await.ok();
        return true;
    }
    if lock.release(connection).await.is_err() {
        tracing::warn!("a session lock that does not work here could not be released");
    }
    false
}

/// By what a dedicated second session is recognised: its mark and its age.
struct Given {
    word: String,
    begun: Instant,
}

/// Opens a second connection, whose session is marked with a word unless a connection pooler prevents that.
async fn open_marked(connector: &Connector, word: &str) -> Result<Connection, DatabaseError> {
    match connector.open_marked(word).await {
        Ok(second) => Ok(second),
        Err(_) => connector.open().await,
    }
}

/// Returns whether sessions are pooled: two connections had the same one, or one connection had two. A missing answer on the
/// second connection proves nothing.
async fn is_pooled(
    first: &SessionInfo,
    connection: &mut Connection,
    (second, given): (&mut Connection, Given),
) -> Result<bool, LockError> {
    let Some(other) = look_within(second).await else { return Ok(false) };
    if other.backend == first.backend {
        return Ok(true);
    }
    // A session without the mark, or older than the connection, was not created for it. That is also true behind a connection
    // pooler that lends a session per connection, where the lock does work.
    let is_own = other.mark.as_ref() == Some(&given.word);
    if is_own && other.age.is_none_or(|age| age <= given.begun.elapsed()) {
        return Ok(false);
    }
    for _ in 0..MOST_LOOKS {
        let one = look(connection).await.map_err(LockError::Database)?;
        let (Some(one), Some(two)) = (one, look_within(second).await) else { return Ok(false) };
        let moved = one.backend != first.backend || two.backend != other.backend;
        if moved || one.backend == two.backend {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns the session of the second connection, if it answers in time.
async fn look_within(second: &mut Connection) -> Option<SessionInfo> {
    timeout(PROOF, look(second)).await.ok()?.ok()?
}

async fn look(connection: &mut Connection) -> Result<Option<SessionInfo>, DatabaseError> {
    let query = format!(
        "SELECT pg_catalog.pg_backend_pid(), (SELECT CAST(floor(extract(epoch FROM \
         pg_catalog.clock_timestamp() - a.backend_start) * 1000) AS bigint) \
         FROM pg_catalog.pg_stat_activity a WHERE a.pid = pg_catalog.pg_backend_pid()), version(), \
         pg_catalog.current_setting('{POOLER_PROBE}', true)"
    );
    let rows = connection.ask(&query).await?;
    Ok(rows.first().and_then(sight))
}

fn sight(row: &Row) -> Option<SessionInfo> {
    let age: Option<i64> = row.at::<Option<i64>>(1).flatten();
    Some(SessionInfo {
        backend: row.at(0)?,
        age: age.and_then(|ms| u64::try_from(ms).ok()).map(Duration::from_millis),
        is_cockroach: row.at::<String>(2).is_some_and(|version| version.contains("CockroachDB")),
        mark: row.at::<Option<String>>(3).flatten(),
    })
}
