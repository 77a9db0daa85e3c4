//! The tokens of a text, kept.

use std::sync::Arc;

use crate::effort;
use crate::text::{Token, TokenKind};

/// Tokens to go through as often as there are questions, without reading the text again.
///
/// Copies are cheap, and a token takes 12 bytes: a script of many rows has millions of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TokenList<'a> {
    text: &'a str,
    pieces: Arc<[Piece]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    start: u32,
    end: u32,
    kind: TokenKind,
    terminated: bool,
}

impl<'a> TokenList<'a> {
    /// Takes the tokens of a text that stands at `offset` in the one they were read from.
    pub(crate) fn new(
        text: &'a str,
        offset: usize,
        tokens: impl IntoIterator<Item = Token<'a>>,
    ) -> Self {
        let piece = |token: Token<'_>| Piece {
            start: place(token.start() - offset),
            end: place(token.end() - offset),
            kind: token.kind(),
            terminated: token.is_terminated(),
        };
        Self { text, pieces: tokens.into_iter().map(piece).collect() }
    }

    pub(crate) const fn text(&self) -> &'a str {
        self.text
    }

    pub(crate) fn len(&self) -> usize {
        self.pieces.len()
    }

    pub(crate) fn get(&self, at: usize) -> Option<Token<'a>> {
        effort::spend();
        let piece = self.pieces.get(at)?;
        let (start, end) = (usize::try_from(piece.start).ok()?, usize::try_from(piece.end).ok()?);
        Some(Token::new(piece.kind, self.text.get(start..end)?, start, piece.terminated))
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = Token<'a>> + Clone + use<'_, 'a> {
        (0..self.len()).filter_map(|at| self.get(at))
    }

    /// Those that a server executes; what a conditional comment holds is among them.
    pub(crate) fn code(&self) -> Self {
        if self.pieces.iter().all(Piece::is_code) {
            return self.clone();
        }
        let pieces = self.pieces.iter().filter(|piece| piece.is_code()).copied();
        Self { text: self.text, pieces: pieces.collect() }
    }
}

impl Piece {
    const fn is_code(&self) -> bool {
        use TokenKind::{Comment, ConditionalClose, ConditionalOpen, Hint};
        !matches!(self.kind, Comment | Hint | ConditionalOpen | ConditionalClose)
    }
}

/// No server takes a statement of 4 GiB: what stands behind them is no token.
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
