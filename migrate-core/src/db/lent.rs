//! What the executor does with a [`Db`]: lending a connection to code, and taking it back.

use std::panic::Location;

use migrate_sql::{Traces, Validator};

use crate::db::{CallJournal, Db, DbError, DbErrorCause, Guard, Recording, Session, States};
use crate::engine::connection::Connection;

impl Db {
    pub(crate) fn live(connection: Connection, validator: Validator, states: States) -> Self {
        Self::new(Session::Live(connection), validator, states)
    }

    pub(crate) fn recording(validator: Validator, states: States) -> Self {
        Self::new(Session::Recording(Recording::default()), validator, states)
    }

    fn new(session: Session, validator: Validator, states: States) -> Self {
        let traces = Traces::new(validator.context().dialect);
        Self {
            session,
            validator,
            states,
            journal: None,
            untracked: false,
            lends: false,
            traces,
            guard: None,
            unheld: false,
            went_on: false,
            statements: 0,
            failure: None,
        }
    }

    /// Records each call in the journal.
    pub(crate) fn with_journal(self, journal: Option<Box<dyn CallJournal>>) -> Self {
        Self { journal, ..self }
    }

    /// Lends the typed connection even where calls are recorded, because all of the migration may run again.
    pub(crate) fn lending(self, lends: bool) -> Self {
        Self { lends, ..self }
    }

    /// Runs this check before each statement.
    pub(crate) fn with_guard(self, guard: Option<Guard>) -> Self {
        Self { guard, ..self }
    }

    /// Returns whether it stopped before a statement that cannot run in a transaction.
    pub(crate) fn is_unheld(&self) -> bool {
        self.unheld
    }

    /// Returns whether the code made another call after the first failed one.
    pub(crate) fn went_on(&self) -> bool {
        self.went_on
    }

    #[cfg_attr(
        not(any(feature = "postgres", feature = "mysql", feature = "sqlite")),
        expect(dead_code, reason = "no engine is compiled in")
    )]
    #[track_caller]
    pub(crate) fn typed<T: 'static>(&mut self, wanted: &'static str) -> Result<&mut T, DbError> {
        let caller = Location::caller();
        if matches!(self.session, Session::Recording(_)) {
            return self.remember(Err(DbError::typed_offline()));
        }
        self.went_on |= self.failure.is_some();
        if self.journal.is_some() && !self.untracked && !self.lends {
            let refused = DbError::new(DbErrorCause::NotTracked, None).at(caller);
            return self.remember(Err(refused));
        }
        let actual = self.dialect().name();
        match &mut self.session {
            Session::Live(connection) => {
                connection.driver_mut().ok_or(DbError::other_engine(wanted, actual))
            }
            Session::Recording(_) => Err(DbError::typed_offline()),
        }
    }

    /// Returns what the statements left in the session that the database cannot list.
    pub(crate) fn take_traces(&mut self) -> Traces {
        let none = Traces::new(self.dialect());
        std::mem::replace(&mut self.traces, none)
    }

    /// Returns the journal of the calls.
    pub(crate) fn take_journal(&mut self) -> Option<Box<dyn CallJournal>> {
        self.journal.take()
    }

    /// Returns the connection; `None` offline.
    pub(crate) fn into_connection(self) -> Option<Connection> {
        match self.session {
            Session::Live(connection) => Some(connection),
            Session::Recording(_) => None,
        }
    }

    /// Returns the recorded statements; none online.
    pub(crate) fn into_recorded(self) -> Vec<String> {
        match self.session {
            Session::Live(_) => Vec::new(),
            Session::Recording(recording) => recording.into_statements(),
        }
    }

    pub(crate) fn statements(&self) -> usize {
        self.statements
    }

    pub(crate) fn take_failure(&mut self) -> Option<DbError> {
        self.failure.take()
    }
}
