//! The session of code that is resumed: what the calls that are passed over had set is set again.

use migrate_sql::{Dialect, SessionTrack, split};

use crate::db::DbErrorCause;
use crate::engine::connection::{Connection, DatabaseError};
use crate::history::Kept;

/// What the calls so far have left in the session.
#[derive(Debug, Default)]
pub(super) struct Session {
    /// What was kept of the session of an earlier run.
    kept: Kept,
    track: SessionTrack,
}

impl Session {
    pub(super) fn new(kept: Kept) -> Self {
        Self { kept, track: SessionTrack::default() }
    }

    /// Sets again what the statement of this number, from 1, had set in an earlier run.
    pub(super) async fn restore(
        &mut self,
        connection: &mut Connection,
        statement: &str,
        number: usize,
    ) -> Result<(), DatabaseError> {
        let dialect = connection.dialect();
        let statements = split(statement, dialect).unwrap_or_default();
        let Some(statement) = statements.first() else { return Ok(()) };
        let session = statement.session();
        self.track.add(&session);
        if session.is_repeatable() {
            connection.execute(statement.text()).await?;
        }
        for state in session.kept() {
            match self.kept.set_again(number, state, dialect) {
                Some(set) => connection.execute(&set).await?,
                None if session.is_repeatable() => {}
                None => self.track.lose(state),
            }
        }
        Ok(())
    }

    /// Takes up a statement that is about to be run; refuses one that needs what an earlier run's first `done` statements
    /// left in their session and no other can be given.
    pub(super) fn enter(
        &mut self,
        statement: &str,
        dialect: Dialect,
        done: usize,
    ) -> Result<migrate_sql::Session, DbErrorCause> {
        self.may_run(statement, dialect, done)?;
        let statements = split(statement, dialect).unwrap_or_default();
        let session = statements.first().map(migrate_sql::Statement::session).unwrap_or_default();
        self.track.add(&session);
        Ok(session)
    }

    /// The same for a statement that is not accounted for.
    pub(super) fn may_run(
        &self,
        statement: &str,
        dialect: Dialect,
        done: usize,
    ) -> Result<(), DbErrorCause> {
        let statements = split(statement, dialect).unwrap_or_default();
        let lost = statements
            .first()
            .and_then(|statement| self.track.lost(statement, &statement.session(), done));
        lost.map_or(Ok(()), |lost| Err(DbErrorCause::SessionLost { lost: Box::new(lost) }))
    }
}
