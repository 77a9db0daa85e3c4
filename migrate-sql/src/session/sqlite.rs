//! What statements of SQLite leave in their connection.

use super::mysql::name;
use super::{Draft, SessionState, Source};
use crate::statement::Reader;

/// Pragmas that hold for a connection. All others are stored in the file, do work, or answer.
const OF_CONNECTION: &[&str] = &[
    "ANALYSIS_LIMIT",
    "AUTOMATIC_INDEX",
    "BUSY_TIMEOUT",
    "CACHE_SIZE",
    "CACHE_SPILL",
    "CASE_SENSITIVE_LIKE",
    "CELL_SIZE_CHECK",
    "CHECKPOINT_FULLFSYNC",
    "DEFER_FOREIGN_KEYS",
    "FOREIGN_KEYS",
    "FULLFSYNC",
    "HARD_HEAP_LIMIT",
    "IGNORE_CHECK_CONSTRAINTS",
    "JOURNAL_MODE",
    "JOURNAL_SIZE_LIMIT",
    "LEGACY_ALTER_TABLE",
    "LOCKING_MODE",
    "MAX_PAGE_COUNT",
    "MMAP_SIZE",
    "QUERY_ONLY",
    "READ_UNCOMMITTED",
    "RECURSIVE_TRIGGERS",
    "REVERSE_UNORDERED_SELECTS",
    "SECURE_DELETE",
    "SOFT_HEAP_LIMIT",
    "SYNCHRONOUS",
    "TEMP_STORE",
    "THREADS",
    "TRUSTED_SCHEMA",
    "WAL_AUTOCHECKPOINT",
    "WRITABLE_SCHEMA",
];

pub(super) fn read(mut words: Reader<'_>) -> Draft {
    match words.keyword().as_str() {
        "PRAGMA" => pragma(words),
        "ATTACH" | "DETACH" => {
            let attached = words.filter(|token| !token.is_word("DATABASE")).last();
            let name = attached.map(|token| token.text().to_lowercase()).unwrap_or_default();
            Draft::sole().with(SessionState::Setting(format!("attached {name}")), Source::Text)
        }
        "CREATE" => create(words),
        "DROP" => drop(words),
        _ => Draft::default(),
    }
}

fn pragma(mut words: Reader<'_>) -> Draft {
    let mut name = words.keyword();
    if words.eat_mark(".") {
        name = words.keyword();
    }
    let sets = words.eat_mark("=") || words.eat_mark("(");
    if sets && OF_CONNECTION.contains(&name.as_str()) {
        return Draft::sole().with(SessionState::Setting(name.to_lowercase()), Source::Text);
    }
    Draft::default()
}

fn create(mut words: Reader<'_>) -> Draft {
    let mut temporary = words.eat_any(&["TEMP", "TEMPORARY"]);
    words.eat_any(&["TABLE", "VIEW", "TRIGGER"]);
    words.eat_all(&["IF", "NOT", "EXISTS"]);
    temporary |= words.clone().eat_all(&["TEMP"]) && {
        let mut ahead = words.clone();
        ahead.next();
        ahead.eat_mark(".")
    };
    match name(&mut words) {
        Some(name) if temporary => {
            Draft::default().with(SessionState::Temporary(name), Source::Lost)
        }
        Some(_) | None => Draft::default(),
    }
}

/// `DROP TABLE IF EXISTS temp.a` does no harm where there is none.
fn drop(mut words: Reader<'_>) -> Draft {
    let mut draft = Draft::default();
    if words.eat_any(&["TABLE", "VIEW", "TRIGGER"]) {
        let absent = words.eat_all(&["IF", "EXISTS"]);
        draft.heeds_absence = absent && words.clone().eat("TEMP");
        if let Some(name) = name(&mut words) {
            draft.end(SessionState::Temporary(name));
        }
    }
    draft
}
