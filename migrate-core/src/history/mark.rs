//! What tells whether another run has written to history.

use crate::history::{History, State};

/// A state of history, as far as it matters whether it is still the same.
///
/// Rows come and go, and a `down` and an `up` can bring back their number and the last sequence. The log only grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The id of the log's last row that tells of a change.
    pub(crate) log: i64,
    pub(crate) rows: i64,
    /// Rows of revisions that were begun: what begins outside a transaction is not logged before it ends.
    pub(crate) unfinished: i64,
}

impl Mark {
    /// The mark of a history that was read after the log, whose last row was `log`.
    pub(crate) fn of(history: &History, log: i64) -> Self {
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let unfinished = history.rows().filter(|(_, row)| row.state != State::Applied).count();
        Self { log, rows: count(history.rows().count()), unfinished: count(unfinished) }
    }
}
