//! Quoting: the only place that turns names and values into SQL.
//!
//! A NUL character, which no database takes in SQL text, becomes `U+FFFD`.

use std::{borrow::Cow, fmt::Write};

use crate::text::Dialect;

/// Quotes a name.
///
/// # Examples
///
/// ```
/// use migrate_sql::{Dialect, quote};
///
/// assert_eq!(quote::identifier("a\"b", Dialect::Postgres), r#""a""b""#);
/// assert_eq!(quote::identifier("a`b", Dialect::Mysql), "`a``b`");
/// ```
pub fn identifier(name: &str, dialect: Dialect) -> String {
    let quote = match dialect {
        Dialect::Postgres | Dialect::Sqlite => '"',
        Dialect::Mysql => '`',
    };
    enclosed(&without_nul(name), quote)
}

/// Writes a text as a literal, in a form that means the same under every setting of the session.
///
/// A backslash makes it PostgreSQL's `E'…'`, or in MySQL a hexadecimal literal.
///
/// # Examples
///
/// ```
/// use migrate_sql::{Dialect, quote};
///
/// assert_eq!(quote::literal("it's", Dialect::Sqlite), "'it''s'");
/// assert_eq!(quote::literal(r"a\b", Dialect::Postgres), r"E'a\\b'");
/// assert_eq!(quote::literal(r"a\b", Dialect::Mysql), "_utf8mb4 X'615c62'");
/// assert_eq!(quote::literal(r"a\b", Dialect::Sqlite), r"'a\b'");
/// ```
pub fn literal(text: &str, dialect: Dialect) -> String {
    let text = without_nul(text);
    match (dialect, text.contains('\\')) {
        // Whatever `standard_conforming_strings` says.
        (Dialect::Postgres, true) => format!("E{}", enclosed(&text.replace('\\', r"\\"), '\'')),
        // Whatever `NO_BACKSLASH_ESCAPES` says.
        (Dialect::Mysql, true) => hexadecimal(&text),
        (Dialect::Postgres | Dialect::Mysql, false) | (Dialect::Sqlite, _) => enclosed(&text, '\''),
    }
}

fn without_nul(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        Cow::Owned(text.replace('\0', "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

fn enclosed(text: &str, quote: char) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push(quote);
    for character in text.chars() {
        if character == quote {
            quoted.push(quote);
        }
        quoted.push(character);
    }
    quoted.push(quote);
    quoted
}

fn hexadecimal(text: &str) -> String {
    let mut literal = String::from("_utf8mb4 X'");
    for byte in text.bytes() {
        // Writing to a `String` cannot fail.
        let _ = write!(literal, "{byte:02x}");
    }
    literal.push('\'');
    literal
}

#[cfg(test)]
mod tests;
