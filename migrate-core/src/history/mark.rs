//! Detects whether another run has written to history.

use crate::history::{History, State};

/// A mark of a state of history, by which a change is detected.
///
/// Rows alone are not enough: a `down` and an `up` can restore their number and the last sequence. The log only grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The id of the log's last row about a change.
    pub(crate) log: i64,
    pub(crate) rows: i64,
    /// The number of unfinished revisions: what starts outside a transaction is not logged before it ends.
    pub(crate) unfinished: i64,
}

impl Mark {
    /// Returns the mark of a history that was read after the log, whose last row was `log`.
    pub(crate) fn of(history: &History, log: i64) -> Self {
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let unfinished = history.rows().filter(|(_, row)| row.state != State::Applied).count();
        Self { log, rows: count(history.rows().count()), unfinished: count(unfinished) }
    }
}
