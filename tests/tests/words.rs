//! Words that must not come back: private or old-fashioned ones, for which there is a plain English one.
//!
//! Reads sources, documentation, snapshots and compiler messages. A word counts in any case, in the plural, and as a part
//! of a name such as `half_done`.

#![expect(clippy::expect_used, reason = "a test's way to fail is to panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The words, and what to write instead.
const WORDS: &[(&str, &str)] = &[
    ("anew", "again"),
    ("attendant", "watchdog"),
    ("companion", "connector, second connection"),
    ("dawdle", "be slow"),
    ("deed", "event, command"),
    ("goes on with", "resumes, continues"),
    ("half done", "unfinished"),
    ("in doubt", "outcome unknown"),
    ("is had", "is held, is acquired"),
    ("ledger", "journal"),
    ("lest", "so that … not"),
    ("mishap", "injected fault"),
    ("parted by", "separated by"),
    ("passed over", "skipped"),
    ("says so", "reports it"),
    ("takes your word", "record the outcome"),
    ("tenant", "lease owner"),
    ("whoever", "the run, the user, who"),
];

/// Where a word is the right one.
const RIGHT: &[(&str, &str)] = &[
    // A schema or a row for each customer.
    ("README.md", "tenant"),
    ("CHANGELOG.md", "tenant"),
    ("docs/configuration.md", "tenant"),
    ("tests/src/suite/code.rs", "tenant"),
    ("tests/src/suite/schemas.rs", "tenant"),
    // The name of a column in layout 1 of history.
    ("migrate-core/src/history/table/columns.rs", "deed"),
    ("tests/faults/unfinished", "deed"),
    ("tests/src/history.rs", "deed"),
    ("tests/src/suite/drift.rs", "deed"),
    // This list.
    ("tests/tests/words.rs", ""),
];

/// What is not read: others' words, and what is built.
const UNREAD: &[&str] = &["Cargo.lock", "target", "fuzz/corpus", "fuzz/artifacts"];

/// What is not clean yet.
const LATER: &[&str] = &["migrate-lint", "migrate-sql", "docs/lint.md", "tests/src"];

#[test]
fn no_word_has_come_back() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository");
    let mut found = BTreeSet::new();
    for file in files(root, root) {
        let Ok(text) = fs::read_to_string(root.join(&file)) else { continue };
        let text = plain(&text);
        for (word, instead) in WORDS {
            if !is_right(&file, word) && holds(&text, word) {
                found.insert(format!("{}: `{word}`; write: {instead}", file.display()));
            }
        }
    }
    assert!(found.is_empty(), "{}", Vec::from_iter(found).join("\n"));
}

#[test]
fn words_are_found_in_names_over_lines_and_in_the_plural() {
    assert!(holds(&plain("/// It goes\n    /// on with `x`."), "goes on with"));
    assert!(holds(&plain("# Deeds, one each"), "deed"));
    assert!(holds(&plain("fn half_done() {}"), "half done"));
    assert!(!holds(&plain("indeed, unlessthe latest"), "deed"));
    assert!(!holds(&plain("the latest, unless"), "lest"));
}

fn is_right(file: &Path, word: &str) -> bool {
    RIGHT
        .iter()
        .any(|(place, right)| file.starts_with(place) && (right.is_empty() || *right == word))
}

/// Returns the text in lower case, its words separated by single spaces, without the marks of comments.
fn plain(text: &str) -> String {
    let words = |line: &str| {
        let line = line.trim_start().trim_start_matches(['/', '!', '#', '|', '*', '>']);
        line.replace(['_', '-'], " ").to_lowercase()
    };
    let lines: Vec<String> = text.lines().map(words).collect();
    lines.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns whether a plain text holds a word, or several words in a row.
fn holds(text: &str, word: &str) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = text.split_at(at);
        let after = after.strip_prefix(word).unwrap_or_default();
        let after = after.strip_prefix('s').unwrap_or(after);
        !is_letter(before.chars().next_back()) && !is_letter(after.chars().next())
    })
}

/// Returns all files below a folder that are read, as paths from the root.
fn files(root: &Path, folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let inner = path.strip_prefix(root).expect("inside");
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_hidden = name.starts_with('.') && ![".ci", ".github", ".cargo"].contains(&&*name);
        let is_unread = UNREAD.iter().any(|unread| inner.ends_with(unread));
        if is_hidden || is_unread || LATER.iter().any(|later| inner.starts_with(later)) {
            continue;
        }
        if path.is_dir() {
            found.extend(files(root, &path));
        } else {
            found.push(inner.to_owned());
        }
    }
    found
}
