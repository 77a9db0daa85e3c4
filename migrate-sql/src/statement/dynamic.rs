//! Statements of MySQL that run a text: the ones that prepare it, and the ones that execute it.

use super::Reader;
use crate::statement::{Statement, StatementKind, split};
use crate::text::{Dialect, Token};

/// A statement that prepares or executes a text, and what is known of that text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dynamic {
    /// `PREPARE name FROM …`
    Prepares {
        /// The name, in lower case.
        name: String,
        /// Whether it is known that the text only reads and writes rows.
        harmless: bool,
    },
    /// `EXECUTE name`
    Executes {
        /// The name, in lower case.
        name: String,
    },
    /// `EXECUTE IMMEDIATE …`
    Immediate {
        /// Whether it is known that the text only reads and writes rows.
        harmless: bool,
    },
}

pub(super) fn of(statement: &Statement<'_>) -> Option<Dynamic> {
    if statement.dialect() != Dialect::Mysql {
        return None;
    }
    let mut words = Reader::new(statement);
    match words.keyword().as_str() {
        "PREPARE" => {
            let name = name(&mut words)?;
            words.eat("FROM");
            Some(Dynamic::Prepares { name, harmless: is_harmless(words) })
        }
        "EXECUTE" if words.eat("IMMEDIATE") => {
            Some(Dynamic::Immediate { harmless: is_harmless(words) })
        }
        "EXECUTE" => Some(Dynamic::Executes { name: name(&mut words)? }),
        _ => None,
    }
}

fn name(words: &mut Reader<'_>) -> Option<String> {
    words.next().map(|token| token.text().trim_matches('`').to_lowercase())
}

/// Whether the text is a literal without escapes that only reads and writes rows.
fn is_harmless(mut words: Reader<'_>) -> bool {
    let literal = words.next();
    let ends = words.is_at_end() || words.eat("USING");
    let Some(text) = literal.as_ref().and_then(Token::inside).filter(|_| ends) else {
        return false;
    };
    if text.contains(['\\', '"']) {
        return false;
    }
    let text = text.replace("''", "'");
    let statements = split(&text, Dialect::Mysql).unwrap_or_default();
    matches!(&*statements, [only] if matches!(only.kind(), StatementKind::Dml | StatementKind::Query) && !only.commits_implicitly())
}
