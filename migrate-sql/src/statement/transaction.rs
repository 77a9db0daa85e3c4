//! Statements that begin, end or divide a transaction.

use super::{Reader, Statement};
use crate::text::{Dialect, TokenKind};

/// The words that control a transaction.
pub(super) fn control(statement: &Statement<'_>) -> Option<&'static str> {
    let mut words = Reader::new(statement);
    match statement.dialect() {
        Dialect::Postgres => postgres(&mut words),
        Dialect::Mysql if is_compound(words.clone()) => words.any_inner(mysql),
        Dialect::Mysql => mysql(&mut words),
        Dialect::Sqlite => sqlite(&mut words),
    }
}

/// Whether it is a compound statement, which MariaDB takes outside of routines, too.
pub(crate) fn is_compound(mut words: Reader<'_>) -> bool {
    match words.keyword().as_str() {
        "BEGIN" => words.eat("NOT"),
        "CASE" | "FOR" | "IF" | "LOOP" | "REPEAT" | "WHILE" => true,
        _ => false,
    }
}

fn postgres(words: &mut Reader<'_>) -> Option<&'static str> {
    match words.keyword().as_str() {
        "BEGIN" => Some("BEGIN"),
        "START" => Some("START TRANSACTION"),
        "COMMIT" if words.eat("PREPARED") => Some("COMMIT PREPARED"),
        "COMMIT" => Some("COMMIT"),
        "END" => Some("END"),
        "ROLLBACK" if words.eat("PREPARED") => Some("ROLLBACK PREPARED"),
        "ROLLBACK" => Some("ROLLBACK"),
        "ABORT" => Some("ABORT"),
        "SAVEPOINT" => Some("SAVEPOINT"),
        "RELEASE" => Some("RELEASE"),
        "PREPARE" if words.eat("TRANSACTION") => Some("PREPARE TRANSACTION"),
        _ => None,
    }
}

fn mysql(words: &mut Reader<'_>) -> Option<&'static str> {
    match words.keyword().as_str() {
        "BEGIN" if words.is_at_end() || words.eat("WORK") => Some("BEGIN"),
        "START" if words.eat("TRANSACTION") => Some("START TRANSACTION"),
        "COMMIT" => Some("COMMIT"),
        "ROLLBACK" => Some("ROLLBACK"),
        "SAVEPOINT" => Some("SAVEPOINT"),
        "RELEASE" if words.eat("SAVEPOINT") => Some("RELEASE SAVEPOINT"),
        "XA" => Some("XA"),
        "SET" if sets_autocommit(words) => Some("SET autocommit"),
        "LOCK" if words.eat_any(&["TABLE", "TABLES"]) => Some("LOCK TABLES"),
        "UNLOCK" if words.eat_any(&["TABLE", "TABLES"]) => Some("UNLOCK TABLES"),
        _ => None,
    }
}

fn sqlite(words: &mut Reader<'_>) -> Option<&'static str> {
    match words.keyword().as_str() {
        "BEGIN" => Some("BEGIN"),
        "COMMIT" => Some("COMMIT"),
        "END" => Some("END"),
        "ROLLBACK" => Some("ROLLBACK"),
        "SAVEPOINT" => Some("SAVEPOINT"),
        "RELEASE" => Some("RELEASE"),
        _ => None,
    }
}

/// Whether one of the assignments, in this or an inner `SET`, is to the variable in any spelling.
pub(super) fn sets_autocommit(words: &mut Reader<'_>) -> bool {
    while let Some(token) = words.find(|token| token.is_mark(";") || is_autocommit(token.text())) {
        if token.kind() == TokenKind::Terminator {
            return false;
        }
        if words.eat_mark("=") || words.eat_mark(":=") {
            return true;
        }
    }
    false
}

fn is_autocommit(text: &str) -> bool {
    let name = text.rsplit(['@', '.']).next().unwrap_or(text);
    name.trim_matches('`').eq_ignore_ascii_case("autocommit")
}
