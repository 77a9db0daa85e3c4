//! What statements leave in a session beside settings, by name: to undo it where no server can list it.

mod mysql;
mod sqlite;
#[cfg(test)]
mod tests;

use crate::statement::Statement;
use crate::text::Dialect;

/// The traces of statements that ran one after another in one session of MySQL, MariaDB or SQLite. PostgreSQL lists its own.
///
/// ```
/// use migrate_sql::{Dialect, Traces, split};
///
/// let mut traces = Traces::new(Dialect::Mysql);
/// for statement in split("SET @a = 1; CREATE TEMPORARY TABLE b (c int)", Dialect::Mysql)? {
///     traces.note(&statement);
/// }
/// assert_eq!(traces.left(), ["the user variable `@a`", "the temporary table `b`"]);
/// assert_eq!(traces.undo(), ["SET @`a` = NULL", "DROP TEMPORARY TABLE IF EXISTS `b`"]);
/// # Ok::<(), migrate_sql::SplitError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Traces {
    dialect: Dialect,
    /// The database that one of the statements has chosen.
    database: Option<String>,
    /// Whether a procedure was called, whose text is elsewhere.
    calls: bool,
    found: Vec<Found>,
}

#[derive(Clone, Debug)]
struct Found {
    trace: Trace,
    /// How often it was made.
    times: usize,
    /// Whether a later statement undid it.
    undone: bool,
    /// Whether it was only mentioned, and may have been made by something else.
    mentioned: bool,
}

/// One thing that outlives its statement.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Trace {
    /// The SQL text of a lock's name.
    Lock(String),
    Handler(String),
    Prepared(String),
    Table {
        database: Option<String>,
        name: String,
    },
    Variable(String),
    /// A setting of MySQL's.
    Setting(String),
    /// A temporary object of SQLite.
    Temporary {
        kind: &'static str,
        name: String,
    },
    Attached(String),
    Pragma(String),
}

impl Traces {
    /// No statement yet.
    pub const fn new(dialect: Dialect) -> Self {
        Self { dialect, database: None, calls: false, found: Vec::new() }
    }

    /// Notes what the next statement leaves, or undoes.
    pub fn note(&mut self, statement: &Statement<'_>) {
        match self.dialect {
            Dialect::Postgres => {}
            Dialect::Mysql => mysql::note(self, statement),
            Dialect::Sqlite => sqlite::note(self, statement),
        }
    }

    /// Whether a procedure was called, which may have left what its own text says.
    pub const fn calls(&self) -> bool {
        self.calls
    }

    /// Notes the temporary tables that the body of a routine of MySQL's may have made.
    pub fn note_body(&mut self, database: &str, body: &str) {
        mysql::note_body(self, database, body);
    }

    /// Adds what others found.
    pub fn extend(&mut self, others: Self) {
        self.calls |= others.calls;
        for found in others.found {
            match self.found.iter_mut().find(|known| known.trace == found.trace) {
                Some(known) => {
                    known.times += found.times;
                    known.undone = found.undone;
                    known.mentioned &= found.mentioned;
                }
                None => self.found.push(found),
            }
        }
    }

    /// Whether there is nothing to undo.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The statements that undo all of it, also what a failure kept from being undone. One may be refused where there is
    /// nothing to undo.
    pub fn undo(&self) -> Vec<String> {
        self.statements(|_| true)
    }

    /// The statements that undo what is left after all of the statements ran; none of them is refused.
    pub fn undo_left(&self) -> Vec<String> {
        self.statements(|found| !found.undone)
    }

    /// The names of the locks, as SQL.
    pub fn locks(&self) -> Vec<&str> {
        let lock = |found: &'_ Found| matches!(found.trace, Trace::Lock(_));
        let locks = self.found.iter().filter(|found| lock(found));
        locks
            .filter_map(|found| match &found.trace {
                Trace::Lock(name) => Some(name.as_str()),
                Trace::Handler(_)
                | Trace::Prepared(_)
                | Trace::Table { .. }
                | Trace::Variable(_)
                | Trace::Setting(_)
                | Trace::Temporary { .. }
                | Trace::Attached(_)
                | Trace::Pragma(_) => None,
            })
            .collect()
    }

    /// What is left after all of the statements ran, but for settings, in words.
    pub fn left(&self) -> Vec<String> {
        let setting = |found: &&Found| matches!(found.trace, Trace::Setting(_) | Trace::Pragma(_));
        let left = self.found.iter().filter(|found| !found.undone && !found.mentioned);
        let left = left.filter(|found| !setting(found));
        left.map(|found| found.trace.describe()).collect()
    }

    fn statements(&self, wanted: impl Fn(&Found) -> bool) -> Vec<String> {
        let wanted: Vec<&Found> = self.found.iter().filter(|found| wanted(found)).collect();
        // The name of a lock may be made of variables, and a view or trigger of tables.
        let of = |rank: usize| {
            wanted
                .iter()
                .filter(move |found| found.trace.rank() == rank)
                .flat_map(|found| found.trace.undo(found.times))
        };
        (0..=Trace::LAST_RANK).flat_map(of).collect()
    }

    fn add(&mut self, trace: Trace) {
        self.see(trace, false);
    }

    /// Notes what may have been made elsewhere.
    fn mention(&mut self, trace: Trace) {
        self.see(trace, true);
    }

    fn see(&mut self, trace: Trace, mentioned: bool) {
        match self.found.iter_mut().find(|found| found.trace == trace) {
            Some(found) => {
                found.times += 1;
                found.mentioned &= mentioned;
                found.undone &= mentioned;
            }
            None => self.found.push(Found { trace, times: 1, undone: false, mentioned }),
        }
    }

    fn undone(&mut self, is: impl Fn(&Trace) -> bool) {
        for found in self.found.iter_mut().filter(|found| is(&found.trace)) {
            found.undone = true;
        }
    }
}

impl Trace {
    const LAST_RANK: usize = 2;

    /// When it is undone.
    fn rank(&self) -> usize {
        match self {
            Self::Lock(_) | Self::Temporary { kind: "TRIGGER" | "VIEW", .. } => 0,
            Self::Handler(_) | Self::Prepared(_) | Self::Variable(_) | Self::Temporary { .. } => 1,
            Self::Table { .. } | Self::Setting(_) | Self::Attached(_) | Self::Pragma(_) => 2,
        }
    }

    fn describe(&self) -> String {
        match self {
            Self::Lock(name) => format!("the lock named {name}"),
            Self::Handler(name) => format!("the handler `{name}`"),
            Self::Prepared(name) => format!("the prepared statement `{name}`"),
            Self::Table { name, .. } => format!("the temporary table `{name}`"),
            Self::Variable(name) => format!("the user variable `@{name}`"),
            Self::Temporary { kind, name } => {
                format!("the temporary {} `{name}`", kind.to_ascii_lowercase())
            }
            Self::Attached(name) => format!("the attached database `{name}`"),
            Self::Setting(name) | Self::Pragma(name) => format!("the setting `{name}`"),
        }
    }

    fn undo(&self, times: usize) -> Vec<String> {
        match self {
            Self::Lock(_)
            | Self::Handler(_)
            | Self::Prepared(_)
            | Self::Table { .. }
            | Self::Variable(_)
            | Self::Setting(_) => mysql::undo(self, times),
            Self::Temporary { .. } | Self::Attached(_) | Self::Pragma(_) => sqlite::undo(self),
        }
    }
}
