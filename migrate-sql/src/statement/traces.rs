//! Statements after which the session may be another one than before: settings, and whatever else ends only with it.
//!
//! What is unknown counts: a function that a user wrote may do anything. A wrong "yes" costs a round trip, a wrong "no" lets
//! one migration see what another left.

use super::{Reader, Statement, harmless, setting, transaction};
use crate::text::{Dialect, Token, TokenKind};

pub(super) fn leaves(statement: &Statement<'_>) -> bool {
    match statement.dialect() {
        Dialect::Postgres => postgres(statement),
        Dialect::Mysql => mysql(statement),
        Dialect::Sqlite => sqlite(statement),
    }
}

fn postgres(statement: &Statement<'_>) -> bool {
    let mut words = Reader::new(statement);
    match words.keyword().as_str() {
        "CALL" | "DISCARD" | "EXECUTE" | "LISTEN" | "LOAD" | "PREPARE" | "RESET" => true,
        "SET" => setting::postgres(Reader::new(statement)),
        "DECLARE" => words.any(|token| token.is_word("HOLD")),
        "DO" => words.any(|token| token.inside().is_some_and(block_leaves)),
        "CREATE" => creates(words.clone()) || is_in_temporary_schema(words),
        "ALTER" | "COMMENT" | "DROP" | "GRANT" | "REVOKE" => is_in_temporary_schema(words),
        _ => {
            let words = Reader::new(statement);
            is_in_temporary_schema(words.clone()) || into_temporary(words.clone()) || calls(words)
        }
    }
}

/// Whether it makes something temporary, or runs a query whose functions may do anything.
fn creates(mut words: Reader<'_>) -> bool {
    words.eat("OR");
    words.eat("REPLACE");
    words.eat_any(&["GLOBAL", "LOCAL"]);
    if words.eat_any(&["TEMP", "TEMPORARY"]) {
        return true;
    }
    words.eat("UNLOGGED");
    words.eat("MATERIALIZED");
    words.eat_any(&["TABLE", "VIEW"]) && runs_query(words.clone()) && calls(words)
}

/// Whether `AS` is followed by a query; in `GENERATED ALWAYS AS (…)` it is not.
fn runs_query(mut words: Reader<'_>) -> bool {
    while words.eat_until("AS") {
        while words.eat_mark("(") {}
        if words.eat_any(&["EXECUTE", "SELECT", "TABLE", "VALUES", "WITH"]) {
            return true;
        }
    }
    false
}

/// `SELECT … INTO TEMP t`.
fn into_temporary(mut words: Reader<'_>) -> bool {
    while words.eat_until("INTO") {
        words.eat_any(&["GLOBAL", "LOCAL"]);
        if words.eat_any(&["TEMP", "TEMPORARY"]) {
            return true;
        }
    }
    false
}

/// Whether anything is said to be in `pg_temp`.
fn is_in_temporary_schema(mut words: Reader<'_>) -> bool {
    words.any(|token| unquoted(token).is_some_and(|name| name.eq_ignore_ascii_case("pg_temp")))
}

/// The text of a `DO` block, read as if it were SQL.
fn block_leaves(body: &str) -> bool {
    const LEAVING: &[&str] = &[
        "CALL",
        "DISCARD",
        "EXECUTE",
        "HOLD",
        "LISTEN",
        "LOAD",
        "PREPARE",
        "RESET",
        "TEMP",
        "TEMPORARY",
    ];
    let words = Reader::of(body, Dialect::Postgres);
    let sets = |inner: &mut Reader<'_>| {
        let sets = inner.eat("SET") && !inner.eat_any(&["CONSTRAINTS", "LOCAL", "TRANSACTION"]);
        sets.then_some(())
    };
    words.clone().any(|token| token.is_any_word(LEAVING))
        || is_in_temporary_schema(words.clone())
        || words.clone().any_inner(sets).is_some()
        || calls(words)
}

