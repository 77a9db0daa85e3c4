//! What happens to a run of a random plan.

use std::time::Duration;

use fastrand::Rng;
use migrate_core::{Dialect, Moment};
use migrate_tests::Database;

use crate::runner::{Ended, Runner};
use crate::worker::Act;

/// What happens to one run.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trouble {
    Nothing,
    /// At a statement: a kill, a signal, the end of the connection or of the query.
    At {
        statement: usize,
        moment: Moment,
        act: Act,
    },
    /// Another session holds a table for so long.
    Busy(Duration),
}

impl Trouble {
    /// What happens to a run that sends about so many statements; nothing where there is no number.
    pub(crate) fn random(rng: &mut Rng, dialect: Dialect, statements: Option<usize>) -> Self {
        let Some(statements) = statements else { return Self::Nothing };
        let moment = match rng.u8(0..4) {
            0 => Moment::After,
            1 => Moment::Inside(Duration::from_micros(rng.u64(0..4_000))),
            _ => Moment::Before,
        };
        let acts: &[Act] = match dialect {
            Dialect::Sqlite => &[Act::Kill, Act::Kill, Act::Term],
            Dialect::Postgres | Dialect::Mysql => {
                &[Act::Kill, Act::Kill, Act::Term, Act::Cancel, Act::Cancel, Act::End]
            }
        };
        match rng.choice(acts) {
            Some(act) if rng.u8(0..7) > 0 => {
                Self::At { statement: rng.usize(1..=statements.max(1)), moment, act: *act }
            }
            Some(_) | None => Self::Busy(Duration::from_millis(rng.u64(50..2_500))),
        }
    }

    /// Lets it happen to a run.
    pub(crate) async fn befall(self, runner: Runner, database: &Database) -> Ended {
        match self {
            Self::Nothing => runner.run().await,
            Self::At { statement, moment, act } => runner.fault(statement, moment, act).run().await,
            Self::Busy(time) => {
                let (ended, ()) = tokio::join!(runner.run(), hold(database, time));
                ended
            }
        }
    }

    /// Whether a run may end badly by it.
    pub(crate) const fn excuses(self) -> bool {
        !matches!(self, Self::Nothing)
    }
}

/// Keeps a table from all others for a while.
async fn hold(database: &Database, time: Duration) {
    let (begin, end) = match database.dialect() {
        Dialect::Postgres => ("BEGIN; LOCK TABLE tally IN ACCESS EXCLUSIVE MODE", "COMMIT"),
        Dialect::Mysql => ("LOCK TABLES tally WRITE", "UNLOCK TABLES"),
        Dialect::Sqlite => ("BEGIN IMMEDIATE", "COMMIT"),
    };
    let mut connection = database.open().await;
    // The run may be faster, or make us the victim of a deadlock.
    if connection.query(begin).await.is_ok() {
        tokio::time::sleep(time).await;
        drop(connection.query(end).await);
    }
    drop(connection.close().await);
}
