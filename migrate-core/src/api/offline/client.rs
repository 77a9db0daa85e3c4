//! Rewrites statements so that a client sends them unchanged: clients look for their own commands and variables in them.

use std::borrow::Cow;

use migrate_sql::{Dialect, Position, Token, TokenKind, tokens};

/// A part of a statement that the client would misread, and that cannot be written differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Misread {
    /// Its place in the statement.
    pub(super) place: Position,
    pub(super) why: &'static str,
}

const BACKSLASH: &str = "a backslash outside quotes begins a command of the client";
const LINE: &str = "the client takes a line of only `/` or `go` for the end of the statement, and the database keeps \
                    this statement as it is written";
const LINE_END: &str = "the client changes a line end of CR and LF within quotes to LF";

/// Returns the client that runs scripts in a dialect.
pub(super) const fn name(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "psql",
        Dialect::Mysql => "mariadb",
        Dialect::Sqlite => "sqlite3",
    }
}

/// Returns the statement as the engine's client must read it.
pub(super) fn worded(statement: &str, dialect: Dialect) -> Result<Cow<'_, str>, Misread> {
    let mut wording = Wording::new(statement, dialect);
    for at in 0..wording.tokens.len() {
        wording.look(at)?;
    }
    Ok(wording.done())
}

struct Wording<'a> {
    statement: &'a str,
    dialect: Dialect,
    tokens: Vec<Token<'a>>,
    /// Whether the database stores the text itself, or does not accept an expression in place of a literal.
    is_kept: bool,
    /// Whether sqlite3 looks for the end of a trigger, and ignores other ends.
    makes_trigger: bool,
    /// The rewritten text, up to `from`.
    text: String,
    from: usize,
}

impl<'a> Wording<'a> {
    fn new(statement: &'a str, dialect: Dialect) -> Self {
        let tokens: Vec<Token<'a>> = tokens(statement, dialect).collect();
        let code = tokens.iter().find(|token| token.kind() != TokenKind::Comment);
        let is_kept = code.is_some_and(|token| token.is_any_word(&["ALTER", "CREATE"]));
        let words = tokens.iter().filter(|token| token.kind() == TokenKind::Word).take(3);
        let makes_trigger = is_kept && words.into_iter().any(|token| token.is_word("TRIGGER"));
        Self { statement, dialect, tokens, is_kept, makes_trigger, text: String::new(), from: 0 }
    }

