//! The line of SQL that an error is about, and its place.

use std::ops::Range;
use std::panic::Location;

use migrate_sql::{Direction, Position};

use crate::db::{DbError, DbErrorCause};
use crate::declare::migration::{Migration, Origin};
use crate::engine::connection::{DatabaseError, ErrorPlace};
use crate::sql::SqlSource;

/// A line of SQL, with its place in the SQL and, if known, in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Excerpt {
    /// The line of SQL.
    pub line: String,
    /// The beginning of the fault, or of the statement, in the SQL.
    pub in_sql: Position,
    /// The end of the fault in the SQL, if known.
    pub until: Option<Position>,
    /// Whether the engine reported the place, so that a caret can point to it.
    pub exact: bool,
    /// The file, and the place in it of the SQL, or for computed SQL of the function or call.
    pub file: Option<(&'static str, Position)>,
    /// The end of the fault in the file, if known.
    pub file_until: Option<Position>,
    /// Whether the place in the file is the place of the SQL itself.
    pub file_is_sql: bool,
}

/// The SQL that was sent, and its origin.
pub(crate) struct Sent<'a> {
    /// The whole text of the body.
    pub(crate) text: &'a str,
    /// The statement's byte offset in it.
    pub(crate) offset: usize,
    pub(crate) statement: &'a str,
    pub(crate) source: Option<&'a SqlSource>,
    pub(crate) origin: Option<Origin>,
    pub(crate) caller: Option<&'static Location<'static>>,
}

impl Excerpt {
    /// Returns the excerpt for a byte range of a migration's SQL. An empty range is a point.
    pub fn of_migration(
        migration: &Migration,
        direction: Direction,
        text: &str,
        piece: Range<usize>,
    ) -> Self {
        let source = match direction {
            Direction::Up => migration.up_source.as_ref(),
            Direction::Down => migration.down_source.as_ref(),
        };
        let origin = migration.origin;
        let sent = Sent { text, offset: 0, statement: text, source, origin, caller: None };
        let excerpt = Self::at(&sent, Some(piece.start));
        if piece.is_empty() {
            return excerpt;
        }
        Self {
            until: Some(Position::of(text, piece.end)),
            file_until: source.and_then(|source| source.locate(text, piece.end)),
            ..excerpt
        }
    }

    /// Returns the excerpt for a failed call of `migration`; `None` where the call has no SQL.
    pub fn of_call(migration: &Migration, call: &DbError) -> Option<Self> {
        let sql = call.sql.as_deref()?;
        let (origin, caller) = (migration.origin, call.location);
        let sent = Sent { text: sql, offset: 0, statement: sql, source: None, origin, caller };
        match &call.cause {
            DbErrorCause::Database(error) => Some(Self::of(&sent, error)),
            DbErrorCause::Script(fault) => Some(Self::at(&sent, Some(fault.offset()))),
            DbErrorCause::Diverged { .. }
            | DbErrorCause::Unrepeatable { .. }
            | DbErrorCause::SessionLost { .. }
            | DbErrorCause::Undecided { .. } => Some(Self::at(&sent, None)),
            DbErrorCause::ReadsOffline
            | DbErrorCause::NoRow
            | DbErrorCause::Mismatch { .. }
            | DbErrorCause::NoState { .. }
            | DbErrorCause::Unheld
            | DbErrorCause::NotTracked
            | DbErrorCause::Untracked { .. }
            | DbErrorCause::OtherEngine { .. } => None,
        }
    }

    /// Returns the excerpt for `error`. Its character offset is relative to the statement.
    pub(crate) fn of(sent: &Sent<'_>, error: &DatabaseError) -> Self {
        let found = error.place.as_ref().and_then(|place| find(sent.statement, place));
        Self::at(sent, found)
    }

