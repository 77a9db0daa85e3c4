//! PostgreSQL: `BEGIN ATOMIC … END` of functions and procedures.

use crate::text::Token;

#[derive(Default)]
pub(super) struct Body {
    stage: Stage,
    /// Where each open `BEGIN ATOMIC` and `CASE` began.
    blocks: Vec<usize>,
    previous: Previous,
}

#[derive(Default)]
enum Stage {
    #[default]
    Start,
    Create,
    Routine,
    /// No body here, or none any more.
    Plain,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Previous {
    Begin(usize),
    /// A dot or `AS`: what follows is a name, whatever it looks like.
    BeforeName,
    #[default]
    Other,
}

impl Body {
    pub(super) fn take(&mut self, token: &Token<'_>, parens: usize) {
        match self.stage {
            Stage::Start if token.is_word("CREATE") => self.stage = Stage::Create,
            Stage::Create if token.is_any_word(&["OR", "REPLACE"]) => {}
            Stage::Create if token.is_any_word(&["FUNCTION", "PROCEDURE"]) => {
                self.stage = Stage::Routine;
            }
            Stage::Start | Stage::Create => self.stage = Stage::Plain,
            Stage::Routine if self.blocks.is_empty() => self.header(token, parens),
            Stage::Routine => self.inside(token),
            Stage::Plain => {}
        }
        self.previous = match token {
            _ if token.is_word("BEGIN") => Previous::Begin(token.start()),
            _ if token.is_mark(".") || token.is_word("AS") => Previous::BeforeName,
            _ => Previous::Other,
        };
    }

    pub(super) fn open_since(&self) -> Option<usize> {
        self.blocks.last().copied()
    }

    fn header(&mut self, token: &Token<'_>, parens: usize) {
        if let Previous::Begin(start) = self.previous
            && parens == 0
            && token.is_word("ATOMIC")
        {
            self.blocks.push(start);
        }
    }

    fn inside(&mut self, token: &Token<'_>) {
        if self.previous == Previous::BeforeName {
            return;
        }
        if token.is_word("CASE") {
            self.blocks.push(token.start());
        } else if token.is_word("END") {
            self.blocks.pop();
            if self.blocks.is_empty() {
                self.stage = Stage::Plain;
            }
        }
    }
}
