//! A statement read word by word.

use super::Statement;
use crate::text::TokenList;
use crate::text::{Dialect, Token, TokenKind, tokens};

/// The tokens that a server executes; what a conditional comment holds is among them.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    tokens: TokenList<'a>,
    next: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(statement: &Statement<'a>) -> Self {
        Self { tokens: statement.code_list(), next: 0 }
    }

    /// Reads a text that stands in a statement, like a body.
    pub(crate) fn of(sql: &'a str, dialect: Dialect) -> Self {
        Self { tokens: TokenList::new(sql, 0, tokens(sql, dialect)).code(), next: 0 }
    }

    /// Takes the next token; its word in capitals, or nothing if it is no word.
    pub(crate) fn keyword(&mut self) -> String {
        match self.next() {
            Some(token) if token.kind() == TokenKind::Word => token.text().to_ascii_uppercase(),
            _ => String::new(),
        }
    }

    /// Takes the next token if it is this word.
    pub(crate) fn eat(&mut self, word: &str) -> bool {
        self.eat_any(&[word])
    }

    /// Takes the next token if it is one of these words.
    pub(crate) fn eat_any(&mut self, words: &[&str]) -> bool {
        self.eat_if(|token| token.is_any_word(words))
    }

    /// Takes all of these words, or none.
    pub(crate) fn eat_all(&mut self, words: &[&str]) -> bool {
        let before = self.next;
        let all = words.iter().all(|word| self.eat(word));
        if !all {
            self.next = before;
        }
        all
    }

    /// Takes the next token if it is this mark.
    pub(crate) fn eat_mark(&mut self, mark: &str) -> bool {
        self.eat_if(|token| token.is_mark(mark))
    }

    fn eat_if(&mut self, wanted: impl Fn(&Token<'a>) -> bool) -> bool {
        let eaten = self.peek().is_some_and(|token| wanted(&token));
        self.next += usize::from(eaten);
        eaten
    }

    /// Takes a group in parentheses if it comes next.
    pub(crate) fn eat_group(&mut self) {
        if !self.eat_mark("(") {
            return;
        }
        let mut depth = 1_usize;
        while depth > 0 {
            match self.next().map(|token| token.kind()) {
                Some(TokenKind::OpenParen) => depth += 1,
                Some(TokenKind::CloseParen) => depth -= 1,
                Some(_) => {}
                None => return,
            }
        }
    }

    /// Takes everything up to and including this word.
    pub(crate) fn eat_until(&mut self, word: &str) -> bool {
        self.any(|token| token.is_word(word))
    }

    /// The next token.
    pub(crate) fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.next)
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.next >= self.tokens.len()
    }

    /// Whether an option of this name is given here or later and not switched off.
    ///
    /// ```sql
    /// REINDEX (CONCURRENTLY false) TABLE a
    /// CREATE SUBSCRIPTION a … WITH (connect = false)
    /// ```
    pub(crate) fn option(mut self, name: &str) -> Option<bool> {
        if !self.eat_until(name) {
            return None;
        }
        self.eat_mark("=");
        let off = self.next().is_some_and(|value| {
            ["FALSE", "OFF", "0", "'FALSE'", "'OFF'", "'0'"]
                .iter()
                .any(|off| value.text().eq_ignore_ascii_case(off))
        });
        Some(!off)
    }

    /// Whether any later token is the first of an inner statement that `wanted` recognises.
    pub(crate) fn any_inner<T>(mut self, wanted: impl Fn(&mut Self) -> Option<T>) -> Option<T> {
        const BEFORE: &[&str] = &["ATOMIC", "BEGIN", "DO", "ELSE", "LOOP", "REPEAT", "THEN"];
        loop {
            // A copy looks ahead, so that what is no statement is read on from its next token.
            if let Some(found) = wanted(&mut self.clone()) {
                return Some(found);
            }
            self.find(|token| token.is_mark(";") || token.is_any_word(BEFORE))?;
        }
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let token = self.peek()?;
        self.next += 1;
        Some(token)
    }
}
