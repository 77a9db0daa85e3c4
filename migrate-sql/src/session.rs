//! What a statement leaves in its session, and what it needs of what others left there.

mod draft;
mod mysql;
mod postgres;
mod sqlite;
mod traces;
mod track;
mod variables;

use std::fmt::{self, Display, Formatter};

use self::draft::Draft;
pub use self::traces::Traces;
pub use self::track::{Lost, SessionTrack};
use crate::statement::Reader;
use crate::statement::Statement;
use crate::text::Dialect;

/// Something that a session holds and loses when it ends. Names are in lower case, without quotes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SessionState {
    /// A setting of the server's for this session: `search_path`, `sql_mode`, `foreign_keys`.
    Setting(String),
    /// Settings whose names are computed.
    Settings,
    /// A user variable of MySQL's, without its `@`.
    Variable(String),
    /// A temporary table, view or sequence.
    Temporary(String),
    /// A prepared statement.
    Prepared(String),
    /// A cursor that outlives its transaction, or a handler of MySQL's.
    Cursor(String),
    /// The key that was generated last: `LAST_INSERT_ID()`, `currval()`, `last_insert_rowid()`.
    Generated,
    /// What is known of the statement that was run last: `ROW_COUNT()`, `FOUND_ROWS()`, `changes()`.
    Counted,
}

/// Where a state comes from, and so how a new session can be given the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The statement's own text: repeating it sets the same.
    Text,
    /// The server, or whatever else the statement read or did: its value must be read after the statement and kept.
    Server,
    /// What cannot be had again: rows, a query's answer, the time.
    Lost,
}

/// A state that a statement sets, or ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The state.
    pub state: SessionState,
    /// Where it comes from; nothing where it is gone afterwards.
    pub source: Option<Source>,
}

/// What a statement leaves in its session, and what it needs of it.
///
/// # Examples
///
/// ```
/// use migrate_sql::{Dialect, Source, split};
///
/// let session = |sql| split(sql, Dialect::Mysql).unwrap()[0].session();
/// assert!(session("SET NAMES utf8mb4").is_repeatable());
/// let saved = session("SET @old = @@sql_mode, sql_mode = ''");
/// assert!(saved.is_repeatable());
/// assert_eq!(saved.kept().count(), 1);
/// let computed = session("SET @newest = (SELECT max(id) FROM orders)");
/// assert_eq!(computed.changes()[0].source, Some(Source::Lost));
/// ```
#[expect(clippy::struct_excessive_bools, reason = "each answers a question of its own")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    changes: Vec<Change>,
    needs: Vec<SessionState>,
    repeatable: bool,
    /// Code that is out of sight runs: it may need and leave anything.
    opaque: bool,
    /// Everything set before is gone.
    resets: bool,
    /// It counts rows and may generate keys.
    counts: bool,
    /// The names it mentions may be absent.
    heeds_absence: bool,
}

impl Statement<'_> {
    /// What it leaves in its session, and what it needs of what others left there.
    pub fn session(&self) -> Session {
        Session::of(self)
    }
}

impl Session {
    pub(crate) fn of(statement: &Statement<'_>) -> Self {
        let words = Reader::new(statement);
        let draft = match statement.dialect() {
            Dialect::Postgres => postgres::read(words),
            Dialect::Mysql => mysql::read(words),
            Dialect::Sqlite => sqlite::read(words),
        };
        draft.finish(statement)
    }

    /// What it sets and ends, in order.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// What it needs that other statements may have set.
    pub fn needs(&self) -> &[SessionState] {
        &self.needs
    }

    /// Whether it runs code that is out of sight.
    pub const fn is_opaque(&self) -> bool {
        self.opaque
    }

    /// Whether setting the session is all that it does, and running it again sets the same, but for what must be
    /// [kept](Self::kept).
    pub const fn is_repeatable(&self) -> bool {
        self.repeatable
    }

    /// Whether everything set before it is gone.
    pub const fn resets(&self) -> bool {
        self.resets
    }

    /// The states whose values must be read after it, to be set again in another session.
    pub fn kept(&self) -> impl Iterator<Item = &SessionState> {
        self.changes
            .iter()
            .filter(|change| change.source == Some(Source::Server))
            .map(|change| &change.state)
    }
}

impl Display for SessionState {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setting(name) => write!(f, "the setting `{name}`"),
            Self::Settings => f.write_str("settings whose names are computed"),
            Self::Variable(name) => write!(f, "the variable `@{name}`"),
            Self::Temporary(name) => write!(f, "the temporary `{name}`"),
            Self::Prepared(name) => write!(f, "the prepared statement `{name}`"),
            Self::Cursor(name) => write!(f, "the cursor `{name}`"),
            Self::Generated => f.write_str("the key that was generated last"),
            Self::Counted => f.write_str("the number of rows of the last statement"),
        }
    }
}

#[cfg(test)]
mod tests;
