//! The journal of code's calls, where they do not run in one transaction.

use std::fmt;

use futures_core::future::BoxFuture;

use crate::db::DbErrorCause;
use crate::engine::connection::{Connection, DatabaseError};
use crate::sql::script::{Hold, ScriptStatement};

/// Records calls one by one, so that a later run can resume after the last finished one.
pub(crate) trait CallJournal: fmt::Debug + Send {
    /// Returns whether a call has to be made, and records it as started if so.
    fn begin<'a>(
        &'a mut self,
        connection: &'a mut Connection,
        call: Call<'a>,
    ) -> BoxFuture<'a, Result<Replay, DbErrorCause>>;

    /// Records that the started call succeeded.
    fn end<'a>(
        &'a mut self,
        connection: &'a mut Connection,
        done: Done,
    ) -> BoxFuture<'a, Result<(), DatabaseError>>;

    /// Records that the started call failed.
    fn fail<'a>(&'a mut self, connection: &'a mut Connection) -> BoxFuture<'a, ()>;

    /// Refuses a query that needs state of a session that has ended.
    fn may_read(&self, query: ScriptStatement<'_>) -> Result<(), DbErrorCause>;

    /// Returns the number of finished calls, including those of earlier runs, and the journal's text.
    fn account(&self) -> (usize, String);

    /// Returns the number of calls that this run has passed.
    fn past(&self) -> usize;

    /// Returns the error if the code ended before a call that an earlier run made.
    fn missed(&self) -> Option<DbErrorCause>;
}

/// A call of code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    /// The statement, or the reason why the call is not tracked.
    pub(crate) text: &'a str,
    pub(crate) hold: Hold,
    /// Whether it is a statement, rather than untracked work.
    pub(crate) tracked: bool,
    /// Whether it must not be cancelled while it waits for a lock.
    pub(crate) must_wait: bool,
}

impl<'a> Call<'a> {
    pub(crate) fn statement(statement: ScriptStatement<'a>) -> Self {
        Self {
            text: statement.text(),
            hold: statement.hold(),
            tracked: true,
            must_wait: statement.must_wait(),
        }
    }

    pub(crate) fn untracked(why: &'a str) -> Self {
        Self { text: why, hold: Hold::Opaque, tracked: false, must_wait: false }
    }
}

/// The result of a finished call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Done {
    /// The number of rows it changed.
    pub(crate) rows: u64,
    /// Its encoded rows; `None` if they are too long to keep.
    pub(crate) answer: Option<String>,
}

/// How a call of code is handled.
#[derive(Clone, Debug)]
pub(crate) enum Replay {
    /// Make it.
    Run,
    /// Make it again, because it failed before, and record nothing.
    Retry,
    /// Skip it: an earlier run made it, with this result.
    Skip(Done),
}
