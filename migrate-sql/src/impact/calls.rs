//! The functions that a statement calls.

use super::relation::folded;
use crate::ddl::Ident;
use crate::statement::Statement;
use crate::text::{Dialect, Token, TokenKind};

/// A function that is called.
pub(super) struct Call {
    /// Its name without a schema, in lower case.
    pub(super) name: String,
    /// Whether a schema of the user's is named.
    pub(super) is_qualified: bool,
}

/// Words that may stand before a parenthesis and call nothing.
const NO_FUNCTIONS: &[&str] = &[
    "ALL",
    "AND",
    "ANY",
    "AS",
    "BY",
    "CASE",
    "CHECK",
    "CONFLICT",
    "DISTINCT",
    "ELSE",
    "EXCEPT",
    "EXISTS",
    "FILTER",
    "FROM",
    "IN",
    "INTERSECT",
    "INTO",
    "IS",
    "JOIN",
    "KEY",
    "LATERAL",
    "LIKE",
    "LIMIT",
    "MATERIALIZED",
    "NOT",
    "OFFSET",
    "ON",
    "OR",
    "OVER",
    "RETURNING",
    "SELECT",
    "SET",
    "SOME",
    "THEN",
    "UNION",
    "USING",
    "VALUES",
    "WHEN",
    "WHERE",
    "WITH",
    "WITHIN",
];

/// Functions that a query calls for what they answer, or for what touches no table.
const HARMLESS: &[&str] = &[
    "abs",
    "avg",
    "char_length",
    "coalesce",
    "concat",
    "count",
    "current_setting",
    "currval",
    "get_lock",
    "greatest",
    "ifnull",
    "lastval",
    "least",
    "length",
    "lower",
    "max",
    "min",
    "nextval",
    "now",
    "nullif",
    "pg_advisory_lock",
    "pg_advisory_unlock",
    "pg_advisory_xact_lock",
    "pg_get_serial_sequence",
    "pg_sleep",
    "release_lock",
    "round",
    "set_config",
    "setval",
    "sleep",
    "sum",
    "upper",
    "version",
];

pub(super) fn of(statement: &Statement<'_>) -> Vec<Call> {
    let tokens: Vec<Token<'_>> =
        statement.tokens().filter(|token| token.kind() != TokenKind::Comment).collect();
    let dialect = statement.dialect();
    let calls = tokens.windows(2).enumerate().filter_map(|(at, pair)| {
        let [name, next] = pair else { return None };
        if !next.is_mark("(") || name.is_any_word(NO_FUNCTIONS) {
            return None;
        }
        let is_name = matches!(name.kind(), TokenKind::Word | TokenKind::QuotedIdentifier);
        let ident = Ident::of(name, dialect).filter(|_| is_name)?;
        let before = |back: usize| at.checked_sub(back).and_then(|place| tokens.get(place));
        let qualifier = before(1).filter(|dot| dot.is_mark(".")).and_then(|_| before(2));
        Some(Call {
            name: folded(&ident).to_lowercase(),
            is_qualified: qualifier.is_some_and(|schema| !is_of_the_server(schema, dialect)),
        })
    });
    calls.collect()
}

fn is_of_the_server(schema: &Token<'_>, dialect: Dialect) -> bool {
    let name = Ident::of(schema, dialect).map(|ident| folded(&ident));
    name.is_some_and(|name| matches!(&*name, "pg_catalog" | "information_schema" | "sys"))
}

/// Whether it calls a function that may do anything. For a query, which is there for nothing else.
pub(super) fn may_do_anything(statement: &Statement<'_>) -> bool {
    of(statement).iter().any(|call| !HARMLESS.contains(&call.name.as_str()))
}
