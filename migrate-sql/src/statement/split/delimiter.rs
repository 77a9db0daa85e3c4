//! `DELIMITER` lines, which the MySQL client obeys and no server ever sees.

use super::SplitError;
use crate::text::Token;

/// A `DELIMITER` line.
pub(super) struct Line<'a> {
    /// What ends statements from now on.
    pub(super) delimiter: &'a str,
    /// Where the line ends.
    pub(super) end: usize,
}

/// The client's own limit; it also keeps the search for a delimiter linear.
const LONGEST: usize = 15;

impl<'a> Line<'a> {
    /// Reads the line that begins with `word`; only its first argument counts, as in the client.
    pub(super) fn read(sql: &'a str, word: &Token<'_>) -> Result<Self, SplitError> {
        let rest = sql.get(word.end()..).unwrap_or_default();
        let rest = rest.split_once('\n').map_or(rest, |(line, _)| line);
        let argument = rest.trim_start();
        let offset = word.end() + (rest.len() - argument.len());
        let argument = argument.split_whitespace().next().unwrap_or_default();
        let delimiter = unquoted(argument);
        if delimiter.is_empty() || argument.len() == rest.len() {
            return Err(SplitError::MissingDelimiter { offset: word.start() });
        }
        if delimiter.len() > LONGEST || delimiter.contains('\\') {
            return Err(SplitError::InvalidDelimiter { offset });
        }
        Ok(Self { delimiter, end: word.end() + rest.len() })
    }
}

fn unquoted(argument: &str) -> &str {
    let inner = |quote: char| argument.strip_prefix(quote)?.strip_suffix(quote);
    inner('\'').or_else(|| inner('"')).or_else(|| inner('`')).unwrap_or(argument)
}
