//! The tokens of a statement that a server executes.

use super::Read;
use migrate_sql::outline::Name;
use migrate_sql::{Token, TokenKind};

impl<'a> Read<'a> {
    /// Its tokens without comments; what a conditional comment holds is among them.
    pub(crate) fn code(&self) -> Vec<Token<'a>> {
        use TokenKind::{Comment, ConditionalClose, ConditionalOpen, Hint};
        let is_code = |token: &Token<'_>| {
            !matches!(token.kind(), Comment | Hint | ConditionalClose | ConditionalOpen)
        };
        self.statement.tokens().filter(is_code).collect()
    }

    /// Those outside of parentheses.
    pub(crate) fn outer_code(&self) -> Vec<Token<'a>> {
        let mut depth = 0_usize;
        let mut outer = self.code();
        outer.retain(|token| {
            if token.is_mark(")") {
                depth = depth.saturating_sub(1);
            }
            let is_outer = depth == 0;
            if token.is_mark("(") {
                depth += 1;
            }
            is_outer
        });
        outer
    }

    /// Whether a table of this name, quoted or not, is spoken of.
    pub(crate) fn mentions(&self, table: &Name<'_>) -> bool {
        let value = table.value().to_lowercase();
        self.statement.tokens().any(|token| {
            matches!(token.kind(), TokenKind::Word | TokenKind::QuotedIdentifier)
                && token.text().trim_matches(['"', '`', '[', ']']).to_lowercase() == value
        })
    }
}