    fn look(&mut self, at: usize) -> Result<(), Misread> {
        let Some(token) = self.tokens.get(at).copied() else { return Ok(()) };
        match (self.dialect, token.kind()) {
            (Dialect::Postgres, TokenKind::Operator) if token.text() == ":" => {
                // The text that follows may be the name of a variable.
                self.replace(token.start(), token.end(), "\\:");
            }
            (Dialect::Postgres, TokenKind::Unknown) if token.text().starts_with('\\') => {
                return Err(self.misread(token, BACKSLASH));
            }
            (Dialect::Mysql, TokenKind::Unknown) if self.is_backslash(token) => {
                return Err(self.misread(token, BACKSLASH));
            }
            (Dialect::Mysql, TokenKind::Word) if at == 0 && token.is_any_word(&["HELP", "USE"]) => {
                // A first line with only this word would be a command.
                self.join(at);
            }
            (Dialect::Sqlite, TokenKind::Operator | TokenKind::Word)
                if (token.text() == "/" || token.is_word("GO"))
                    && !self.makes_trigger
                    && self.is_a_line(at) =>
            {
                if self.is_kept {
                    return Err(self.misread(token, LINE));
                }
                self.join(at);
            }
            (Dialect::Mysql | Dialect::Sqlite, TokenKind::String | TokenKind::QuotedIdentifier)
                if token.text().contains("\r\n") =>
            {
                self.spell(token)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Returns whether the token is a backslash outside quotes, except in `\N`, which is NULL on MySQL.
    fn is_backslash(&self, token: Token<'_>) -> bool {
        token.text() == "\\"
            && !self.statement.get(token.end()..).is_some_and(|rest| rest.starts_with('N'))
    }

    /// Returns whether the token is alone on its line. Comments count as blanks.
    fn is_a_line(&self, at: usize) -> bool {
        let code = |token: &&Token<'_>| token.kind() != TokenKind::Comment;
        let before = self.tokens.get(..at).and_then(|tokens| tokens.iter().rev().find(code));
        let after = self.tokens.get(at + 1..).and_then(|tokens| tokens.iter().find(code));
        let Some((before, token, after)) =
            before.zip(after).zip(self.tokens.get(at)).map(|((b, a), token)| (b, token, a))
        else {
            return false;
        };
        let ends_line = |gap: Option<&str>| gap.is_some_and(|gap| gap.contains('\n'));
        ends_line(self.statement.get(before.end()..token.start()))
            && ends_line(self.statement.get(token.end()..after.start()))
    }

    /// Moves the next token to the line of this one.
    fn join(&mut self, at: usize) {
        let code = |token: &&Token<'_>| token.kind() != TokenKind::Comment;
        let next = self.tokens.get(at + 1..).and_then(|tokens| tokens.iter().find(code));
        if let Some((token, next)) = self.tokens.get(at).copied().zip(next.copied()) {
            self.replace(token.end(), next.start(), " ");
        }
    }

    /// Replaces line ends that the client would change with an expression.
    fn spell(&mut self, token: Token<'_>) -> Result<(), Misread> {
        let text = token.text();
        let plain = text.starts_with('\'') && !text.contains("\\\r\n");
        if self.is_kept || !plain {
            return Err(self.misread(token, LINE_END));
        }
        let mut mark = "{CR}".to_owned();
        while text.contains(&mark) {
            mark = format!("{{{mark}}}");
        }
        let character = match self.dialect {
            Dialect::Mysql => "char(13 USING utf8mb4)",
            Dialect::Postgres | Dialect::Sqlite => "char(13)",
        };
        let marked = text.replace("\r\n", &format!("{mark}\n"));
        self.replace(
            token.start(),
            token.end(),
            &format!("replace({marked}, '{mark}', {character})"),
        );
        Ok(())
    }

    fn replace(&mut self, start: usize, end: usize, by: &str) {
        self.text.push_str(self.statement.get(self.from..start).unwrap_or_default());
        self.text.push_str(by);
        self.from = end;
    }

    fn misread(&self, token: Token<'_>, why: &'static str) -> Misread {
        Misread { place: Position::of(self.statement, token.start()), why }
    }

    fn done(mut self) -> Cow<'a, str> {
        if self.from == 0 && self.text.is_empty() {
            return Cow::Borrowed(self.statement);
        }
        self.text.push_str(self.statement.get(self.from..).unwrap_or_default());
        Cow::Owned(self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use migrate_sql::Dialect::{Mysql, Postgres, Sqlite};

    #[test]
    fn what_a_client_would_read_is_said_otherwise() {
        let worded_as = [
            (Postgres, "SELECT a[1:id], b::int, ':c'", "SELECT a[1\\:id], b::int, ':c'"),
            (Postgres, "SELECT $$:a$$, \":b\" -- :c", "SELECT $$:a$$, \":b\" -- :c"),
            (Sqlite, "SELECT 10\n/\n2", "SELECT 10\n/ 2"),
            (Sqlite, "SELECT 1 AS\n Go -- b\nFROM c", "SELECT 1 AS\n Go FROM c"),
            (Sqlite, "SELECT 10 /\n2, '\n/\n'", "SELECT 10 /\n2, '\n/\n'"),
            (
                Sqlite,
                "INSERT INTO a VALUES ('b\r\n{CR}''c')",
                "INSERT INTO a VALUES (replace('b{{CR}}\n{CR}''c', '{{CR}}', char(13)))",
            ),
            (Mysql, "SELECT \\N, 'a\\\\b'", "SELECT \\N, 'a\\\\b'"),
            (Mysql, "USE\n a", "USE a"),
        ];
        for (dialect, statement, text) in worded_as {
            assert_eq!(worded(statement, dialect).as_deref(), Ok(text), "{statement}");
        }
    }

    #[test]
    fn what_cannot_be_said_otherwise_is_refused_with_its_place() {
        let refused = [
            (Postgres, "SELECT 1 \\g", 1, 10),
            (Mysql, "SELECT 1 \\G", 1, 10),
            (Sqlite, "CREATE VIEW a AS SELECT 10\n/\n2", 2, 1),
            (Mysql, "CREATE TABLE a (b int COMMENT 'c\r\nd')", 1, 31),
        ];
        for (dialect, statement, line, column) in refused {
            let misread = worded(statement, dialect).expect_err(statement);
            assert_eq!((misread.place.line, misread.place.column), (line, column), "{statement}");
        }
    }
}
