//! The tokens of a statement that a server executes.

use super::ParsedStatement;
use migrate_sql::Token;

impl<'a> ParsedStatement<'a> {
    /// Its tokens without comments; what a conditional comment holds is among them.
    pub(crate) fn code(&self) -> Vec<Token<'a>> {
        self.statement.code().collect()
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
}