fn mysql(statement: &Statement<'_>) -> bool {
    let mut words = Reader::new(statement);
    if transaction::is_compound(words.clone()) {
        return true;
    }
    match words.keyword().as_str() {
        "CALL" | "EXECUTE" | "HANDLER" | "PREPARE" | "USE" => true,
        "SET" => setting::mysql(Reader::new(statement)) || words.any(is_variable),
        "CREATE" => {
            words.eat("OR");
            words.eat("REPLACE");
            words.eat("TEMPORARY")
        }
        "DELETE" | "DO" | "INSERT" | "LOAD" | "REPLACE" | "SELECT" | "UPDATE" | "VALUES"
        | "WITH" | "" => {
            let words = Reader::new(statement);
            words.clone().any(is_variable) || calls(words)
        }
        _ => false,
    }
}

/// A user variable, `@a`; not a setting, `@@a`.
fn is_variable(token: Token<'_>) -> bool {
    let text = token.text();
    (token.kind() == TokenKind::Parameter && text.starts_with('@') && !text.starts_with("@@"))
        || (token.kind() == TokenKind::Operator && text.ends_with('@'))
}

fn sqlite(statement: &Statement<'_>) -> bool {
    let mut words = Reader::new(statement);
    match words.keyword().as_str() {
        "ATTACH" | "DETACH" | "PRAGMA" => true,
        "CREATE" => {
            words.eat_any(&["TEMP", "TEMPORARY"]) || {
                words.eat("UNIQUE");
                words.next();
                words.eat("IF");
                words.eat("NOT");
                words.eat("EXISTS");
                let schema = words.next().and_then(|token| unquoted(token).map(str::to_owned));
                schema.is_some_and(|name| name.eq_ignore_ascii_case("temp")) && words.eat_mark(".")
            }
        }
        _ => false,
    }
}

/// Whether a function is called that is not known to leave the session alone.
fn calls(words: Reader<'_>) -> bool {
    // What stands before a name tells a table with its columns from a function with its arguments.
    const BEFORE_TABLE: &[&str] = &[
        "AS",
        "COPY",
        "EXISTS",
        "IGNORE",
        "INSERT",
        "INTO",
        "RECURSIVE",
        "REFERENCES",
        "REPLACE",
        "TABLE",
        "UPDATE",
        "WITH",
    ];
    let mut before_name: Option<Token<'_>> = None;
    let mut name: Option<Token<'_>> = None;
    for token in words {
        match token.kind() {
            TokenKind::OpenParen => {
                let called =
                    name.and_then(unquoted).is_some_and(|name| !harmless::is_harmless(name));
                let table = before_name.is_some_and(|before| before.is_any_word(BEFORE_TABLE));
                if called && !table {
                    return true;
                }
                (before_name, name) = (None, None);
            }
            TokenKind::Word | TokenKind::QuotedIdentifier => {
                before_name = name.take();
                name = Some(token);
            }
            // `schema.name`: what stands before the schema counts.
            TokenKind::Punctuation if token.text() == "." => name = before_name.take(),
            _ => (before_name, name) = (None, None),
        }
    }
    false
}

