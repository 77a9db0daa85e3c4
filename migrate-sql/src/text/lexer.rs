//! From text to tokens.

mod comment;
mod literal;
mod operator;
mod source;
mod word;

use self::source::{Lexeme, Source};
use crate::effort;
use crate::text::{Dialect, Token, TokenKind};

/// Reads a text token by token; blanks are left out, comments are not.
///
/// It never fails: what the end of the text cuts off is a token that is not
/// [terminated](Token::is_terminated). `DELIMITER` lines of the MySQL client are plain words here; only
/// [`split`](crate::statement::split()) obeys them.
///
/// # Examples
///
/// ```
/// use migrate_sql::{Dialect, tokens};
///
/// let texts: Vec<&str> =
///     tokens("SELECT a->>'b' -- why", Dialect::Postgres).map(|token| token.text()).collect();
/// assert_eq!(texts, ["SELECT", "a", "->>", "'b'", "-- why"]);
/// ```
pub const fn tokens(sql: &str, dialect: Dialect) -> Tokens<'_> {
    Tokens {
        source: Source::new(sql),
        dialect,
        at: 0,
        terminator: ";",
        conditional: None,
        signs_until: 0,
        escape_run: EscapeRun::None,
    }
}

/// The tokens of a text: see [`tokens`].
#[derive(Clone, Debug)]
pub struct Tokens<'a> {
    source: Source<'a>,
    dialect: Dialect,
    at: usize,
    terminator: &'a str,
    /// Where the conditional comment began that we are in.
    conditional: Option<usize>,
    /// Up to here PostgreSQL reads every `+` and `-` as an operator of its own.
    signs_until: usize,
    escape_run: EscapeRun,
}

/// PostgreSQL joins strings that are separated by a line end, and an `E'…'` passes its backslash rule on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EscapeRun {
    None,
    AfterEscapeString,
    AfterLineEnd,
}

impl<'a> Tokens<'a> {
    /// Where the conditional comment began that the last token stands in.
    pub(crate) const fn conditional(&self) -> Option<usize> {
        self.conditional
    }

