//! A statement's words, where its syntax tree has no details.

use migrate_sql::ddl::Ident;
use migrate_sql::{Dialect, Token, TokenKind, tokens};

use crate::run::probe::place::{Place, held};

/// The tokens of a text, without comments.
pub(super) struct Words<'a> {
    dialect: Dialect,
    tokens: Vec<Token<'a>>,
}

impl<'a> Words<'a> {
    pub(super) fn of(text: &'a str, dialect: Dialect) -> Self {
        let executed = |token: &Token<'_>| {
            !matches!(
                token.kind(),
                TokenKind::Comment
                    | TokenKind::Hint
                    | TokenKind::ConditionalOpen
                    | TokenKind::ConditionalClose
            )
        };
        Self { dialect, tokens: tokens(text, dialect).filter(executed).collect() }
    }

    /// Returns whether it begins with these words.
    pub(super) fn begin(&self, words: &[&str]) -> bool {
        words.len() <= self.tokens.len()
            && words.iter().zip(&self.tokens).all(|(word, token)| token.is_word(word))
    }

    /// Returns whether it begins with the first word followed by one of the others.
    pub(super) fn begin_any(&self, first: &str, then: &[&str]) -> bool {
        self.begin(&[first]) && self.tokens.get(1).is_some_and(|token| token.is_any_word(then))
    }

    /// Returns whether the first word is one of these.
    pub(super) fn first_is_any(&self, words: &[&str]) -> bool {
        self.tokens.first().is_some_and(|token| token.is_any_word(words))
    }

    /// Returns whether it contains this word.
    pub(super) fn has(&self, word: &str) -> bool {
        self.tokens.iter().any(|token| token.is_word(word))
    }

    /// Returns whether it contains this sequence of words and punctuation.
    pub(super) fn has_row(&self, row: &[&str]) -> bool {
        let is = |token: &Token<'_>, text: &str| token.is_word(text) || token.is_mark(text);
        self.tokens
            .windows(row.len())
            .any(|window| window.iter().zip(row).all(|(token, text)| is(token, text)))
    }

    /// Returns the byte offset after the first occurrence of this word.
    pub(super) fn behind(&self, word: &str) -> Option<usize> {
        self.tokens.iter().find(|token| token.is_word(word)).map(Token::end)
    }

    /// Returns the name after the first of these words, skipping the words in `between`.
    pub(super) fn name_behind(&self, words: &[&str], between: &str) -> Option<Place> {
        let at = self.tokens.iter().position(|token| token.is_any_word(words))? + 1;
        let mut rest = self.tokens.iter().skip(at).skip_while(|token| token.is_word(between));
        let first = self.held(rest.next()?)?;
        if !rest.next().is_some_and(|token| token.is_mark(".")) {
            return Some(Place::bare(first));
        }
        Some(Place { schema: Some(first), name: self.held(rest.next()?)? })
    }

    /// Returns the tokens of each item in the first parentheses; `None` if there are none.
    pub(super) fn items(&self) -> Option<Vec<Vec<Token<'a>>>> {
        let mut items = vec![Vec::new()];
        let mut depth = 0_usize;
        for token in &self.tokens {
            if token.is_mark("(") {
                depth += 1;
                if depth == 1 {
                    continue;
                }
            } else if token.is_mark(")") {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(items);
                }
            }
            if depth == 1 && token.is_mark(",") {
                items.push(Vec::new());
            } else if depth > 0 {
                items.last_mut()?.push(*token);
            }
        }
        None
    }

    /// Returns the token's name as the catalog stores it.
    pub(super) fn held(&self, token: &Token<'_>) -> Option<String> {
        held(&Ident::of(token, self.dialect)?, self.dialect)
    }

    /// Returns the token at this index.
    pub(super) fn at(&self, index: usize) -> Option<&Token<'a>> {
        self.tokens.get(index)
    }
}
