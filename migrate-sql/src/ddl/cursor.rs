//! A statement's tokens, gone through from left to right.

use std::ops::Range;

use super::name::{Ident, Name};
use crate::statement::Statement;
use crate::text::TokenList;
use crate::text::{Dialect, Token};

/// A place among the tokens that a server executes.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(crate) dialect: Dialect,
    tokens: TokenList<'a>,
    next: usize,
    /// Where the tokens end that this cursor may read.
    end: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(statement: &Statement<'a>) -> Self {
        let tokens = statement.code_list();
        Self {
            text: statement.text(),
            dialect: statement.dialect(),
            end: tokens.len(),
            tokens,
            next: 0,
        }
    }

    pub(crate) fn peek(&self) -> Option<Token<'a>> {
        self.peek_at(0)
    }

    pub(crate) fn peek_at(&self, ahead: usize) -> Option<Token<'a>> {
        let at = self.next.saturating_add(ahead);
        if at < self.end { self.tokens.get(at) } else { None }
    }

    pub(crate) fn take(&mut self) -> Option<Token<'a>> {
        let token = self.peek()?;
        self.next += 1;
        Some(token)
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.next >= self.end
    }

    /// The byte at which the next token begins, or the last one ended.
    pub(super) fn offset(&self) -> usize {
        self.peek().map_or_else(|| self.last_end(), |token| token.start())
    }

    /// The byte behind the last token that was taken.
    pub(super) fn last_end(&self) -> usize {
        let last = self.next.checked_sub(1).and_then(|last| self.tokens.get(last));
        last.map_or(0, |last| last.end())
    }

    /// The text from a byte to the last token that was taken.
    pub(super) fn text_from(&self, start: usize) -> &'a str {
        self.text.get(start..self.last_end()).unwrap_or_default()
    }

    pub(super) fn span_from(&self, start: usize) -> Range<usize> {
        start..self.last_end().max(start)
    }

    pub(crate) fn is_word(&self, word: &str) -> bool {
        self.peek().is_some_and(|token| token.is_word(word))
    }

    pub(crate) fn is_any_word(&self, words: &[&str]) -> bool {
        self.peek().is_some_and(|token| token.is_any_word(words))
    }

    pub(crate) fn is_mark(&self, mark: &str) -> bool {
        self.peek().is_some_and(|token| token.is_mark(mark))
    }

    pub(crate) fn eat(&mut self, word: &str) -> bool {
        self.eat_if(self.is_word(word))
    }

    pub(crate) fn eat_any(&mut self, words: &[&str]) -> bool {
        self.eat_if(self.is_any_word(words))
    }

    pub(crate) fn eat_mark(&mut self, mark: &str) -> bool {
        self.eat_if(self.is_mark(mark))
    }

    fn eat_if(&mut self, wanted: bool) -> bool {
        self.next += usize::from(wanted);
        wanted
    }

    /// Takes all of these words, or none.
    pub(crate) fn eat_all(&mut self, words: &[&str]) -> bool {
        let all = words
            .iter()
            .enumerate()
            .all(|(ahead, word)| self.peek_at(ahead).is_some_and(|token| token.is_word(word)));
        if all {
            self.next += words.len();
        }
        all
    }

    pub(crate) fn eat_if_exists(&mut self) -> bool {
        self.eat_all(&["IF", "EXISTS"])
    }

    pub(crate) fn eat_if_not_exists(&mut self) -> bool {
        self.eat_all(&["IF", "NOT", "EXISTS"])
    }

    pub(crate) fn ident(&mut self) -> Option<Ident<'a>> {
        let ident = Ident::of(&self.peek()?, self.dialect)?;
        self.next += 1;
        Some(ident)
    }

    /// A name with its qualifiers.
    pub(crate) fn name(&mut self) -> Option<Name<'a>> {
        let start = self.offset();
        let mut parts = vec![self.ident()?];
        while self.eat_mark(".") {
            parts.push(self.ident()?);
        }
        Name::new(self.text_from(start), parts)
    }

    /// What stands in the parentheses that come next, which are stepped over.
    pub(super) fn group(&mut self) -> Option<Self> {
        if !self.is_mark("(") {
            return None;
        }
        let start = self.next + 1;
        self.skip();
        let closed = self.tokens.get(self.next - 1).is_some_and(|token| token.is_mark(")"));
        let end = if closed && self.next > start { self.next - 1 } else { self.next };
        Some(Self { next: start, end, ..self.clone() })
    }

    /// Steps over a token, or over a whole group in parentheses or brackets.
    pub(crate) fn skip(&mut self) -> Option<Token<'a>> {
        let first = self.take()?;
        let mut depth = usize::from(first.is_mark("(") || first.is_mark("["));
        while depth > 0 {
            let Some(token) = self.take() else { break };
            if token.is_mark("(") || token.is_mark("[") {
                depth += 1;
            } else if token.is_mark(")") || token.is_mark("]") {
                depth -= 1;
            }
        }
        Some(first)
    }

    /// The parts between the commas.
    pub(super) fn items(mut self) -> Vec<Self> {
        let mut items = Vec::new();
        while !self.is_at_end() {
            let start = self.next;
            while !self.is_at_end() && !self.is_mark(",") {
                self.skip();
            }
            items.push(Self { next: start, end: self.next, ..self.clone() });
            self.eat_mark(",");
        }
        items
    }

    /// Whether this word comes now or later, outside of parentheses; the cursor stands behind it.
    pub(crate) fn eat_until(&mut self, word: &str) -> bool {
        while !self.is_at_end() {
            if self.eat(word) {
                return true;
            }
            self.skip();
        }
        false
    }
}
