//! MySQL and SQLite, by a parser that knows only some of what they do.

use ::sqlparser::{
    dialect::{MySqlDialect, SQLiteDialect},
    parser::{Parser, ParserError},
};

use super::{PANICKED, TOO_DEEP, Verdict, depth, guard};
use migrate_sql::{Dialect, Statement};

pub(super) fn verdicts(statements: &[Statement<'_>]) -> Vec<Verdict> {
    statements.iter().map(verdict).collect()
}

fn verdict(statement: &Statement<'_>) -> Verdict {
    if depth::is_too_deep(statement) {
        return Verdict::Unread(TOO_DEEP);
    }
    let (text, dialect) = (statement.text().to_owned(), statement.dialect());
    let parse = move || match dialect {
        // What is parsed is dropped where it was made: it is as deep as its text.
        Dialect::Mysql => Parser::parse_sql(&MySqlDialect {}, &text).map(drop),
        Dialect::Sqlite | Dialect::Postgres => {
            Parser::parse_sql(&SQLiteDialect {}, &text).map(drop)
        }
    };
    let Some(parsed) = guard::guarded(parse) else { return Verdict::Unread(PANICKED) };
    let text = statement.text();
    let error = match parsed {
        Ok(()) => return Verdict::Parsed,
        Err(ParserError::RecursionLimitExceeded) => return Verdict::Unread(TOO_DEEP),
        Err(ParserError::TokenizerError(error) | ParserError::ParserError(error)) => error,
    };
    let (message, place) = error.rsplit_once(" at Line: ").unwrap_or((&error, ""));
    Verdict::Refused { offset: offset(text, place), message: reworded(message) }
}

/// The byte at `3, Column: 14`.
fn offset(text: &str, place: &str) -> usize {
    let Some((line, column)) = place.split_once(", Column: ") else { return 0 };
    let number = |digits: &str| digits.trim().parse::<usize>().unwrap_or(1).saturating_sub(1);
    let start = text.split_inclusive('\n').take(number(line)).map(str::len).sum::<usize>();
    let rest = text.get(start..).unwrap_or_default();
    let before = rest.char_indices().nth(number(column)).map_or(rest.len(), |(at, _)| at);
    start + before
}

/// `Expected: a, found: b` in the words of the other messages.
fn reworded(message: &str) -> String {
    let parts = message.strip_prefix("Expected: ").and_then(|rest| rest.rsplit_once(", found: "));
    match parts {
        Some((expected, "EOF")) => format!("expected {expected}, found the end of the statement"),
        Some((expected, found)) => format!("expected {expected}, found `{found}`"),
        None => message.to_owned(),
    }
}
