//! The blocks of a body: `BEGIN`, `IF`, `CASE`, `LOOP`, `REPEAT`, `WHILE` and MariaDB's `FOR`.

use std::mem;

use crate::text::{Token, TokenKind};

/// The words that open a block at the beginning of a statement.
pub(super) const OPENERS: &[&str] = &["BEGIN", "IF", "CASE", "LOOP", "REPEAT", "WHILE", "FOR"];

/// The open blocks, and what the next token may be.
#[derive(Default)]
pub(super) struct Blocks {
    open: Vec<Block>,
    /// Whether a statement can begin here.
    at_start: bool,
    /// How many `CASE` expressions are open; their `THEN`, `ELSE` and `END` are not those of a block.
    cases: usize,
    handler: Handler,
    previous: Previous,
}

struct Block {
    kind: Kind,
    start: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `IF` and `CASE`: statements follow a `THEN`.
    Choice,
    /// `WHILE` and `FOR`: statements follow a `DO`.
    Loop,
    /// `REPEAT`: its `END` follows an expression.
    Repeat,
    /// `BEGIN` and `LOOP`.
    Plain,
}

/// `DECLARE … HANDLER FOR condition, condition statement`.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Handler {
    #[default]
    None,
    /// `DECLARE` was read.
    Declared,
    /// `HANDLER` was read.
    Named,
    /// A condition, or more of it, comes next.
    Condition,
    /// A comma comes next, or the statement.
    Statement,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Previous {
    End,
    /// Something that an expression can end with.
    Operand,
    #[default]
    Other,
}

impl Blocks {
    pub(super) fn open_since(&self) -> Option<usize> {
        self.open.last().map(|block| block.start)
    }

    /// Opens a plain block whose first word was read elsewhere.
    pub(super) fn open_at(&mut self, start: usize) {
        self.open.push(Block { kind: Kind::Plain, start });
        self.at_start = true;
    }

    pub(super) fn expect_statement(&mut self) {
        self.at_start = true;
    }

    pub(super) fn take(&mut self, token: &Token<'_>) {
        let at_start = mem::take(&mut self.at_start) || self.handles(token);
        if token.is_mark(";") {
            self.at_start = true;
            self.cases = 0;
            self.handler = Handler::None;
        } else if token.is_mark(":") {
            // A label.
            self.at_start = true;
        } else if token.kind() == TokenKind::Word {
            if at_start { self.first_word(token) } else { self.later_word(token) }
        }
        self.previous = Previous::of(token);
    }

    /// Follows a handler's declaration; whether its statement begins with this token.
    fn handles(&mut self, token: &Token<'_>) -> bool {
        let ends = self.handler == Handler::Statement && !token.is_mark(",");
        self.handler = match self.handler {
            Handler::Declared if token.is_word("HANDLER") => Handler::Named,
            Handler::Named if token.is_word("FOR") => Handler::Condition,
            Handler::Condition if !token.is_any_word(&["NOT", "SQLSTATE", "VALUE"]) => {
                Handler::Statement
            }
            Handler::Statement if ends => Handler::None,
            Handler::Statement => Handler::Condition,
            Handler::None | Handler::Declared | Handler::Named | Handler::Condition => {
                return false;
            }
        };
        ends
    }

    fn first_word(&mut self, word: &Token<'_>) {
        if word.is_any_word(OPENERS) {
            let kind = Kind::of(word);
            self.open.push(Block { kind, start: word.start() });
            self.at_start = matches!(kind, Kind::Plain | Kind::Repeat);
        } else if word.is_word("END") {
            self.open.pop();
        } else if word.is_any_word(&["ELSE", "NOT", "ATOMIC"]) {
            // `NOT ATOMIC` belongs to the `BEGIN` before it.
            self.at_start = true;
        } else if word.is_word("DECLARE") {
            self.handler = Handler::Declared;
        }
    }

    fn later_word(&mut self, word: &Token<'_>) {
        if word.is_word("CASE") && self.previous != Previous::End {
            self.cases += 1;
        } else if self.cases > 0 {
            // A column may be called `end`; this one ends something only behind an operand.
            if word.is_word("END") && self.previous != Previous::Other {
                self.cases -= 1;
            }
        } else {
            match self.open.last().map(|block| block.kind) {
                Some(Kind::Choice) => self.at_start = word.is_word("THEN"),
                Some(Kind::Loop) => self.at_start = word.is_word("DO"),
                Some(Kind::Repeat) if word.is_word("REPEAT") && self.previous == Previous::End => {
                    self.open.pop();
                }
                Some(Kind::Repeat | Kind::Plain) | None => {}
            }
        }
    }
}

impl Kind {
    fn of(opener: &Token<'_>) -> Self {
        match opener {
            _ if opener.is_any_word(&["IF", "CASE"]) => Self::Choice,
            _ if opener.is_any_word(&["WHILE", "FOR"]) => Self::Loop,
            _ if opener.is_word("REPEAT") => Self::Repeat,
            _ => Self::Plain,
        }
    }
}

impl Previous {
    fn of(token: &Token<'_>) -> Self {
        const BEFORE_OPERAND: &[&str] = &[
            "AND", "BY", "CASE", "ELSE", "IN", "IS", "LIKE", "NOT", "OR", "SELECT", "THEN", "WHEN",
            "XOR",
        ];
        match token.kind() {
            TokenKind::Word if token.is_word("END") => Self::End,
            TokenKind::Word if token.is_any_word(BEFORE_OPERAND) => Self::Other,
            TokenKind::Word
            | TokenKind::QuotedIdentifier
            | TokenKind::String
            | TokenKind::Number
            | TokenKind::Parameter
            | TokenKind::CloseParen => Self::Operand,
            TokenKind::Operator
            | TokenKind::Punctuation
            | TokenKind::OpenParen
            | TokenKind::Terminator
            | TokenKind::Comment
            | TokenKind::Hint
            | TokenKind::ConditionalOpen
            | TokenKind::ConditionalClose
            | TokenKind::Unknown => Self::Other,
        }
    }
}
