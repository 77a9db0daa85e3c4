//! Faults in a run of a random plan.

use std::time::Duration;

use fastrand::Rng;
use migrate_core::{Dialect, Moment};
use migrate_tests::Database;
use rustix::process::Signal;
use tokio::time::{sleep, timeout};

use crate::restart::Server;
use crate::runner::{Ended, Runner};
use crate::stall::stopped;
use crate::worker::Act;

/// A fault in one run.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trouble {
    Nothing,
    /// At a statement: a kill, a signal, the end of the connection or of the query.
    At {
        statement: usize,
        moment: Moment,
        act: Act,
    },
    /// The process is stopped at a statement, and continues after this time.
    Stopped {
        statement: usize,
        time: Duration,
    },
    /// Another session locks a table for this time.
    Busy(Duration),
    /// The server is killed at a statement, and started again.
    Restart {
        statement: usize,
        moment: Moment,
    },
}

impl Trouble {
    /// Returns a random fault for a run with about this many statements.
    pub(crate) fn random(rng: &mut Rng, dialect: Dialect, statements: Option<usize>) -> Self {
        let Some(statements) = statements else { return Self::Nothing };
        let statement = rng.usize(1..=statements.max(1));
        let moment = match rng.u8(0..4) {
            0 => Moment::After,
            1 => Moment::Inside(Duration::from_micros(rng.u64(0..4_000))),
            _ => Moment::Before,
        };
        let time = Duration::from_millis(rng.u64(50..2_500));
        let at = |act| Self::At { statement, moment, act };
        match (rng.u8(0..10), dialect) {
            (0, _) => Self::Busy(time),
            (1, _) => Self::Stopped { statement, time },
            (2 | 3, _) => at(Act::Term),
            (4 | 5, Dialect::Postgres | Dialect::Mysql) => at(Act::Cancel),
            (6, Dialect::Postgres | Dialect::Mysql) => at(Act::End),
            _ => at(Act::Kill),
        }
    }

    /// Returns a restart of the server instead of another fault.
    pub(crate) fn of_the_server(self) -> Self {
        match self {
            Self::At { statement, moment, .. } => Self::Restart { statement, moment },
            Self::Stopped { statement, .. } => Self::Restart { statement, moment: Moment::Before },
            Self::Nothing | Self::Busy(_) | Self::Restart { .. } => self,
        }
    }

    /// Injects the fault into a run.
    pub(crate) async fn befall(self, runner: Runner, database: &Database) -> Ended {
        match self {
            Self::Nothing => runner.run().await,
            Self::At { statement, moment, act } => runner.fault(statement, moment, act).run().await,
            Self::Stopped { statement, time } => {
                let runner = runner.fault(statement, Moment::Before, Act::Stop).start();
                // A run that has fewer statements never stops.
                drop(timeout(STOPS_WITHIN, stopped(&runner)).await);
                sleep(time).await;
                runner.signal(Signal::CONT);
                runner.end().await
            }
            Self::Busy(time) => {
                let (ended, ()) = tokio::join!(runner.run(), hold(database, time));
                ended
            }
            Self::Restart { statement, moment } => {
                let mut runner = runner.fault(statement, moment, Act::Hold).start();
                if runner.says("held").await {
                    let server = Server::of(database.dialect());
                    server.crash("kill");
                    server.crash("start");
                }
                runner.end().await
            }
        }
    }

    /// Returns whether a run may fail because of it.
    pub(crate) const fn excuses(self) -> bool {
        !matches!(self, Self::Nothing)
    }
}

/// How long a run may take to reach the statement at which it stops.
const STOPS_WITHIN: Duration = Duration::from_secs(2);

/// Locks a table for a while.
async fn hold(database: &Database, time: Duration) {
    let (begin, end) = match database.dialect() {
        Dialect::Postgres => ("BEGIN; LOCK TABLE tally IN ACCESS EXCLUSIVE MODE", "COMMIT"),
        Dialect::Mysql => ("LOCK TABLES tally WRITE", "UNLOCK TABLES"),
        Dialect::Sqlite => ("BEGIN IMMEDIATE", "COMMIT"),
    };
    let mut connection = database.open().await;
    // The run may be faster, or make us the victim of a deadlock.
    if connection.query(begin).await.is_ok() {
        sleep(time).await;
        drop(connection.query(end).await);
    }
    drop(connection.close().await);
}
