//! What `GRANT` gives, and to whom.

use crate::script::ParsedStatement;
use migrate_sql::Token;

/// A `GRANT`, on its own or as a default of what will be made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grant {
    /// Whether it gives every right.
    pub(super) all: bool,
    /// Whether everybody gets it.
    pub(super) to_public: bool,
    /// Whether it may be given on.
    pub(super) grantable: bool,
}

pub(super) fn grant(read: &ParsedStatement<'_>) -> Option<Grant> {
    let mut tokens = read.statement.tokens();
    let first = tokens.next()?;
    let is_default = first.is_word("ALTER")
        && tokens.next()?.is_word("DEFAULT")
        && tokens.next()?.is_word("PRIVILEGES");
    if is_default {
        tokens
            .find(|token| token.is_any_word(&["GRANT", "REVOKE"]))
            .filter(|word| word.is_word("GRANT"))?;
    } else if !first.is_word("GRANT") {
        return None;
    }
    let mut grant =
        Grant { all: tokens.clone().next()?.is_word("ALL"), to_public: false, grantable: false };
    let mut to = false;
    let mut before = None;
    for token in tokens {
        to |= token.is_word("TO");
        grant.to_public |= to && token.is_word("PUBLIC");
        let words = ["GRANT", "ADMIN"];
        grant.grantable |= to
            && token.is_word("OPTION")
            && before.is_some_and(|word: Token<'_>| word.is_any_word(&words));
        before = Some(token);
    }
    Some(grant)
}
