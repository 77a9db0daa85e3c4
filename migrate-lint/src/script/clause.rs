//! What MySQL and MariaDB are told about how a table may be altered.

use std::ops::Range;

use super::ParsedStatement;
use migrate_sql::TokenKind;
use migrate_sql::ddl::Ddl;

/// A clause that makes a statement fail rather than block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Clause {
    /// Only what is known of the table may change.
    Instant,
    /// Rows may be written anew, but those who write to the table go on.
    InPlace,
}

const ALGORITHMS: &[&str] = &["DEFAULT", "INSTANT", "INPLACE", "NOCOPY", "COPY"];
const LOCKS: &[&str] = &["DEFAULT", "NONE", "SHARED", "EXCLUSIVE"];

impl<'a> ParsedStatement<'a> {
    /// The value of `ALGORITHM =`, and the bytes of the clause.
    pub(crate) fn algorithm(&self) -> Option<(&'a str, Range<usize>)> {
        self.value("ALGORITHM", ALGORITHMS)
    }

    /// The value of `LOCK =`, and the bytes of the clause.
    pub(crate) fn lock(&self) -> Option<(&'a str, Range<usize>)> {
        self.value("LOCK", LOCKS)
    }

    /// Whether it fails rather than copies a table.
    pub(crate) fn is_asserted(&self) -> bool {
        let is = |value: Option<(&str, _)>, wanted: &[&str]| {
            value.is_some_and(|(value, _)| wanted.iter().any(|one| value.eq_ignore_ascii_case(one)))
        };
        is(self.algorithm(), &["INSTANT", "INPLACE", "NOCOPY"]) || is(self.lock(), &["NONE"])
    }

    /// The statement with a clause; nothing if it has one already.
    pub(crate) fn with_clause(&self, clause: Clause) -> Option<String> {
        if self.algorithm().is_some() || self.lock().is_some() {
            return None;
        }
        // A comment at the end would swallow what is appended.
        let is_code = |kind: TokenKind| !matches!(kind, TokenKind::Comment | TokenKind::Hint);
        let last = self.statement.tokens().rfind(|token| is_code(token.kind()))?;
        let text = self.statement.text().get(..last.end())?;
        let of_index = matches!(self.ddl, Ddl::CreateIndex(_));
        Some(match (clause, of_index) {
            (Clause::Instant, true) => format!("{text} ALGORITHM=INSTANT"),
            (Clause::Instant, false) => format!("{text}, ALGORITHM=INSTANT"),
            (Clause::InPlace, true) => format!("{text} ALGORITHM=INPLACE LOCK=NONE"),
            (Clause::InPlace, false) => format!("{text}, ALGORITHM=INPLACE, LOCK=NONE"),
        })
    }

    fn value(&self, word: &str, values: &[&str]) -> Option<(&'a str, Range<usize>)> {
        let code = self.outer_code();
        code.iter().enumerate().find_map(|(at, token)| {
            let next = code.get(at + 1).filter(|_| token.is_word(word))?;
            let value = if next.is_mark("=") { code.get(at + 2)? } else { next };
            // A column may have the word for its name; then a type comes next.
            value.is_any_word(values).then(|| (value.text(), token.start()..value.end()))
        })
    }
}
