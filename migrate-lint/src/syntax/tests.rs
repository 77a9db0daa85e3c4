use Dialect::{Mysql, Postgres, Sqlite};

use super::*;

fn found(sql: &str, context: SqlContext) -> Vec<(&'static str, usize)> {
    validate(sql, context).iter().map(|fault| (fault.code(), fault.offset())).collect()
}

/// The messages, and what stands at their offsets.
fn errors(sql: &str) -> Vec<(String, &str)> {
    let faults = validate(sql, SqlContext::new(Postgres));
    faults.iter().map(|fault| (fault.to_string(), sql.get(fault.offset()..).unwrap())).collect()
}

fn error(sql: &str) -> (String, &str) {
    let mut errors = errors(sql);
    assert_eq!(errors.len(), 1, "{errors:?}");
    errors.remove(0)
}

#[test]
fn an_error_tells_what_was_found() {
    let cases = [
        ("ALTER TABLE a ADD COLUMN", "expected a name, found the end of the statement", ""),
        ("CREATE TABLE a (b INT c INT)", "expected `,`, found `c`", "c INT)"),
        ("DELETE a", "expected `FROM`, found `a`", "a"),
        ("CREATE TABLE a (b INT", "expected `)`, found the end of the statement", ""),
        ("SELECT 1 + ", "expected an expression, found the end of the statement", " "),
        ("CREATE TABLE a (b INT,)", "unexpected trailing comma at `,`", ",)"),
        ("CREATE TABLE a (b INT) garbage", "unexpected `garbage`", "garbage"),
        ("ALTER TABLE a RENAM b TO c", "unexpected `RENAM`", "RENAM b TO c"),
        ("CREATE INDEX a /* on */ b (c)", "expected `ON`, found `b`", "b (c)"),
        ("SELECT a FROM b, WHERE c", "expected a table, found `WHERE`", "WHERE c"),
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 FROM WHERE a $$",
            "expected a table, found `WHERE`",
            "WHERE a $$",
        ),
        ("TABLE 'a\nb'", "expected relation name, found `'a…`", "'a\nb'"),
    ];
    for (sql, message, at) in cases {
        assert_eq!(error(sql), (format!("statement 1 does not parse: {message}"), at), "{sql}");
    }
}

#[test]
fn no_error_follows_from_another_statements() {
    let sql = "CREATE TABLE a b;\nCREATE TABLE b (c INT);\nALTER TABLE d ADD;";
    let starts: Vec<_> = errors(sql).into_iter().map(|(_, at)| at).collect();
    assert_eq!(starts.len(), 2);
    assert!(starts[0].starts_with("b;\nCREATE"));
    assert_eq!(starts[1], ";");
}

#[test]
fn only_postgres_is_believed() {
    assert_eq!(found("CREATE TABLE a", SqlContext::new(Mysql)), []);
    assert_eq!(found("CREATE TABLE a", SqlContext::new(Sqlite)), []);
    let unparsed = SqlContext { parse: false, ..SqlContext::new(Postgres) };
    assert_eq!(found("CREATE INDEX", unparsed), []);
    // What is wrong in itself comes before what is wrong in its place.
    assert_eq!(found("DELETE a", SqlContext::new(Postgres)), [("syntax", 7)]);
}
