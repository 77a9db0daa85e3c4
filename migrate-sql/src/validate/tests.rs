use Dialect::{Mysql, Postgres, Sqlite};

use super::*;
use crate::migration::Direction;
use crate::text::Dialect;

fn found(sql: &str, context: SqlContext) -> Vec<(&'static str, usize)> {
    validate(sql, context).iter().map(|fault| (fault.code(), fault.offset())).collect()
}

fn schema(dialect: Dialect) -> SqlContext {
    SqlContext::new(dialect)
}

fn data(dialect: Dialect) -> SqlContext {
    SqlContext { kind: Kind::Data, ..schema(dialect) }
}

#[test]
fn each_statement_has_its_most_telling_fault() {
    let sql = "COMMIT; COPY a FROM STDIN; SELCET 1; INSERT INTO a VALUES (1); VACUUM; SELECT 1";
    let codes: Vec<_> = found(sql, schema(Postgres));
    assert_eq!(
        codes,
        [
            ("transaction-control", 0),
            ("copy-from-stdin", 8),
            ("unknown-word", 27),
            ("mixed", 37),
            ("needs-no-transaction", 63)
        ]
    );
    // An index that is made concurrently is, first of all, no data migration's.
    assert_eq!(found("CREATE INDEX CONCURRENTLY a ON b (c)", data(Postgres)), [("mixed", 0)]);
}

#[test]
fn an_incomplete_text_has_one_fault() {
    assert_eq!(found("SELCET 1; SELECT 'a", schema(Sqlite)), [("incomplete", 17)]);
}

#[test]
fn ddl_and_dml_are_kept_apart() {
    for dialect in Dialect::ALL {
        let ddl = "CREATE TABLE a (b INT)";
        let dml = "UPDATE a SET b = 1";
        assert_eq!(found(ddl, schema(dialect)), []);
        assert_eq!(found(dml, data(dialect)), []);
        assert_eq!(found(ddl, data(dialect)), [("mixed", 0)]);
        assert_eq!(found(dml, schema(dialect)), [("mixed", 0)]);
        let down = SqlContext { direction: Direction::Down, ..schema(dialect) };
        assert_eq!(found(dml, down), [("mixed", 0)]);
    }
    let neither = "SELECT 1; SET a = 1; ANALYZE; DO $$ $$; EXPLAIN SELECT 1";
    assert_eq!(found(neither, schema(Postgres)), []);
    assert_eq!(found(neither, data(Postgres)), []);
    let fault = &validate("WITH a AS (SELECT 1) DELETE FROM b", schema(Postgres))[0];
    assert_eq!(fault.to_string(), "statement 1 is DML, `WITH ... DELETE`, in a schema migration");
    let fault = &validate("\n;create unique index a on b (c)", data(Mysql))[0];
    assert_eq!(fault.to_string(), "statement 1 is DDL, `CREATE UNIQUE INDEX`, in a data migration");
}

#[test]
fn a_data_migration_may_use_temporary_tables() {
    let fine = [
        (
            "CREATE TEMP TABLE a (b INT); CREATE INDEX c ON a (b); DROP INDEX c; ALTER TABLE A ADD d INT; DROP TABLE a",
            Postgres,
        ),
        ("SELECT 1 INTO TEMP a; DROP TABLE a", Postgres),
        ("CREATE TABLE pg_temp.a (b INT); DROP TABLE pg_temp.a", Postgres),
        ("CREATE TEMPORARY TABLE a (b INT); DROP TEMPORARY TABLE IF EXISTS a", Mysql),
        ("CREATE TEMPORARY TABLE a.b (c INT); DROP TABLE `a`.`b`", Mysql),
        ("CREATE TEMP TRIGGER a AFTER INSERT ON b BEGIN SELECT 1; END", Sqlite),
        ("CREATE TEMP VIEW a AS SELECT 1; DROP VIEW a", Sqlite),
        ("CREATE TEMP TABLE a AS SELECT b FROM c", Sqlite),
    ];
    for (sql, dialect) in fine {
        assert_eq!(found(sql, data(dialect)), [], "{sql}");
    }
    let mixed = [
        ("CREATE TEMP TABLE a (b INT); DROP TABLE a; DROP TABLE a", Postgres, 43),
        ("CREATE TEMP TABLE a (b INT); DROP TABLE c.a", Postgres, 29),
        ("CREATE TEMP TABLE a (b INT); DROP TABLE a, b", Postgres, 29),
        ("DROP TABLE a", Mysql, 0),
        ("SELECT 1 INTO a", Postgres, 0),
        ("CREATE INDEX a ON b (c)", Sqlite, 0),
        ("GRANT SELECT ON a TO b", Postgres, 0),
    ];
    for (sql, dialect, offset) in mixed {
        assert_eq!(found(sql, data(dialect)), [("mixed", offset)], "{sql}");
    }
}

#[test]
fn a_table_made_anew_on_sqlite_takes_the_rows_of_the_old_one() {
    let copy = "CREATE TABLE a (b INT); INSERT INTO a (b) SELECT b FROM c; DROP TABLE c";
    assert_eq!(found(copy, schema(Sqlite)), []);
    assert_eq!(found(copy, schema(Postgres)), [("mixed", 24)]);
    for fresh in [
        "CREATE TABLE a (b INT); INSERT INTO a VALUES (1)",
        "CREATE TABLE c (b INT); INSERT INTO a SELECT b FROM c",
        "CREATE TABLE a (b INT); DELETE FROM a",
    ] {
        assert_eq!(found(fresh, schema(Sqlite)), [("mixed", 24)], "{fresh}");
    }
}

#[test]
fn a_first_word_that_begins_nothing() {
    let fault = &validate("  creat table a (b int)", schema(Mysql))[0];
    assert_eq!(fault.to_string(), "statement 1 begins with `creat`, which is no statement");
    assert_eq!(fault.hint().as_deref(), Some("did you mean `CREATE`?"));
    assert_eq!(fault.offset(), 2);
    assert_eq!(found("((foo", schema(Sqlite)), [("unknown-word", 2)]);
    assert_eq!(validate("blah blah", schema(Postgres))[0].hint(), None);
    let unparsed = SqlContext { parse: false, ..schema(Mysql) };
    assert_eq!(found("CREAT TABLE a (b INT)", unparsed), []);
}

#[test]
fn without_a_transaction_all_may_run() {
    let outside = SqlContext { transaction: false, ..schema(Postgres) };
    assert_eq!(found("VACUUM; CREATE INDEX CONCURRENTLY a ON b (c)", outside), []);
}
