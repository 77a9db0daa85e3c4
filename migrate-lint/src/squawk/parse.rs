//! The text as squawk gets it.

use squawk_syntax::{Parse, SourceFile};

use crate::parse;
use crate::script::ParsedScript;
use migrate_sql::{Dialect, TokenKind, tokens};

/// Hands the parsed text on, if it parses. Comments are blanked: a waiver needs a reason, and squawk's need none.
pub(super) fn parsed<T: Send + 'static>(
    sql: &str,
    script: &ParsedScript<'_>,
    read: impl FnOnce(&Parse<SourceFile>, &str) -> T + Send + 'static,
) -> Option<T> {
    let text = without_comments(sql);
    let statements: Vec<_> = script.statements.iter().map(|read| read.statement.clone()).collect();
    let blanked = text.clone();
    let read =
        move |file: &Parse<SourceFile>| file.errors().is_empty().then(|| read(file, &blanked));
    parse::read_tree(&text, &statements, read).flatten()
}

/// The text with a space for each byte of a comment, so that every other byte stays where it is.
fn without_comments(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len());
    let mut copied = 0;
    for token in tokens(sql, Dialect::Postgres) {
        if token.kind() == TokenKind::Comment {
            text.push_str(sql.get(copied..token.start()).unwrap_or_default());
            text.extend(token.text().bytes().map(|_| ' '));
            copied = token.end();
        }
    }
    text.push_str(sql.get(copied..).unwrap_or_default());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_become_spaces() {
        assert_eq!(without_comments("a -- é\n/* b */'--'"), "a      \n       '--'");
    }
}
