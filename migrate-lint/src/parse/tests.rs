#![expect(clippy::string_slice, reason = "a slice that cuts a character fails the test")]

use Dialect::{Mysql, Postgres, Sqlite};

use migrate_sql::{Dialect, SqlContext, split};

use super::*;
use crate::syntax::validate;

#[test]
fn what_nests_without_end_is_unknown() {
    for (open, inner, close) in [
        ("(", "1", ")"),
        ("ARRAY[", "1", "]"),
        ("[", "1", "]"),
        ("f(", "1", ")"),
        ("- ", "1", ""),
        ("NOT ", "true", ""),
        ("(SELECT * FROM ", "a", ") b"),
        ("", "a", ".b"),
        ("", "1", "::int"),
        ("+", "1", ""),
        ("", "f", "(1)"),
    ] {
        let sql = format!("SELECT {}{inner}{}", open.repeat(5_000), close.repeat(5_000));
        for dialect in Dialect::ALL {
            if split(&sql, dialect).is_err() {
                continue;
            }
            assert_eq!(
                validate(&sql, SqlContext::new(dialect)),
                [],
                "{open}{inner}{close} {dialect}"
            );
        }
        assert_eq!(unknown(&sql, Postgres).len(), 1, "{open}{inner}{close}");
    }
}

#[test]
fn long_chains_are_parsed() {
    for more in [
        " + 1",
        " AND true",
        " OR a.b = 1",
        "[1]",
        " UNION SELECT 1",
        " IS NULL",
        ", a",
        " CASE WHEN a THEN",
        ";SELECT 1",
    ] {
        let sql = format!("SELECT 1{}", more.repeat(2_000));
        for dialect in Dialect::ALL {
            // Whatever it says, it says it soon.
            validate(&sql, SqlContext::new(dialect));
            unknown(&sql, dialect);
        }
    }
    let sum = format!("SELECT 1{}", " + 1".repeat(20_000));
    for dialect in Dialect::ALL {
        assert_eq!(validate(&sum, SqlContext::new(dialect)), []);
        assert_eq!(unknown(&sum, dialect), []);
    }
}

#[test]
fn bodies_of_functions_are_measured_too() {
    let deep = "(".repeat(5_000);
    for body in [
        format!("$$ SELECT {deep} $$"),
        format!("'SELECT {deep}'"),
        format!("E'{}'", "\\x28".repeat(5_000)),
    ] {
        let sql = format!("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS {body}");
        assert_eq!(unknown(&sql, Postgres).len(), 1);
        assert_eq!(validate(&sql, SqlContext::new(Postgres)), []);
    }
}

#[test]
fn one_statement_that_is_unknown_does_not_hide_anothers_error() {
    let sql = format!("SELECT {}1; SELECT FROM WHERE; SELECT 1", "- ".repeat(5_000));
    assert_eq!(unknown(&sql, Postgres).len(), 1);
    let faults = validate(&sql, SqlContext::new(Postgres));
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].code(), "syntax");
}

#[test]
fn what_the_other_parser_does_not_know() {
    let sql = "SELECT 1;\nCREATE TABLE é (a INT,\n  b 'x');";
    let unknown = unknown(sql, Mysql);
    assert_eq!(unknown.len(), 1);
    assert_eq!(unknown[0].statement, 2);
    assert_eq!(&sql[unknown[0].offset..], "'x');");
    assert_eq!(super::unknown("SELECT 'a", Sqlite), []);
}

#[test]
fn a_statement_that_the_parser_of_mysql_does_not_know_is_named_with_its_place() {
    let found = unknown("SELECT 1; HANDLER a OPEN", Mysql);
    let told: Vec<_> = found.iter().map(|it| (it.statement, it.offset, &*it.message)).collect();
    assert_eq!(told, [(2, 10, "expected an SQL statement, found `HANDLER`")]);
}
