//! What keeps account of code's statements where no transaction holds them together.

use std::fmt;

use futures_core::future::BoxFuture;

use crate::connection::{Connection, DatabaseError};
use crate::db::DbErrorCause;
use crate::script::ScriptStatement;

/// Keeps account of statements one by one, so that a later run can go on after the last that is done.
pub(crate) trait Ledger: fmt::Debug + Send {
    /// Says whether a statement is to be run, and marks it as begun if so.
    fn begin<'a>(
        &'a mut self,
        connection: &'a mut Connection,
        statement: ScriptStatement<'a>,
    ) -> BoxFuture<'a, Result<Passage, DbErrorCause>>;

    /// Notes that the statement that was begun ended well, and how many rows it changed.
    fn end<'a>(
        &'a mut self,
        connection: &'a mut Connection,
        rows: u64,
    ) -> BoxFuture<'a, Result<(), DatabaseError>>;

    /// Notes that the statement that was begun failed.
    fn fail<'a>(&'a mut self, connection: &'a mut Connection) -> BoxFuture<'a, ()>;

    /// Refuses a query that needs what went with the session of an earlier run.
    fn may_read(&self, query: ScriptStatement<'_>) -> Result<(), DbErrorCause>;

    /// How many statements are done, those of earlier runs included, and the journal's text.
    fn account(&self) -> (usize, String);

    /// The first statement, from 1, that an earlier run did and this one did not come to.
    fn missed(&self) -> Option<usize>;
}

/// What becomes of a statement that code asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passage {
    /// It is run.
    Through,
    /// It is run again, as it failed before, and nothing is noted.
    Again,
    /// An earlier run did it, and it changed so many rows.
    Over(u64),
}
