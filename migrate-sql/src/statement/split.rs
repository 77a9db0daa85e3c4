//! From text to statements.

mod body;
mod delimiter;
mod error;
mod mysql;
mod postgres;
mod sqlite;

use self::body::Body;
pub use self::error::SplitError;
use crate::statement::Statement;
use crate::text::TokenList;
use crate::text::{Dialect, Token, TokenKind, Tokens, tokens};

/// Cuts a text into its statements.
///
/// Each statement goes from its first token to its last; blanks, comments, terminators and the MySQL
/// client's `DELIMITER` lines between them belong to none, and empty statements are dropped. A `;` does
/// not end a statement inside
///
/// - quotes, comments and MySQL's conditional comments,
/// - PostgreSQL's parentheses and `BEGIN ATOMIC … END`,
/// - the body of a MySQL routine, trigger or event, and MariaDB's `BEGIN NOT ATOMIC … END`,
/// - the body of an SQLite trigger.
///
/// Under a MySQL `DELIMITER` a `;` still ends every statement without a body, so that nothing hides behind
/// another statement; with a body, the delimiter alone counts. Bodies in Oracle's language (`CREATE
/// PACKAGE`, `CREATE PROCEDURE … AS`) need a `DELIMITER`.
///
/// # Errors
///
/// A text that is lexically incomplete or holds what no server understands; see [`SplitError`].
///
/// # Examples
///
/// ```
/// use migrate_sql::{Dialect, split};
///
/// let sql = "CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; DELETE FROM c; END; SELECT 1";
/// let statements = split(sql, Dialect::Sqlite)?;
/// assert_eq!(statements.len(), 2);
/// assert_eq!(statements[1].text(), "SELECT 1");
/// assert_eq!(&sql[statements[1].offset()..], "SELECT 1");
/// # Ok::<(), migrate_sql::SplitError>(())
/// ```
pub fn split(sql: &str, dialect: Dialect) -> Result<Vec<Statement<'_>>, SplitError> {
    if let Some(offset) = sql.bytes().position(|byte| byte == 0) {
        return Err(SplitError::NulCharacter { offset });
    }
    let mut splitter = Splitter::new(sql, dialect);
    let outcome = splitter.run();
    match outcome {
        Ok(()) => Ok(splitter.statements),
        Err(error) => Err(splitter.copied_rows().unwrap_or(error)),
    }
}

struct Splitter<'a> {
    sql: &'a str,
    dialect: Dialect,
    tokens: Tokens<'a>,
    statements: Vec<Statement<'a>>,
    pending: Option<Pending>,
    /// The tokens of the statement being read.
    read: Vec<Token<'a>>,
    body: Body,
    /// How many PostgreSQL parentheses are open.
    parens: usize,
}

/// The statement being read.
struct Pending {
    start: usize,
    end: usize,
    /// Whether there is more to it than hints and empty conditional comments.
    code: bool,
}

impl<'a> Splitter<'a> {
    fn new(sql: &'a str, dialect: Dialect) -> Self {
        Self {
            sql,
            dialect,
            tokens: tokens(sql, dialect),
            statements: Vec::new(),
            pending: None,
            read: Vec::new(),
            body: Body::new(dialect),
            parens: 0,
        }
    }

    fn run(&mut self) -> Result<(), SplitError> {
        while let Some(token) = self.tokens.next() {
            self.take(&token)?;
        }
        self.finish()
    }

    fn take(&mut self, token: &Token<'a>) -> Result<(), SplitError> {
        if !token.is_terminated() {
            return Err(SplitError::unterminated(token));
        }
        match token.kind() {
            TokenKind::Comment => self.read.push(*token),
            TokenKind::Terminator if self.ends_statement(token) => self.close(),
            TokenKind::Unknown if self.dialect == Dialect::Postgres && token.text() == "\\" => {
                return Err(SplitError::PsqlCommand { offset: token.start() });
            }
            TokenKind::Word if self.begins_delimiter_line(token) => self.change_delimiter(token)?,
            _ => self.extend(token),
        }
        Ok(())
    }

    fn ends_statement(&self, token: &Token<'_>) -> bool {
        if self.tokens.conditional().is_some() || self.parens > 0 {
            return false;
        }
        match (self.tokens.terminator(), token.text()) {
            (";", _) => !self.body.is_open(),
            (_, ";") => !self.body.has_body(),
            _ => true,
        }
    }

    fn begins_delimiter_line(&self, token: &Token<'_>) -> bool {
        self.dialect == Dialect::Mysql && self.pending.is_none() && token.is_word("DELIMITER")
    }

    fn change_delimiter(&mut self, word: &Token<'_>) -> Result<(), SplitError> {
        let line = delimiter::Line::read(self.sql, word)?;
        self.tokens.resume(line.end, line.delimiter);
        Ok(())
    }

    fn extend(&mut self, token: &Token<'a>) {
        use TokenKind::{
            CloseParen, Comment, ConditionalClose, ConditionalOpen, Hint, OpenParen, Terminator,
        };
        let pending = self.pending.get_or_insert(Pending {
            start: token.start(),
            end: token.end(),
            code: false,
        });
        // The terminator of a body's last statement is no part of it under another delimiter: `END; //`.
        if token.kind() != Terminator {
            pending.end = token.end();
        }
        self.read.push(*token);
        match token.kind() {
            OpenParen if self.dialect == Dialect::Postgres => self.parens += 1,
            CloseParen => self.parens = self.parens.saturating_sub(1),
            _ => {}
        }
        if !matches!(token.kind(), Comment | Hint | ConditionalOpen | ConditionalClose) {
            pending.code |= token.kind() != Terminator;
            self.body.take(token, self.parens);
        }
    }

    fn close(&mut self) {
        self.parens = 0;
        self.body = Body::new(self.dialect);
        if let Some(Pending { start, end, code: true }) = self.pending.take() {
            let text = self.sql.get(start..end).unwrap_or_default();
            // Comments before and behind it are none of its own.
            let inner =
                self.read.iter().filter(|token| token.start() >= start && token.end() <= end);
            let tokens = TokenList::new(text, start, inner.copied());
            self.statements.push(Statement::new(start, self.dialect, tokens));
        }
        self.read.clear();
    }

    fn finish(&mut self) -> Result<(), SplitError> {
        if let Some(offset) = self.tokens.conditional() {
            return Err(SplitError::UnterminatedComment { offset });
        }
        if let Some(offset) = self.body.open_since() {
            return Err(SplitError::UnterminatedBody { offset });
        }
        self.close();
        Ok(())
    }

    /// Rows behind a `COPY … FROM STDIN` are no SQL: whatever they were mistaken for, this is the cause.
    fn copied_rows(&self) -> Option<SplitError> {
        let copy = self.statements.iter().find(|statement| statement.copies_from_stdin())?;
        Some(SplitError::CopiedRows { offset: copy.offset() })
    }
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
