//! Restores the session of resumed code: the settings of calls that are skipped are made again.

use migrate_sql::{Dialect, SessionTrack, split};

use crate::db::DbErrorCause;
use crate::engine::connection::{Connection, DatabaseError};
use crate::history::Kept;

/// The session state after the calls so far.
#[derive(Debug, Default)]
pub(super) struct Session {
    /// The kept session state of an earlier run.
    kept: Kept,
    track: SessionTrack,
}

impl Session {
    pub(super) fn new(kept: Kept) -> Self {
        Self { kept, track: SessionTrack::default() }
    }

    /// Restores what the statement with this number, from 1, had set in an earlier run.
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

    /// Adds a statement that is about to run. Refuses one that needs state which the first `done` statements of an earlier run
    /// left in their session, and which cannot be restored.
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

    /// Checks the same for a statement that is not recorded.
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
