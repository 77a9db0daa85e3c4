use Dialect::{Mysql, Postgres, Sqlite};
use EffectKind::{Altered, Created, Dropped, Read, Renamed, Written};

use super::*;
use crate::statement::split;

/// A statement, and what it touches.
type Case = (&'static str, Dialect, &'static [(EffectKind, &'static str)]);

fn objects(sql: &str, dialect: Dialect) -> Vec<(EffectKind, &str)> {
    let statements = split(sql, dialect).unwrap();
    assert_eq!(statements.len(), 1, "{sql}");
    let objects = statements[0].effects();
    objects.iter().map(|object| (object.action, object.name.text())).collect()
}

#[test]
fn what_ddl_touches() {
    let cases: &[Case] = &[
        ("CREATE TABLE a.b (c INT)", Postgres, &[(Created, "a.b")]),
        ("CREATE TABLE a PARTITION OF b DEFAULT", Postgres, &[(Created, "a"), (Altered, "b")]),
        ("CREATE INDEX a ON b (c)", Sqlite, &[(Created, "a"), (Altered, "b")]),
        ("CREATE INDEX ON b (c)", Postgres, &[(Altered, "b")]),
        ("ALTER TABLE a ATTACH PARTITION b DEFAULT", Postgres, &[(Altered, "a"), (Altered, "b")]),
        ("DROP VIEW a, \"b\"", Postgres, &[(Dropped, "a"), (Dropped, "\"b\"")]),
        ("DROP TRIGGER a ON b", Postgres, &[(Dropped, "a"), (Altered, "b")]),
        ("ALTER TYPE a ADD VALUE 'b'", Postgres, &[(Altered, "a")]),
        ("RENAME TABLE a TO b, c TO d", Mysql, &[(Renamed, "a"), (Renamed, "c")]),
        ("SELECT a INTO TEMP TABLE b FROM c", Postgres, &[(Created, "b"), (Read, "c")]),
        ("GRANT SELECT ON a TO b", Postgres, &[]),
    ];
    for (sql, dialect, expected) in cases {
        assert_eq!(objects(sql, *dialect), *expected, "{sql}");
    }
}

#[test]
fn what_changes_of_rows_touch() {
    let cases: &[Case] = &[
        ("INSERT INTO a (b, c) VALUES (1, 2)", Postgres, &[(Written, "a")]),
        (
            "INSERT OR REPLACE INTO a SELECT * FROM b, c",
            Sqlite,
            &[(Written, "a"), (Read, "b"), (Read, "c")],
        ),
        (
            "INSERT INTO a VALUES (1) ON CONFLICT (b) DO UPDATE SET c = 1",
            Postgres,
            &[(Written, "a")],
        ),
        ("INSERT INTO a VALUES (1) ON DUPLICATE KEY UPDATE b = 1", Mysql, &[(Written, "a")]),
        (
            "UPDATE ONLY a SET b = 1 FROM c WHERE d IS DISTINCT FROM e",
            Postgres,
            &[(Written, "a"), (Read, "c")],
        ),
        ("UPDATE OR IGNORE a SET b = 1", Sqlite, &[(Written, "a")]),
        (
            "UPDATE LOW_PRIORITY `a`.`b`, c SET d = 1",
            Mysql,
            &[(Written, "`a`.`b`"), (Written, "c")],
        ),
        ("DELETE FROM a USING b, c WHERE d", Postgres, &[(Written, "a"), (Read, "b"), (Read, "c")]),
        (
            "MERGE INTO a USING (SELECT 1 FROM b) c ON d WHEN MATCHED THEN UPDATE SET e = 1",
            Postgres,
            &[(Written, "a"), (Read, "b")],
        ),
        ("TRUNCATE TABLE a, b", Postgres, &[(Written, "a"), (Written, "b")]),
        ("TRUNCATE a", Mysql, &[(Written, "a")]),
        ("COPY a (b) FROM '/c'", Postgres, &[(Written, "a")]),
        ("LOAD DATA INFILE 'a' INTO TABLE b", Mysql, &[(Written, "b")]),
        (
            "WITH a AS (DELETE FROM b RETURNING c), d (e) AS MATERIALIZED (SELECT 1) INSERT INTO f SELECT * FROM a, d",
            Postgres,
            &[(Written, "b"), (Written, "f")],
        ),
    ];
    for (sql, dialect, expected) in cases {
        assert_eq!(objects(sql, *dialect), *expected, "{sql}");
    }
}

#[test]
fn what_queries_touch() {
    let cases: &[Case] = &[
        (
            "SELECT a FROM b x, c AS y JOIN (d JOIN e USING (f)) ON g, h",
            Postgres,
            &[(Read, "b"), (Read, "c"), (Read, "d"), (Read, "e"), (Read, "h")],
        ),
        (
            "SELECT a FROM b WHERE c IN (SELECT d FROM e) ORDER BY f, g",
            Postgres,
            &[(Read, "b"), (Read, "e")],
        ),
        ("SELECT extract(year FROM a), trim(both from b) FROM c", Postgres, &[(Read, "c")]),
        (
            "SELECT * FROM generate_series(1, 2) a, LATERAL (SELECT 1 FROM b) c",
            Postgres,
            &[(Read, "b")],
        ),
        ("SELECT 1 FROM a FOR UPDATE", Postgres, &[(Read, "a")]),
        ("(SELECT 1 FROM a) UNION (TABLE b)", Postgres, &[(Read, "a"), (Read, "b")]),
        ("SELECT from_unixtime FROM a, a LIMIT 1, 2", Mysql, &[(Read, "a")]),
        ("SELECT 1", Sqlite, &[]),
    ];
    for (sql, dialect, expected) in cases {
        assert_eq!(objects(sql, *dialect), *expected, "{sql}");
    }
}

#[test]
fn what_ends_with_the_session() {
    let cases = [
        ("CREATE TEMP TABLE a (b INT)", Postgres),
        ("CREATE FUNCTION pg_temp.a() RETURNS int LANGUAGE sql AS 'SELECT 1'", Postgres),
        ("SELECT 1 INTO TEMP a", Postgres),
        ("DROP TABLE temp.a", Sqlite),
        ("DROP TEMPORARY TABLE a", Mysql),
    ];
    for (sql, dialect) in cases {
        assert!(split(sql, dialect).unwrap()[0].effects()[0].temporary, "{sql}");
    }
    assert!(!split("DROP TABLE a", Mysql).unwrap()[0].effects()[0].temporary);
}