    pub(crate) const fn terminator(&self) -> &'a str {
        self.terminator
    }

    /// Goes on at another place with another terminator.
    pub(crate) const fn resume(&mut self, at: usize, terminator: &'a str) {
        self.at = at;
        self.terminator = terminator;
    }

    fn skip_blanks(&mut self) {
        loop {
            let end = self.source.end_of(self.at, is_blank);
            self.note_line_end(self.at, end);
            self.at = end;
            if !self.source.starts_with(self.at, BYTE_ORDER_MARK) {
                return;
            }
            self.at += BYTE_ORDER_MARK.len();
        }
    }

    fn note_line_end(&mut self, start: usize, end: usize) {
        if self.escape_run == EscapeRun::AfterEscapeString
            && self.source.slice(start, end).contains(['\n', '\r'])
        {
            self.escape_run = EscapeRun::AfterLineEnd;
        }
    }

    fn lexeme(&mut self) -> Lexeme {
        let (source, at) = (self.source, self.at);
        if let Some(lexeme) = self.custom_terminator().or_else(|| self.comment()) {
            return lexeme;
        }
        match source.byte(at) {
            b';' => Lexeme::one(TokenKind::Terminator, at),
            b'(' => Lexeme::one(TokenKind::OpenParen, at),
            b')' => Lexeme::one(TokenKind::CloseParen, at),
            b'[' if self.dialect == Dialect::Sqlite => literal::bracketed(source, at),
            b',' | b'[' | b']' | b'{' | b'}' => Lexeme::one(TokenKind::Punctuation, at),
            b'.' if source.byte(at + 1).is_ascii_digit() => word::number(source, at, self.dialect),
            b'.' => operator::dots(source, at),
            b'0'..=b'9' => word::number(source, at, self.dialect),
            quote @ (b'\'' | b'"' | b'`') => self.quoted(quote),
            b'$' | b'?' | b':' | b'@' | b'#' => self.sigil(),
            byte if word::starts(byte) => literal::prefixed(source, at, self.dialect)
                .unwrap_or_else(|| word::word(source, at)),
            _ => self.operator(),
        }
    }

    fn custom_terminator(&self) -> Option<Lexeme> {
        let found = self.terminator != ";"
            && self.conditional.is_none()
            && self.source.starts_with(self.at, self.terminator);
        found.then(|| Lexeme::new(TokenKind::Terminator, self.at + self.terminator.len()))
    }

    fn comment(&mut self) -> Option<Lexeme> {
        let (source, at) = (self.source, self.at);
        match source.byte(at) {
            b'-' => comment::line(source, at, self.dialect),
            b'#' if self.dialect == Dialect::Mysql => comment::line(source, at, self.dialect),
            b'/' => comment::block(source, at, self.dialect),
            b'*' if self.conditional.is_some() => comment::conditional_close(source, at),
            _ => None,
        }
    }

    fn quoted(&mut self, quote: u8) -> Lexeme {
        let (source, at) = (self.source, self.at);
        match (self.dialect, quote) {
            (Dialect::Postgres, b'\'') => literal::quoted(
                source,
                TokenKind::String,
                at,
                self.escape_run == EscapeRun::AfterLineEnd,
            ),
            (Dialect::Postgres, b'`') => self.operator(),
            (Dialect::Mysql, b'\'' | b'"') => literal::quoted(source, TokenKind::String, at, true),
            (Dialect::Sqlite, b'\'') => literal::quoted(source, TokenKind::String, at, false),
            (Dialect::Postgres | Dialect::Mysql | Dialect::Sqlite, _) => {
                literal::quoted(source, TokenKind::QuotedIdentifier, at, false)
            }
        }
    }

    fn sigil(&mut self) -> Lexeme {
        let (source, at) = (self.source, self.at);
        let parameter = match self.dialect {
            Dialect::Postgres => literal::dollar(source, at),
            Dialect::Mysql => word::mysql_sigil(source, at),
            Dialect::Sqlite => word::sqlite_sigil(source, at),
        };
        parameter.unwrap_or_else(|| self.operator())
    }

    fn operator(&mut self) -> Lexeme {
        match self.dialect {
            Dialect::Postgres if self.at < self.signs_until => {
                Lexeme::one(TokenKind::Operator, self.at)
            }
            Dialect::Postgres => {
                let (lexeme, signs_until) = operator::postgres(self.source, self.at);
                self.signs_until = signs_until;
                lexeme
            }
            Dialect::Mysql | Dialect::Sqlite => operator::other(self.source, self.at),
        }
    }

    /// The MySQL client sees its terminator anywhere outside quotes and comments: `END$$` ends at `END`.
    fn cut_at_terminator(&self, lexeme: Lexeme) -> Lexeme {
        use TokenKind::{Number, Operator, Parameter, Punctuation, Word};
        let whole = self.terminator == ";"
            || self.conditional.is_some()
            || !matches!(lexeme.kind, Number | Operator | Parameter | Punctuation | Word);
        if whole {
            return lexeme;
        }
        let cut =
            (self.at + 1..lexeme.end).find(|at| self.source.starts_with(*at, self.terminator));
        Lexeme { end: cut.unwrap_or(lexeme.end), ..lexeme }
    }

    fn remember(&mut self, token: &Token<'_>) {
        match token.kind() {
            TokenKind::ConditionalOpen => self.conditional = Some(token.start()),
            TokenKind::ConditionalClose => self.conditional = None,
            _ => {}
        }
        self.escape_run = match token.kind() {
            TokenKind::Comment if token.text().starts_with("--") => self.escape_run,
            TokenKind::String if self.dialect == Dialect::Postgres => match token.text().as_bytes()
            {
                [b'E' | b'e', ..] => EscapeRun::AfterEscapeString,
                [b'\'', ..] if self.escape_run == EscapeRun::AfterLineEnd => {
                    EscapeRun::AfterEscapeString
                }
                _ => EscapeRun::None,
            },
            _ => EscapeRun::None,
        };
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.skip_blanks();
        if self.at >= self.source.len() {
            return None;
        }
        let lexeme = self.lexeme();
        let lexeme = self.cut_at_terminator(lexeme);
        let text = self.source.slice(self.at, lexeme.end);
        let token = Token::new(lexeme.kind, text, self.at, lexeme.terminated);
        self.remember(&token);
        effort::spend();
        self.at = lexeme.end;
        Some(token)
    }
}

/// A blank at the beginning of a token: some editors put one at the beginning of a file, and files get joined.
const BYTE_ORDER_MARK: &str = "\u{feff}";

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

#[cfg(test)]
mod tests;
