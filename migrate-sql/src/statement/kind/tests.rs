use Dialect::{Mysql, Postgres, Sqlite};
use StatementKind as Kind;

use super::*;
use crate::statement::split;

fn class(sql: &str, dialect: Dialect) -> Kind {
    let statements = split(sql, dialect).unwrap();
    assert_eq!(statements.len(), 1, "{sql}");
    statements[0].kind()
}

#[test]
fn words_that_look_like_others() {
    let cases = [
        ("WITH delete AS (SELECT 1) SELECT * FROM delete", Postgres, Kind::Query),
        ("WITH a (insert, update) AS (VALUES (1, 2)) SELECT 1", Postgres, Kind::Query),
        ("WITH a AS (DELETE FROM b RETURNING *) SELECT * FROM a", Postgres, Kind::Dml),
        (
            "WITH a AS (SELECT 1), b AS NOT MATERIALIZED (UPDATE c SET d = 1) TABLE b",
            Postgres,
            Kind::Dml,
        ),
        ("WITH a AS (WITH b AS (SELECT 1) INSERT INTO c TABLE b) SELECT 1", Postgres, Kind::Dml),
        (
            "WITH RECURSIVE a AS (SELECT 1) SEARCH DEPTH FIRST BY b, c SET d CYCLE e SET f USING g, h AS (SELECT 2) MERGE INTO i USING h ON true WHEN MATCHED THEN DELETE",
            Postgres,
            Kind::Dml,
        ),
        ("WITH a AS (SELECT 1) SELECT b INTO c FROM a", Postgres, Kind::Ddl),
        ("SELECT a INTO b FROM c", Postgres, Kind::Ddl),
        ("(SELECT a INTO b FROM c)", Postgres, Kind::Ddl),
        ("SELECT a AS into, b.into FROM c", Postgres, Kind::Query),
        ("SELECT a INTO @b FROM c", Mysql, Kind::Query),
        ("((SELECT 1) UNION (SELECT 2))", Postgres, Kind::Query),
        ("COPY (SELECT a FROM b) TO '/c'", Postgres, Kind::Query),
        ("COPY a (\"to\") FROM '/c'", Postgres, Kind::Dml),
        ("COPY a TO STDOUT", Postgres, Kind::Query),
        ("EXPLAIN DELETE FROM a", Postgres, Kind::Query),
        ("EXPLAIN ANALYZE VERBOSE DELETE FROM a", Postgres, Kind::Dml),
        ("EXPLAIN (ANALYZE, COSTS off) WITH a AS (DELETE FROM b) SELECT 1", Postgres, Kind::Dml),
        ("EXPLAIN (ANALYZE false) DELETE FROM a", Postgres, Kind::Query),
        ("EXPLAIN ANALYZE CREATE TABLE a AS SELECT 1", Postgres, Kind::Ddl),
        ("EXPLAIN ANALYZE SELECT 1", Postgres, Kind::Query),
        ("ANALYZE FORMAT=JSON UPDATE a SET b = 1", Mysql, Kind::Dml),
        ("ANALYZE LOCAL TABLE a", Mysql, Kind::Maintenance),
        ("SET STATEMENT a = 1 FOR SET STATEMENT b = 2 FOR DROP TABLE c", Mysql, Kind::Ddl),
        ("SET STATEMENT a = 1", Mysql, Kind::SessionSetting),
        ("/*!40000 ALTER TABLE a DISABLE KEYS */", Mysql, Kind::Ddl),
        ("LOCK INSTANCE FOR BACKUP", Mysql, Kind::Maintenance),
        ("LOCK TABLE a IN SHARE MODE", Postgres, Kind::SessionSetting),
        ("LOCK TABLES a READ", Mysql, Kind::TransactionControl),
        ("BEGIN NOT ATOMIC SELECT 1; END", Mysql, Kind::Routine),
        ("BEGIN NOT ATOMIC COMMIT; END", Mysql, Kind::TransactionControl),
        ("PREPARE a AS DELETE FROM b", Postgres, Kind::Routine),
        ("PREPARE TRANSACTION 'a'", Postgres, Kind::TransactionControl),
        ("MERGE INTO a USING b ON c WHEN MATCHED THEN DELETE", Sqlite, Kind::Unknown),
        ("CREAT TABLE a (b INT)", Sqlite, Kind::Unknown),
        ("'a'", Postgres, Kind::Unknown),
        ("(", Sqlite, Kind::Unknown),
        ("(BEGIN", Postgres, Kind::Unknown),
        ("(DELETE FROM a)", Postgres, Kind::Unknown),
        ("(WITH a AS (DELETE FROM b) SELECT 1)", Postgres, Kind::Dml),
        ("WITH", Postgres, Kind::Query),
    ];
    for (sql, dialect, expected) in cases {
        assert_eq!(class(sql, dialect), expected, "{sql}");
    }
}

#[test]
fn first_words_are_sorted_capitals() {
    for dialect in Dialect::ALL {
        let words = Kind::first_words(dialect);
        assert!(words.is_sorted_by(|(one, _), (other, _)| one < other), "{dialect}");
        assert!(words.iter().all(|(word, _)| *word == word.to_ascii_uppercase()), "{dialect}");
        assert!(words.iter().all(|(_, class)| *class != Kind::Unknown), "{dialect}");
    }
}
