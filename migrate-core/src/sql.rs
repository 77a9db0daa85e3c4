//! SQL text as a migration returns it, and its place in a source file.

pub(crate) mod script;

use std::borrow::Cow;

pub use migrate_sql::{Dialect, Position};

/// SQL text: one statement or several, separated by `;`.
///
/// ```
/// use migrate_core::Sql;
///
/// let sql = Sql::from("CREATE TABLE t (id BIGINT)");
/// assert_eq!(sql.text(), "CREATE TABLE t (id BIGINT)");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sql {
    text: Cow<'static, str>,
}

impl Sql {
    /// Creates SQL from a constant.
    pub const fn new(text: &'static str) -> Self {
        Self { text: Cow::Borrowed(text) }
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn into_text(self) -> Cow<'static, str> {
        self.text
    }
}

/// A type that a migration may return as its SQL.
///
/// ```
/// use migrate_core::IntoSql;
///
/// let statements = vec!["CREATE TABLE a (id BIGINT)".to_owned(), "CREATE TABLE b (id BIGINT)".to_owned()];
/// assert_eq!(statements.into_sql().text(), "CREATE TABLE a (id BIGINT)\n;\nCREATE TABLE b (id BIGINT)");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not SQL",
    label = "expected `&'static str`, `String`, `Vec<String>` or `Sql`",
    note = "a migration that runs code instead is an `async fn(&mut Db) -> Result<()>`"
)]
pub trait IntoSql {
    /// Returns the text.
    fn into_sql(self) -> Sql;
}

impl IntoSql for Sql {
    fn into_sql(self) -> Sql {
        self
    }
}

impl IntoSql for &'static str {
    fn into_sql(self) -> Sql {
        Sql::new(self)
    }
}

impl IntoSql for String {
    fn into_sql(self) -> Sql {
        Sql { text: Cow::Owned(self) }
    }
}

/// Each element is one statement.
impl IntoSql for Vec<String> {
    fn into_sql(self) -> Sql {
        // The line break keeps a trailing `-- comment` from hiding the terminator.
        Sql { text: Cow::Owned(self.join("\n;\n")) }
    }
}

/// Each element is one statement.
impl IntoSql for Vec<&'static str> {
    fn into_sql(self) -> Sql {
        Sql { text: Cow::Owned(self.join("\n;\n")) }
    }
}

impl From<&'static str> for Sql {
    fn from(text: &'static str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Sql {
    fn from(text: String) -> Self {
        text.into_sql()
    }
}

/// The place in its file of SQL that the macro saw as a literal.
///
/// Text and source differ by escapes and line continuations. In each [`Segment`] they are the same, so that an offset in
/// the text gives a line and column of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SqlSource {
    /// The file, relative to the folder the compiler ran in.
    pub file: &'static str,
    /// The segments, ascending by offset, the first at 0.
    pub segments: &'static [Segment],
}

/// A part of SQL text that is the same in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The byte offset in the SQL text at which it begins.
    pub offset: usize,
    /// The line in the file, from 1.
    pub line: usize,
    /// The column in the file, in characters from 1.
    pub column: usize,
}

impl SqlSource {
    /// Returns the place in the file of the byte at `offset` of `text`.
    pub(crate) fn locate(&self, text: &str, offset: usize) -> Option<Position> {
        let segment = self.segments.iter().rev().find(|segment| segment.offset <= offset)?;
        let within = Position::of(text.get(segment.offset..)?, offset - segment.offset);
        Some(match within.line {
            1 => Position { line: segment.line, column: segment.column + within.column - 1 },
            later => Position { line: segment.line + later - 1, column: within.column },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_is_found_in_the_file_across_segments() {
        // "ab\n" written as `a`, `b`, `\n` (an escape), then `cd` on the same source line.
        let source = SqlSource {
            file: "src/m.rs",
            segments: &[
                Segment { offset: 0, line: 7, column: 6 },
                Segment { offset: 3, line: 7, column: 10 },
            ],
        };
        assert_eq!(source.locate("ab\ncd", 1), Some(Position { line: 7, column: 7 }));
        assert_eq!(source.locate("ab\ncd", 4), Some(Position { line: 7, column: 11 }));
    }

    #[test]
    fn lines_of_a_raw_literal_start_at_column_one() {
        let source =
            SqlSource { file: "m.rs", segments: &[Segment { offset: 0, line: 3, column: 9 }] };
        assert_eq!(source.locate("a\nbc", 3), Some(Position { line: 4, column: 2 }));
    }
}
