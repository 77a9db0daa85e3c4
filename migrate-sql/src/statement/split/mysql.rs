//! MySQL and MariaDB: bodies of routines, triggers and events, and compound statements.
//!
//! `IF`, `REPEAT`, `END` and others are also functions or names, so a word opens or closes a block only
//! where a statement can begin. [`Header`] finds where the body begins, [`Blocks`] where it ends.

mod blocks;
mod header;

use self::{blocks::Blocks, header::Header};
use crate::text::Token;

#[derive(Default)]
pub(super) struct Body {
    stage: Stage,
    blocks: Blocks,
}

#[derive(Default)]
enum Stage {
    #[default]
    Start,
    /// `BEGIN` is a transaction, unless `NOT` follows.
    Begin(usize),
    Header(Header),
    Statements,
    /// A body of another language, Oracle's, which only a `DELIMITER` can delimit.
    Foreign,
    /// No body here.
    Plain,
}

/// What the header says about its next token.
enum Next {
    Header,
    /// The body begins with this token.
    Here,
    /// The body begins behind this token.
    Behind,
    /// The body is not written in MySQL's language.
    Foreign,
    /// There is no body, or only one statement that needs no `END`.
    None,
}

impl Body {
    pub(super) fn take(&mut self, token: &Token<'_>) {
        match &mut self.stage {
            Stage::Start => self.start(token),
            Stage::Begin(start) if token.is_word("NOT") => {
                self.blocks.open_at(*start);
                self.stage = Stage::Statements;
            }
            Stage::Begin(_) => self.stage = Stage::Plain,
            Stage::Header(header) => match header.take(token) {
                Next::Header => {}
                Next::Here => self.enter(token),
                Next::Behind => {
                    self.blocks.expect_statement();
                    self.stage = Stage::Statements;
                }
                Next::Foreign => self.stage = Stage::Foreign,
                Next::None => self.stage = Stage::Plain,
            },
            Stage::Statements => self.blocks.take(token),
            Stage::Foreign | Stage::Plain => {}
        }
    }

    /// Whether a body has begun, be it closed again.
    pub(super) fn has_body(&self) -> bool {
        match self.stage {
            Stage::Statements | Stage::Foreign => true,
            Stage::Start | Stage::Begin(_) | Stage::Header(_) | Stage::Plain => false,
        }
    }

    pub(super) fn open_since(&self) -> Option<usize> {
        self.blocks.open_since()
    }

    fn start(&mut self, token: &Token<'_>) {
        if token.is_word("BEGIN") {
            self.stage = Stage::Begin(token.start());
        } else if token.is_any_word(&["CREATE", "ALTER"]) {
            self.stage = Stage::Header(Header::default());
        } else if token.is_any_word(blocks::OPENERS) {
            // MariaDB takes these outside of routines, too.
            self.enter(token);
        } else {
            self.stage = Stage::Plain;
        }
    }

    fn enter(&mut self, token: &Token<'_>) {
        self.stage = Stage::Statements;
        self.blocks.expect_statement();
        self.blocks.take(token);
    }
}