    /// Returns the excerpt for a byte of the statement; for its beginning, if the byte is not known.
    pub(crate) fn at(sent: &Sent<'_>, found: Option<usize>) -> Self {
        let offset = sent.offset + found.unwrap_or(0);
        let in_sql = Position::of(sent.text, offset);
        let in_source =
            sent.source.and_then(|source| Some((source.file, source.locate(sent.text, offset)?)));
        Self {
            line: sent.text.lines().nth(in_sql.line - 1).unwrap_or_default().to_owned(),
            in_sql,
            until: None,
            exact: found.is_some(),
            file: in_source
                .or_else(|| sent.caller.map(of_caller))
                .or_else(|| sent.origin.map(of_origin)),
            file_until: None,
            file_is_sql: in_source.is_some(),
        }
    }
}

fn of_caller(caller: &'static Location<'static>) -> (&'static str, Position) {
    (caller.file(), Position { line: index(caller.line()), column: index(caller.column()) })
}

fn of_origin(origin: Origin) -> (&'static str, Position) {
    (origin.file, Position { line: index(origin.line), column: 1 })
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Returns the byte offset of the place in `statement`.
fn find(statement: &str, place: &ErrorPlace) -> Option<usize> {
    match place {
        ErrorPlace::Character(character) => {
            statement.char_indices().map(|(byte, _)| byte).nth(*character)
        }
        // The server reports the end of the statement as an empty text.
        ErrorPlace::Near { text, line: _ } if text.is_empty() => {
            Some(statement.trim_end().char_indices().next_back().map_or(0, |(byte, _)| byte))
        }
        ErrorPlace::Near { text, line } => {
            // MySQL quotes beyond the statement, into the rest of the message.
            let theirs = text.split(";\n").next().unwrap_or(text);
            let from = line.map_or(0, |line| start_of_line(statement, line));
            let after =
                statement.get(from..).and_then(|rest| rest.find(theirs)).map(|at| at + from);
            after.or_else(|| statement.find(theirs))
        }
    }
}

fn start_of_line(text: &str, line: usize) -> usize {
    text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::connection::ErrorKind;
    use crate::sql::Segment;

    fn refused(place: Option<ErrorPlace>) -> DatabaseError {
        let mut error = DatabaseError::new(ErrorKind::Syntax, "syntax error");
        error.place = place;
        error
    }

    fn sent<'a>(text: &'a str, statement: &'a str, source: Option<&'a SqlSource>) -> Sent<'a> {
        let offset = text.find(statement).expect("part of the text");
        Sent { text, offset, statement, source, origin: None, caller: None }
    }

    #[test]
    fn characters_count_from_the_statement_and_not_in_bytes() {
        let text = "SELECT 'é';\nSELECT 'é', nix";
        let error = refused(Some(ErrorPlace::Character(12)));
        let excerpt = Excerpt::of(&sent(text, "SELECT 'é', nix", None), &error);
        assert_eq!((excerpt.in_sql, excerpt.exact), (Position { line: 2, column: 13 }, true));
        assert_eq!(excerpt.line, "SELECT 'é', nix");
    }

    #[test]
    fn near_is_looked_for_from_its_line_on() {
        let error = refused(Some(ErrorPlace::Near { text: "x".into(), line: Some(2) }));
        let excerpt = Excerpt::of(&sent("ALTER x\nDROP x", "ALTER x\nDROP x", None), &error);
        assert_eq!(excerpt.in_sql, Position { line: 2, column: 6 });
    }

    #[test]
    fn a_place_in_the_sql_leads_to_the_file() {
        let source =
            SqlSource { file: "src/m.rs", segments: &[Segment { offset: 0, line: 5, column: 6 }] };
        let error = refused(Some(ErrorPlace::Character(7)));
        let excerpt = Excerpt::of(&sent("CREATE tabel t", "CREATE tabel t", Some(&source)), &error);
        assert_eq!(excerpt.file, Some(("src/m.rs", Position { line: 5, column: 13 })));
        assert!(excerpt.file_is_sql);
    }

    #[test]
    fn without_a_place_it_is_the_statements_first_line() {
        let excerpt = Excerpt::of(&sent("A;\nB\nC", "B\nC", None), &refused(None));
        assert_eq!((excerpt.line.as_str(), excerpt.exact), ("B", false));
    }
}