fn unquoted(token: Token<'_>) -> Option<&str> {
    let text = token.text();
    match token.kind() {
        TokenKind::Word => Some(text),
        TokenKind::QuotedIdentifier => text.get(1..text.len().checked_sub(1)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statement::split;
    use crate::text::Dialect::{Mysql, Postgres, Sqlite};

    fn leaves(sql: &str, dialect: Dialect) -> bool {
        let statements = split(sql, dialect).expect("whole");
        assert_eq!(statements.len(), 1, "{sql}");
        statements[0].leaves_traces()
    }

    #[test]
    fn what_may_stay() {
        let stays = [
            ("CREATE TEMP TABLE a (b int)", Postgres),
            ("create local temporary view a as select 1", Postgres),
            ("CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'", Postgres),
            ("SELECT 1 AS a INTO TEMP b", Postgres),
            ("PREPARE a AS SELECT 1", Postgres),
            ("LISTEN a", Postgres),
            ("DECLARE a CURSOR WITH HOLD FOR SELECT 1", Postgres),
            ("SELECT pg_advisory_lock(1)", Postgres),
            ("SELECT lastval()", Postgres),
            ("INSERT INTO a VALUES (currval('b'))", Postgres),
            ("SELECT app.set_tenant('a')", Postgres),
            ("CREATE TABLE a AS SELECT f(1)", Postgres),
            ("DO $$ BEGIN PERFORM pg_advisory_lock(1); END $$", Postgres),
            ("DO $$ BEGIN CREATE TEMP TABLE a (b int); END $$", Postgres),
            ("DO $$ BEGIN EXECUTE 'SET a = 1'; END $$", Postgres),
            ("SET SESSION AUTHORIZATION a", Postgres),
            ("CALL f()", Postgres),
            ("SET @a = 1", Mysql),
            ("SELECT b INTO @a FROM c", Mysql),
            ("SELECT @a := 1", Mysql),
            ("INSERT INTO t (v) VALUES (@`a b`)", Mysql),
            ("CREATE TEMPORARY TABLE a (b int)", Mysql),
            ("PREPARE a FROM 'SELECT 1'", Mysql),
            ("DO GET_LOCK('a', 1)", Mysql),
            ("HANDLER a OPEN", Mysql),
            ("INSERT INTO a VALUES (LAST_INSERT_ID())", Mysql),
            ("CREATE TEMP TABLE a (b)", Sqlite),
            ("CREATE TABLE temp.a (b)", Sqlite),
            ("CREATE UNIQUE INDEX IF NOT EXISTS temp.a ON b (c)", Sqlite),
            ("ATTACH 'a' AS b", Sqlite),
        ];
        for (sql, dialect) in stays {
            assert!(leaves(sql, dialect), "{sql}");
        }
    }

    #[test]
    fn what_leaves_nothing() {
        let goes = [
            (
                "CREATE TABLE a (b numeric(10, 2) DEFAULT round(1.5), c varchar(5), CHECK (f(b)))",
                Postgres,
            ),
            ("CREATE TABLE a AS SELECT lower(b), count(*) FROM c WHERE d IN (SELECT 1)", Postgres),
            ("CREATE TABLE a (b int, c int GENERATED ALWAYS AS (f(b)) STORED)", Postgres),
            (
                "INSERT INTO a (b) VALUES (1), (now()) ON CONFLICT (b) DO UPDATE SET (c) = (1)",
                Postgres,
            ),
            (
                "INSERT INTO \"s\".\"a\" (\"b\") SELECT coalesce(c, '') FROM generate_series(1, 3) AS d(c)",
                Postgres,
            ),
            (
                "WITH x (a) AS (SELECT 1) UPDATE t SET b = x.a FROM x WHERE t.c = ANY (ARRAY[1])",
                Postgres,
            ),
            (
                "DO $$ BEGIN CREATE TYPE a AS ENUM ('b'); EXCEPTION WHEN duplicate_object THEN NULL; END $$",
                Postgres,
            ),
            ("ALTER TABLE a ADD CONSTRAINT b CHECK (f(c))", Postgres),
            (
                "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('a', 'b', false); END $$",
                Postgres,
            ),
            ("SET LOCAL search_path = a", Postgres),
            ("INSERT INTO a (b) VALUES (uuid())", Mysql),
            ("UPDATE a SET b = concat(c, 'd') WHERE e IN (1)", Mysql),
            ("GRANT ALL ON a.* TO b@localhost", Mysql),
            ("CREATE TABLE a (b varchar(10))", Mysql),
            ("CREATE TABLE temperatures (b)", Sqlite),
            ("INSERT INTO a SELECT f(b) FROM c", Sqlite),
        ];
        for (sql, dialect) in goes {
            assert!(!leaves(sql, dialect), "{sql}");
        }
    }
}
