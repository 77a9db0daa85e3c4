//! The corpus: statements of every kind, and what is to be known of each.
//!
//! A file of `corpus/` is divided by headings, `-- class` or `-- class, not in a transaction`. A statement begins
//! at the beginning of a line, goes on in indented ones, and ends with a `;` that the line ends with.

use std::{fs, path::Path};

use migrate_sql::Dialect;

/// A statement as the file has it, and what its heading says.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) text: String,
    pub(crate) class: String,
    /// Whether it may run in one.
    pub(crate) transaction: bool,
}

pub(crate) fn texts(dialect: Dialect) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../migrate-sql/tests/corpus")
        .join(dialect.name());
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
        .iter()
        .map(|file| (file.display().to_string(), fs::read_to_string(file).unwrap()))
        .collect()
}

pub(crate) fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut heading = "";
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some(words) = line.strip_prefix("-- ") {
            heading = words;
        } else if let (true, Some(case)) = (line.starts_with([' ', ')']), cases.last_mut()) {
            case.text = format!("{}\n{line}", case.text);
        } else {
            let (class, transaction) = match heading.strip_suffix(", not in a transaction") {
                Some(class) => (class, false),
                None => (heading, true),
            };
            cases.push(Case { text: line.to_owned(), class: class.to_owned(), transaction });
        }
    }
    for case in &mut cases {
        case.text = case.text.strip_suffix(';').unwrap().to_owned();
    }
    cases
}
