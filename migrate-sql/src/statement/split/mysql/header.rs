//! What stands between `CREATE` and the body.

use super::{Next, blocks};
use crate::text::{Token, TokenKind};

/// Reads `CREATE [OR REPLACE] [DEFINER = …] PROCEDURE …` up to its body.
#[derive(Default)]
pub(super) struct Header {
    stage: Stage,
    parens: usize,
}

#[derive(Default)]
enum Stage {
    #[default]
    Create,
    /// In `DEFINER = user@host`; whether the next token is a name.
    Definer {
        name: bool,
    },
    /// Up to the end of the parameters.
    Parameters,
    /// Result and characteristics; whether the next token is the name of a type or character set.
    Characteristics {
        name: bool,
    },
    /// Up to `EACH ROW`.
    Trigger,
    EachRow,
    /// The trigger's place among others: the next token is the other's name.
    Order,
    /// Up to `DO`.
    Event,
}

/// How the bodies begin that are a single statement; whatever follows, the next `;` ends it.
const SIMPLE: &[&str] = &[
    "ALTER", "ANALYZE", "CALL", "CREATE", "DELETE", "DO", "DROP", "EXECUTE", "FLUSH", "GRANT",
    "INSERT", "RENAME", "REPLACE", "RETURN", "REVOKE", "SELECT", "SET", "SIGNAL", "TRUNCATE",
    "UPDATE", "WITH",
];

/// What stands before a body in MariaDB's Oracle mode.
const ORACLE: &[&str] = &["AS", "IS"];

impl Header {
    pub(super) fn take(&mut self, token: &Token<'_>) -> Next {
        match token.kind() {
            TokenKind::OpenParen => self.parens += 1,
            TokenKind::CloseParen => self.parens = self.parens.saturating_sub(1),
            TokenKind::Terminator => return Next::None,
            _ => {}
        }
        match self.stage {
            Stage::Create => self.create(token),
            Stage::Definer { name } => self.definer(token, name),
            Stage::Parameters => self.parameters(token),
            Stage::Characteristics { name } => self.characteristics(token, name),
            Stage::Trigger => self.trigger(token),
            Stage::EachRow => self.each_row(token),
            Stage::Order => Next::Behind,
            Stage::Event if self.parens == 0 && token.is_word("DO") => Next::Behind,
            Stage::Event => Next::Header,
        }
    }

    fn create(&mut self, token: &Token<'_>) -> Next {
        self.stage = match token {
            _ if token.is_word("DEFINER") => Stage::Definer { name: false },
            _ if token.is_any_word(&["PROCEDURE", "FUNCTION"]) => Stage::Parameters,
            _ if token.is_word("TRIGGER") => Stage::Trigger,
            _ if token.is_word("EVENT") => Stage::Event,
            _ if token.is_word("PACKAGE") => return Next::Foreign,
            _ if token.is_any_word(&["OR", "REPLACE", "AGGREGATE"]) => Stage::Create,
            _ => return Next::None,
        };
        Next::Header
    }

    fn definer(&mut self, token: &Token<'_>, name: bool) -> Next {
        match token.kind() {
            // `=`, or the `@` before a quoted host.
            TokenKind::Operator => self.stage = Stage::Definer { name: true },
            // A host without quotes, or the parentheses of `CURRENT_USER()`.
            TokenKind::Parameter | TokenKind::OpenParen | TokenKind::CloseParen => {}
            _ if name => self.stage = Stage::Definer { name: false },
            _ => return self.create(token),
        }
        Next::Header
    }

    fn parameters(&mut self, token: &Token<'_>) -> Next {
        if self.parens == 0 && token.kind() == TokenKind::CloseParen {
            self.stage = Stage::Characteristics { name: false };
        }
        if self.parens == 0 && token.is_any_word(ORACLE) {
            return Next::Foreign;
        }
        Next::Header
    }

    fn characteristics(&mut self, token: &Token<'_>, name: bool) -> Next {
        if self.parens > 0 || name {
            self.stage = Stage::Characteristics { name: false };
            return Next::Header;
        }
        if token.is_any_word(blocks::OPENERS) {
            return Next::Here;
        }
        if token.is_any_word(ORACLE) {
            return Next::Foreign;
        }
        if token.is_mark(":") {
            return Next::Behind;
        }
        if token.is_any_word(SIMPLE) {
            return Next::None;
        }
        // `RETURNS SET('a')` and `CHARACTER SET` are no `SET` statements.
        let name = token.is_any_word(&["RETURNS", "CHARACTER"]);
        self.stage = Stage::Characteristics { name };
        Next::Header
    }

    fn trigger(&mut self, token: &Token<'_>) -> Next {
        if token.is_word("EACH") {
            self.stage = Stage::EachRow;
        }
        Next::Header
    }

    fn each_row(&mut self, token: &Token<'_>) -> Next {
        if token.is_word("ROW") {
            return Next::Header;
        }
        if token.is_any_word(&["FOLLOWS", "PRECEDES"]) {
            self.stage = Stage::Order;
            return Next::Header;
        }
        Next::Here
    }
}
