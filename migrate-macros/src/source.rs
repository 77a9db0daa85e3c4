//! The location of SQL text in the sources, to show faults there.

mod literal;

use std::path::{Component, Path, PathBuf};

use migrate_sql::Position;
use syn::LitStr;

/// The location of SQL text in the sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) file: File,
    pub(crate) segments: Vec<Segment>,
}

/// The file that holds SQL text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum File {
    /// The file that contains the macro call.
    Invoking,
    /// A file that `include_str!` names.
    Included(String),
}

/// A piece of SQL text that is in the file character by character; becomes `migrate_core::__private::Segment`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) offset: usize,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Source {
    /// Returns the location of a literal's content, or `None` if a macro wrote it.
    pub(crate) fn of_literal(text: &LitStr) -> Option<Self> {
        Some(Self { file: File::Invoking, segments: literal::segments(text)? })
    }

    /// Returns the location of the file that `include_str!` names.
    pub(crate) fn of_file(path: &LitStr) -> Self {
        let file = beside(Path::new(&path.span().file()), &path.value());
        let segments = vec![Segment { offset: 0, line: 1, column: 1 }];
        Self { file: File::Included(file.to_string_lossy().into_owned()), segments }
    }

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

/// Reads the file that `include_str!` names; returns `None` if it cannot be read, which rustc reports.
pub(crate) fn included(path: &LitStr) -> Option<String> {
    let invoking = path.span().local_file()?;
    std::fs::read_to_string(beside(&invoking, &path.value())).ok()
}

/// Returns the path of `included`, relative to the same folder as `invoking`.
fn beside(invoking: &Path, included: &str) -> PathBuf {
    let mut path = PathBuf::new();
    for part in invoking.parent().unwrap_or(Path::new("")).join(included).components() {
        let below_a_name = matches!(path.components().next_back(), Some(Component::Normal(_)));
        if part == Component::ParentDir && below_a_name {
            path.pop();
        } else if part != Component::CurDir {
            path.push(part);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_included_file_is_found_from_the_invoking_one() {
        let beside = |invoking, included| beside(Path::new(invoking), included);
        assert_eq!(beside("src/r001.rs", "001.sql"), Path::new("src/001.sql"));
        assert_eq!(
            beside("crates/db/src/r001.rs", "../sql/./001.sql"),
            Path::new("crates/db/sql/001.sql")
        );
        assert_eq!(beside("src/r001.rs", "../../001.sql"), Path::new("../001.sql"));
        assert_eq!(beside("lib.rs", "001.sql"), Path::new("001.sql"));
    }
}
