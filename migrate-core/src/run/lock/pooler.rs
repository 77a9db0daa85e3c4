//! Whether a session's lock is worth anything here. Assumed unless the contrary is proved: what stays undecided rests on
//! history's primary key, by which each revision is begun once.

use std::time::{Duration, Instant};

use migrate_sql::Dialect;
use tokio::time::timeout;

use crate::engine::connection::{Connection, DatabaseError, Row};
use crate::engine::connector::{Connector, POOLER_PROBE};
use crate::engine::process::ProcessId;
use crate::run::lock::session::{Condition, IS_CLUSTER, SessionLock};
use crate::run::lock::{LockError, Waiting};
use crate::run::observer::Observer;

/// How often a suspicion is followed up. A pooler gives out the session that was used last, so that two clients in turn
/// meet in one unless others come between, and that seldom happens this often.
const MOST_LOOKS: usize = 8;

/// How long the second connection may take for each of its answers. A pooler that lends its sessions for as long as a
/// connection lasts may have none left for it, and no answer proves nothing.
const PROOF: Duration = Duration::from_secs(3);

/// What the server says of the session that answers.
#[derive(Clone, Debug)]
struct SessionInfo {
    backend: i64,
    /// How long the session has been there; nothing if the server does not say.
    age: Option<Duration>,
    is_cockroach: bool,
    /// The word with which the session began, if it knows one.
    mark: Option<String>,
}

/// Waits for the session's lock; false if it is proved to be worth nothing, in which case it is not held.
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
            // Some clusters refuse to give named locks at all.
            match is_cluster(connection).await {
                Ok(true) => Ok(false),
                Ok(false) | Err(_) => Err(LockError::Database(refused)),
            }
        }
    }
}

/// Whether other nodes write too, whose named locks are their own.
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
        // Perhaps no second connection is allowed.
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
    Ok(is_had_alone(lock, connection, second).await)
}

/// Whether a second session does not get the lock that the first one holds. Otherwise it is given back.
async fn is_had_alone(
    lock: &SessionLock,
    connection: &mut Connection,
    mut second: Connection,
) -> bool {
    let twice = timeout(PROOF, lock.is_had_twice(&mut second)).await;
    if !matches!(twice, Ok(Ok(true))) {
        timeout(PROOF, second.close()).await.ok();
        return true;
    }
    if lock.release(connection).await.is_err() {
        tracing::warn!("a session lock that proved worthless could not be given back");
    }
    false
}

/// What the second session must know or be if it is its connection's own.
struct Given {
    word: String,
    begun: Instant,
}

/// A second connection, whose session knows a word unless something stands between.
async fn open_marked(connector: &Connector, word: &str) -> Result<Connection, DatabaseError> {
    match connector.open_marked(word).await {
        Ok(second) => Ok(second),
        Err(_) => connector.open().await,
    }
}

/// Whether sessions are lent out: two connections have met in one, or one connection has been in two. What the second
/// connection does not answer proves nothing.
async fn is_pooled(
    first: &SessionInfo,
    connection: &mut Connection,
    (second, given): (&mut Connection, Given),
) -> Result<bool, LockError> {
    let Some(other) = look_within(second).await else { return Ok(false) };
    if other.backend == first.backend {
        return Ok(true);
    }
    // A session that does not know the word, or is older than the connection, was not made for it. Poolers that lend
    // sessions for as long as a connection lasts have such too, and there the lock is good.
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

/// What the second connection says, if it says anything in time.
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
