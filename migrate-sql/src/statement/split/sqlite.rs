//! SQLite: `BEGIN … END` of triggers.

use crate::text::Token;

#[derive(Default)]
pub(super) struct Body {
    stage: Stage,
    /// Whether the last token ended or began a statement of the body.
    at_start: bool,
}

#[derive(Default)]
enum Stage {
    #[default]
    Start,
    Create,
    Trigger,
    Open(usize),
    /// No body here, or none any more.
    Plain,
}

impl Body {
    pub(super) fn take(&mut self, token: &Token<'_>) {
        match self.stage {
            Stage::Start if token.is_any_word(&["EXPLAIN", "QUERY", "PLAN"]) => {}
            Stage::Start if token.is_word("CREATE") => self.stage = Stage::Create,
            Stage::Create if token.is_any_word(&["TEMP", "TEMPORARY"]) => {}
            Stage::Create if token.is_word("TRIGGER") => self.stage = Stage::Trigger,
            Stage::Start | Stage::Create => self.stage = Stage::Plain,
            Stage::Trigger if token.is_word("BEGIN") => self.stage = Stage::Open(token.start()),
            // `end` may also be a column's name, and ends every `CASE`; the body's own stands alone.
            Stage::Open(_) if self.at_start && token.is_word("END") => self.stage = Stage::Plain,
            Stage::Trigger | Stage::Open(_) | Stage::Plain => {}
        }
        self.at_start = token.is_mark(";") || token.is_word("BEGIN");
    }

    pub(super) fn open_since(&self) -> Option<usize> {
        match self.stage {
            Stage::Open(start) => Some(start),
            Stage::Start | Stage::Create | Stage::Trigger | Stage::Plain => None,
        }
    }
}
