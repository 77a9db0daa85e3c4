use Dialect::{Mysql, Postgres, Sqlite};

use super::*;
use crate::split;

fn class(sql: &str, dialect: Dialect) -> Class {
    let statements = split(sql, dialect).unwrap();
    assert_eq!(statements.len(), 1, "{sql}");
    statements[0].class()
}

#[test]
fn words_that_look_like_others() {
    let cases = [
        ("WITH delete AS (SELECT 1) SELECT * FROM delete", Postgres, Class::Query),
        ("WITH a (insert, update) AS (VALUES (1, 2)) SELECT 1", Postgres, Class::Query),
        ("WITH a AS (DELETE FROM b RETURNING *) SELECT * FROM a", Postgres, Class::Dml),
        (
            "WITH a AS (SELECT 1), b AS NOT MATERIALIZED (UPDATE c SET d = 1) TABLE b",
            Postgres,
            Class::Dml,
        ),
        ("WITH a AS (WITH b AS (SELECT 1) INSERT INTO c TABLE b) SELECT 1", Postgres, Class::Dml),
        (
            "WITH RECURSIVE a AS (SELECT 1) SEARCH DEPTH FIRST BY b, c SET d CYCLE e SET f USING g, h AS (SELECT 2) MERGE INTO i USING h ON true WHEN MATCHED THEN DELETE",
            Postgres,
            Class::Dml,
        ),
        ("WITH a AS (SELECT 1) SELECT b INTO c FROM a", Postgres, Class::Ddl),
        ("SELECT a INTO b FROM c", Postgres, Class::Ddl),
        ("(SELECT a INTO b FROM c)", Postgres, Class::Ddl),
        ("SELECT a AS into, b.into FROM c", Postgres, Class::Query),
        ("SELECT a INTO @b FROM c", Mysql, Class::Query),
        ("((SELECT 1) UNION (SELECT 2))", Postgres, Class::Query),
        ("COPY (SELECT a FROM b) TO '/c'", Postgres, Class::Query),
        ("COPY a (\"to\") FROM '/c'", Postgres, Class::Dml),
        ("COPY a TO STDOUT", Postgres, Class::Query),
        ("EXPLAIN DELETE FROM a", Postgres, Class::Query),
        ("EXPLAIN ANALYZE VERBOSE DELETE FROM a", Postgres, Class::Dml),
        ("EXPLAIN (ANALYZE, COSTS off) WITH a AS (DELETE FROM b) SELECT 1", Postgres, Class::Dml),
        ("EXPLAIN (ANALYZE false) DELETE FROM a", Postgres, Class::Query),
        ("EXPLAIN ANALYZE CREATE TABLE a AS SELECT 1", Postgres, Class::Ddl),
        ("EXPLAIN ANALYZE SELECT 1", Postgres, Class::Query),
        ("ANALYZE FORMAT=JSON UPDATE a SET b = 1", Mysql, Class::Dml),
        ("ANALYZE LOCAL TABLE a", Mysql, Class::Maintenance),
        ("SET STATEMENT a = 1 FOR SET STATEMENT b = 2 FOR DROP TABLE c", Mysql, Class::Ddl),
        ("SET STATEMENT a = 1", Mysql, Class::SessionSetting),
        ("/*!40000 ALTER TABLE a DISABLE KEYS */", Mysql, Class::Ddl),
        ("LOCK INSTANCE FOR BACKUP", Mysql, Class::Maintenance),
        ("LOCK TABLE a IN SHARE MODE", Postgres, Class::SessionSetting),
        ("LOCK TABLES a READ", Mysql, Class::TransactionControl),
        ("BEGIN NOT ATOMIC SELECT 1; END", Mysql, Class::Routine),
        ("BEGIN NOT ATOMIC COMMIT; END", Mysql, Class::TransactionControl),
        ("PREPARE a AS DELETE FROM b", Postgres, Class::Routine),
        ("PREPARE TRANSACTION 'a'", Postgres, Class::TransactionControl),
        ("MERGE INTO a USING b ON c WHEN MATCHED THEN DELETE", Sqlite, Class::Unknown),
        ("CREAT TABLE a (b INT)", Sqlite, Class::Unknown),
        ("'a'", Postgres, Class::Unknown),
        ("(", Sqlite, Class::Unknown),
        ("(BEGIN", Postgres, Class::Unknown),
        ("(DELETE FROM a)", Postgres, Class::Unknown),
        ("(WITH a AS (DELETE FROM b) SELECT 1)", Postgres, Class::Dml),
        ("WITH", Postgres, Class::Query),
    ];
    for (sql, dialect, expected) in cases {
        assert_eq!(class(sql, dialect), expected, "{sql}");
    }
}

#[test]
fn first_words_are_sorted_capitals() {
    for dialect in Dialect::ALL {
        let words = Class::first_words(dialect);
        assert!(words.is_sorted_by(|(one, _), (other, _)| one < other), "{dialect}");
        assert!(words.iter().all(|(word, _)| *word == word.to_ascii_uppercase()), "{dialect}");
        assert!(words.iter().all(|(_, class)| *class != Class::Unknown), "{dialect}");
    }
}
