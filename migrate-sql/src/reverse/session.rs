//! What is gone with the session, and what changes only how rows are stored.

use super::reason::Reason;
use crate::statement::Statement;
use crate::text::{Dialect, Token};

/// Whether there is nothing to undo.
///
/// # Errors
///
/// A setting by which the names in the statements after it mean something else than they will in what undoes
/// them, or that outlives the session.
pub(super) fn leaves_nothing(statement: &Statement<'_>) -> Result<bool, Reason> {
    let words: Vec<Token<'_>> = statement.code().collect();
    let Some((first, rest)) = words.split_first() else { return Ok(true) };
    if first.is_any_word(&["USE", "DISCARD", "ATTACH", "DETACH"]) {
        return Err(renames(first.text()));
    }
    Ok(match statement.dialect() {
        Dialect::Postgres => {
            if first.is_any_word(&["SET", "RESET"]) {
                return postgres_setting(rest);
            }
            first.is_any_word(&["VACUUM", "ANALYZE", "ANALYSE", "REINDEX", "CHECKPOINT", "LOCK"])
        }
        Dialect::Mysql => {
            if first.is_word("SET") {
                return mysql_setting(rest);
            }
            first.is_any_word(&["ANALYZE", "OPTIMIZE", "CHECK"])
                && rest.first().is_some_and(|word| {
                    word.is_any_word(&["TABLE", "TABLES", "LOCAL", "NO_WRITE_TO_BINLOG"])
                })
        }
        Dialect::Sqlite => {
            first.is_any_word(&["VACUUM", "REINDEX"])
                && !rest.iter().any(|word| word.is_word("INTO"))
                || first.is_word("PRAGMA") && is_session_pragma(rest)
        }
    })
}

fn renames(word: &str) -> Reason {
    format!("after `{}` names may mean something else", word.to_ascii_uppercase()).into()
}

fn postgres_setting(words: &[Token<'_>]) -> Result<bool, Reason> {
    const NAMES: &[&str] =
        &["ALL", "AUTHORIZATION", "ROLE", "SCHEMA", "SEARCH_PATH", "STANDARD_CONFORMING_STRINGS"];
    let changes_names = |word: &Token<'_>| {
        let text = word.text().trim_matches('"');
        NAMES.iter().find(|name| text.eq_ignore_ascii_case(name)).copied()
    };
    // `SET CONSTRAINTS ALL DEFERRED` is one of the transaction's.
    let target = words.iter().find(|word| !word.is_any_word(&["SESSION", "LOCAL"]));
    target.and_then(changes_names).map_or(Ok(true), |name| Err(renames(name)))
}

fn mysql_setting(words: &[Token<'_>]) -> Result<bool, Reason> {
    const MORE: &[&str] =
        &["GLOBAL", "PERSIST", "PERSIST_ONLY", "PASSWORD", "DEFAULT", "ROLE", "STATEMENT"];
    let Some(more) = words.iter().find_map(|word| {
        let text = word.text().to_ascii_lowercase();
        let scoped = text.starts_with("@@global.") || text.starts_with("@@persist");
        if text.ends_with("sql_mode") {
            Some(renames("SET sql_mode"))
        } else if scoped || word.is_any_word(MORE) || word.is_mark("(") {
            Some("it may set more than the session".into())
        } else {
            None
        }
    }) else {
        return Ok(true);
    };
    Err(more)
}

/// The pragmas that nothing remembers.
fn is_session_pragma(words: &[Token<'_>]) -> bool {
    words.first().is_some_and(|name| {
        name.is_any_word(&[
            "ANALYSIS_LIMIT",
            "BUSY_TIMEOUT",
            "CACHE_SIZE",
            "CELL_SIZE_CHECK",
            "DEFER_FOREIGN_KEYS",
            "FOREIGN_KEYS",
            "FOREIGN_KEY_CHECK",
            "IGNORE_CHECK_CONSTRAINTS",
            "INTEGRITY_CHECK",
            "LEGACY_ALTER_TABLE",
            "MMAP_SIZE",
            "QUICK_CHECK",
            "RECURSIVE_TRIGGERS",
            "SYNCHRONOUS",
            "TEMP_STORE",
            "THREADS",
            "TRUSTED_SCHEMA",
        ])
    })
}
