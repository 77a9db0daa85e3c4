//! What keeps account of code's calls where no transaction holds them together.

use std::fmt;

use futures_core::future::BoxFuture;

use crate::db::DbErrorCause;
use crate::engine::connection::{Connection, DatabaseError};
use crate::sql::script::{Hold, ScriptStatement};

/// Keeps account of calls one by one, so that a later run can go on after the last that is done.
pub(crate) trait CallJournal: fmt::Debug + Send {
    /// Says whether a call is to be made, and marks it as begun if so.
    fn begin<'a>(
        &'a mut self,
        connection: &'a mut Connection,
        call: Call<'a>,
    ) -> BoxFuture<'a, Result<Replay, DbErrorCause>>;

    /// Notes that the call that was begun ended well.
    fn end<'a>(
        &'a mut self,
        connection: &'a mut Connection,
        done: Done,
    ) -> BoxFuture<'a, Result<(), DatabaseError>>;

    /// Notes that the call that was begun failed.
    fn fail<'a>(&'a mut self, connection: &'a mut Connection) -> BoxFuture<'a, ()>;

    /// Refuses a query that needs what went with the session of an earlier run.
    fn may_read(&self, query: ScriptStatement<'_>) -> Result<(), DbErrorCause>;

    /// How many calls are done, those of earlier runs included, and the journal's text.
    fn account(&self) -> (usize, String);

    /// How many calls this run is past.
    fn past(&self) -> usize;

    /// What is wrong at the end of code: an earlier run did a call that this one did not come to.
    fn missed(&self) -> Option<DbErrorCause>;
}

/// What code asks for, as its account sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    /// The statement, or why it is not one.
    pub(crate) text: &'a str,
    pub(crate) hold: Hold,
    /// Whether it is a statement, and not something whose statements are not seen.
    pub(crate) tracked: bool,
    /// Whether it must not be given up while it waits for a lock.
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

/// How a call ended.
#[derive(Clone, Debug, Default)]
pub(crate) struct Done {
    /// The rows it changed.
    pub(crate) rows: u64,
    /// What it answered, as a journal keeps it; nothing if it is too long for that.
    pub(crate) answer: Option<String>,
}

/// What becomes of a call that code makes.
#[derive(Clone, Debug)]
pub(crate) enum Replay {
    /// Make it.
    Run,
    /// Make it again, as it failed before, and note nothing.
    Retry,
    /// Skip it: an earlier run made it, and this is how it ended.
    Skip(Done),
}
