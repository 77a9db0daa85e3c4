//! What is read of statements, a line each: `+` is to be there, `-` to be gone.

use migrate_sql::split;

use super::*;

fn read(sql: &str, dialect: Dialect) -> String {
    let statements = split(sql, dialect).unwrap();
    assert_eq!(statements.len(), 1, "{sql}");
    match Reading::of(&statements[0]) {
        Reading::Repeatable => "again".to_owned(),
        Reading::Silent => "?".to_owned(),
        Reading::Atomic { facts, only_if } => {
            let fact =
                |fact: &Fact| format!("{}{}", if fact.there { '+' } else { '-' }, fact.thing);
            let facts = facts.iter().map(fact).collect::<Vec<_>>().join(" ");
            facts + &only_if.map(|thing| format!(" only if {thing}")).unwrap_or_default()
        }
        Reading::OneByOne { words, things } => {
            let things: Vec<_> = things.iter().map(ToString::to_string).collect();
            format!("one by one {words}: {}", things.join(" "))
        }
        Reading::Concurrent(Concurrent::Build { table, name }) => {
            format!("build {} of {}", name.as_deref().unwrap_or("?"), table.text())
        }
        Reading::Concurrent(Concurrent::Rebuild(scope)) => format!("rebuild {scope:?}"),
        Reading::Concurrent(Concurrent::Detach { parent, partition }) => {
            format!("detach {} from {}", partition.text(), parent.text())
        }
    }
}

fn all(dialect: Dialect, forms: &[(&str, &str)]) {
    for (sql, expected) in forms {
        assert_eq!(read(sql, dialect).replace('`', ""), *expected, "{sql}");
    }
}

#[test]
fn tables_and_what_they_hold() {
    all(
        Dialect::Mysql,
        &[
            (
                "CREATE TABLE a (b INT, `c d` INT, KEY (b))",
                "+table a +column b of a +column c d of a",
            ),
            ("CREATE TABLE s.a (b INT)", "+table s.a +column b of s.a"),
            ("CREATE TABLE a LIKE b", "+table a"),
            ("CREATE TABLE a AS SELECT 1", "+table a"),
            ("CREATE TABLE IF NOT EXISTS a (b INT)", "again"),
            ("CREATE OR REPLACE TABLE a (b INT)", "?"),
            ("CREATE TEMPORARY TABLE a (b INT)", "?"),
            ("DROP TABLE a", "-table a"),
            ("DROP TABLE IF EXISTS a, b", "again"),
            ("DROP TABLE a, s.b", "one by one TABLE: table a table s.b"),
            ("DROP TEMPORARY TABLE a", "?"),
            ("RENAME TABLE a TO b", "-table a +table b"),
            ("RENAME TABLE a TO s.b", "-table a +table s.b"),
            ("RENAME TABLE a TO a_old, a_new TO a", "+table a_old -table a_new"),
            ("RENAME TABLE a TO c, b TO a, c TO b", "?"),
            ("RENAME TABLE IF EXISTS a TO b", "-table a +table b only if table a"),
            ("TRUNCATE TABLE a", "?"),
        ],
    );
    all(
        Dialect::Postgres,
        &[
            ("CREATE TABLE Ab (CD int)", "+table ab +column cd of ab"),
            ("CREATE TABLE \"Ab\" (\"CD\" int)", "+table Ab +column CD of Ab"),
            ("CREATE TABLE ÄB (c int)", "+table Äb +column c of Äb"),
            ("CREATE TABLE U&\"\\0061\" (c int)", "?"),
            ("CREATE UNLOGGED TABLE a (b int)", "+table a +column b of a"),
            ("CREATE TEMP TABLE a (b int)", "?"),
            ("CREATE FOREIGN TABLE a (b int) SERVER s", "+foreign table a +column b of a"),
            ("CREATE TABLE a PARTITION OF b FOR VALUES IN (1)", "+table a"),
            ("DROP TABLE a, b", "-table a -table b"),
            ("ALTER TABLE s.a RENAME TO b", "-table s.a +table s.b"),
            ("ALTER TABLE a SET SCHEMA s", "-table a +table s.a"),
            ("ALTER TABLE s.a SET SCHEMA t", "-table s.a +table t.a"),
            ("ALTER TABLE IF EXISTS a RENAME TO b", "-table a +table b only if table a"),
            ("ALTER VIEW a RENAME TO b", "-view a +view b"),
            ("ALTER INDEX s.a RENAME TO b", "-index s.a +index s.b"),
        ],
    );
    all(Dialect::Sqlite, &[("ALTER TABLE aux.a RENAME TO b", "-table aux.a +table aux.b")]);
}

#[test]
fn names_are_cut_where_postgresql_cuts_them() {
    let long = "ä".repeat(40);
    let expected = format!("build {} of a", "ä".repeat(31));
    let sql = format!("CREATE INDEX CONCURRENTLY \"{long}\" ON a (b)");
    assert_eq!(read(&sql, Dialect::Postgres), expected);
}

#[test]
fn actions_on_columns() {
    all(
        Dialect::Mysql,
        &[
            ("ALTER TABLE a ADD COLUMN b INT", "+column b of a"),
            ("ALTER TABLE a ADD b INT, ADD c INT", "+column b of a +column c of a"),
            ("ALTER TABLE a ADD (b INT, c INT DEFAULT (1 + 2))", "+column b of a +column c of a"),
            ("ALTER TABLE a ADD COLUMN (b INT, KEY (b))", "+column b of a"),
            ("ALTER TABLE a ADD COLUMN IF NOT EXISTS b INT", "again"),
            ("ALTER TABLE a ADD COLUMN IF NOT EXISTS b INT, ADD COLUMN c INT", "+column c of a"),
            ("ALTER TABLE a DROP COLUMN b", "-column b of a"),
            ("ALTER TABLE a DROP COLUMN IF EXISTS b", "again"),
            ("ALTER TABLE a DROP COLUMN b, ADD COLUMN b TEXT", "?"),
            ("ALTER TABLE a CHANGE b c INT", "-column b of a +column c of a"),
            ("ALTER TABLE a CHANGE b B BIGINT", "again"),
            ("ALTER TABLE a CHANGE b c INT, CHANGE c b INT", "?"),
            ("ALTER TABLE a MODIFY b BIGINT", "again"),
            ("ALTER TABLE a MODIFY b BIGINT UNIQUE", "?"),
            ("ALTER TABLE a MODIFY b BIGINT AUTO_INCREMENT PRIMARY KEY", "+primary key of a"),
            ("ALTER TABLE a RENAME COLUMN b TO c", "-column b of a +column c of a"),
            ("ALTER TABLE a ALTER b SET DEFAULT 1", "again"),
            ("ALTER TABLE a ALTER COLUMN b DROP DEFAULT, ALGORITHM=INSTANT", "again"),
        ],
    );
}

#[test]
fn actions_on_keys() {
    all(
        Dialect::Mysql,
        &[
            ("ALTER TABLE a ADD INDEX i (b), ALGORITHM=INPLACE, LOCK=NONE", "+index i of a"),
            ("ALTER TABLE a ADD UNIQUE KEY i (b)", "+index i of a"),
            ("ALTER TABLE a ADD INDEX (b)", "?"),
            ("ALTER TABLE a ADD INDEX (b), ADD COLUMN c INT", "+column c of a"),
            ("ALTER TABLE a ADD INDEX IF NOT EXISTS i (b)", "again"),
            ("ALTER TABLE a DROP INDEX i", "-index i of a"),
            ("ALTER TABLE a DROP INDEX IF EXISTS i", "again"),
            ("ALTER TABLE a DROP INDEX i, ADD INDEX i (b, c)", "?"),
            ("ALTER TABLE a DROP INDEX i, ADD INDEX I (b, c), ADD INDEX j (c)", "+index j of a"),
            ("ALTER TABLE a RENAME INDEX i TO j", "-index i of a +index j of a"),
            ("ALTER TABLE a ADD PRIMARY KEY (b)", "+primary key of a"),
            ("ALTER TABLE a DROP PRIMARY KEY", "-primary key of a"),
            ("ALTER TABLE a DROP PRIMARY KEY, ADD PRIMARY KEY (c)", "?"),
            (
                "ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES c (d)",
                "+foreign key f of a",
            ),
            ("ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c (d)", "?"),
            ("ALTER TABLE a DROP FOREIGN KEY f", "-foreign key f of a"),
            ("ALTER TABLE a ADD CONSTRAINT k CHECK (b > 0)", "+check constraint k of a"),
            ("ALTER TABLE a DROP CONSTRAINT k", "-constraint k of a"),
            ("ALTER TABLE a DROP CONSTRAINT IF EXISTS k", "again"),
        ],
    );
}

#[test]
fn actions_on_the_table_itself() {
    all(
        Dialect::Mysql,
        &[
            ("ALTER TABLE a RENAME TO b", "-table a +table b"),
            ("ALTER TABLE a ADD COLUMN c INT, RENAME b", "-table a +table b"),
            ("ALTER TABLE IF EXISTS a ADD COLUMN b INT", "+column b of a only if table a"),
            ("ALTER TABLE a ENGINE=InnoDB ROW_FORMAT=DYNAMIC", "again"),
            ("ALTER TABLE a ENGINE=InnoDB, ADD COLUMN b INT", "+column b of a"),
            ("ALTER TABLE a CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "again"),
            ("ALTER TABLE a DEFAULT CHARSET utf8mb4, COMMENT 'b'", "again"),
            ("ALTER TABLE a FORCE", "again"),
            ("ALTER TABLE a ORDER BY b", "again"),
            ("ALTER TABLE a ALTER INDEX i INVISIBLE", "again"),
            ("ALTER TABLE a PARTITION BY HASH (b) PARTITIONS 4", "again"),
            (
                "ALTER TABLE a ADD PARTITION (PARTITION p VALUES LESS THAN (1), PARTITION q VALUES LESS THAN MAXVALUE)",
                "+partition p of a +partition q of a",
            ),
            ("ALTER TABLE a ADD PARTITION PARTITIONS 2", "?"),
            ("ALTER TABLE a DROP PARTITION p", "-partition p of a"),
            ("ALTER TABLE a DROP PARTITION IF EXISTS p", "again"),
            ("ALTER TABLE a TRUNCATE PARTITION p", "?"),
            ("ALTER TABLE a COALESCE PARTITION 2", "?"),
            ("ALTER TABLE a EXCHANGE PARTITION p WITH TABLE b", "?"),
            ("ALTER TABLE a REMOVE PARTITIONING", "?"),
            ("ALTER TABLE a CONVERT PARTITION p TO TABLE b", "?"),
            ("ALTER TABLE a IMPORT TABLESPACE", "?"),
            ("ALTER TABLE a ADD SYSTEM VERSIONING", "?"),
        ],
    );
    all(
        Dialect::Postgres,
        &[
            ("ALTER TABLE a ADD CONSTRAINT k UNIQUE (b)", "+constraint k of a"),
            (
                "ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES c NOT VALID",
                "+foreign key f of a",
            ),
            ("ALTER TABLE a VALIDATE CONSTRAINT f", "again"),
            ("ALTER TABLE a RENAME CONSTRAINT k TO l", "-constraint k of a +constraint l of a"),
            ("ALTER TABLE a ALTER b TYPE bigint", "again"),
            ("ALTER TABLE a ALTER b TYPE bigint USING b * 2", "?"),
            ("ALTER TABLE a ALTER b SET NOT NULL", "again"),
            ("ALTER TABLE a ENABLE ROW LEVEL SECURITY", "again"),
            ("ALTER TABLE a OWNER TO b", "again"),
            ("ALTER TABLE a ATTACH PARTITION b FOR VALUES IN (1)", "+partition b of a"),
            ("ALTER TABLE a DETACH PARTITION b", "-partition b of a"),
            ("ALTER TABLE a DETACH PARTITION b FINALIZE", "-partition b of a"),
            ("ALTER TABLE a DETACH PARTITION s.b CONCURRENTLY", "detach s.b from a"),
            ("ALTER SEQUENCE a RESTART", "?"),
            ("ALTER SEQUENCE a INCREMENT 2", "again"),
        ],
    );
}

#[test]
fn indexes() {
    all(
        Dialect::Postgres,
        &[
            ("CREATE INDEX i ON s.a (b)", "+index i of s.a"),
            ("CREATE INDEX ON a (b)", "?"),
            ("CREATE INDEX IF NOT EXISTS i ON a (b)", "again"),
            ("CREATE UNIQUE INDEX CONCURRENTLY i ON ONLY s.a (b)", "build i of s.a"),
            ("CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON a (b)", "build i of a"),
            ("CREATE INDEX CONCURRENTLY ON a (b)", "build ? of a"),
            ("DROP INDEX CONCURRENTLY s.i", "-index s.i"),
            ("DROP INDEX CONCURRENTLY IF EXISTS i", "again"),
            ("REINDEX TABLE a", "again"),
            (
                "REINDEX (VERBOSE) INDEX CONCURRENTLY s.i",
                "rebuild Index(Place { schema: Some(\"s\"), name: \"i\" })",
            ),
            (
                "REINDEX (CONCURRENTLY, VERBOSE) TABLE a",
                "rebuild Table(Place { schema: None, name: \"a\" })",
            ),
            ("REINDEX SCHEMA CONCURRENTLY s", "rebuild Schema(\"s\")"),
            ("REINDEX DATABASE CONCURRENTLY d", "rebuild Database"),
        ],
    );
    all(
        Dialect::Mysql,
        &[
            ("CREATE UNIQUE INDEX i ON a (b)", "+index i of a"),
            ("CREATE OR REPLACE INDEX i ON a (b)", "again"),
            ("DROP INDEX i ON a", "-index i of a"),
        ],
    );
}

#[test]
fn other_objects_of_postgresql() {
    all(
        Dialect::Postgres,
        &[
            ("CREATE VIEW a AS SELECT 1", "+view a"),
            ("CREATE OR REPLACE VIEW a AS SELECT 1", "again"),
            ("CREATE MATERIALIZED VIEW a AS SELECT 1", "+materialized view a"),
            ("CREATE SEQUENCE a", "+sequence a"),
            ("CREATE TYPE a AS ENUM ('b')", "+type a"),
            ("ALTER TYPE a ADD VALUE 'it''s'", "+value it's of a"),
            ("ALTER TYPE a ADD VALUE IF NOT EXISTS 'b'", "again"),
            ("ALTER TYPE a ADD VALUE E'\\x61'", "?"),
            ("ALTER TYPE a RENAME VALUE 'b' TO 'c'", "-value b of a +value c of a"),
            ("CREATE DOMAIN a AS int", "+domain a"),
            (
                "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f()",
                "+trigger t of a",
            ),
            ("DROP POLICY p ON a", "-policy p of a"),
            ("CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'", "+function f"),
            ("CREATE DATABASE d", "+database d"),
            ("DROP DATABASE d WITH (FORCE)", "-database d"),
            ("CREATE TABLESPACE t LOCATION '/t'", "+tablespace t"),
            ("CREATE SUBSCRIPTION s CONNECTION 'c' PUBLICATION p", "+subscription s"),
            ("DROP SUBSCRIPTION s", "-subscription s"),
            ("CREATE SCHEMA s", "+schema s"),
            ("CREATE ROLE r", "+role r"),
            ("CREATE EXTENSION IF NOT EXISTS citext", "again"),
            ("DROP SCHEMA IF EXISTS s CASCADE", "again"),
        ],
    );
}

#[test]
fn other_objects_of_mysql_and_sqlite() {
    all(
        Dialect::Mysql,
        &[
            ("CREATE VIEW a AS SELECT 1", "+view a"),
            ("ALTER VIEW a AS SELECT 1, 2", "again"),
            ("CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET @b = 1", "+trigger t of a"),
            ("DROP TRIGGER s.t", "-trigger s.t"),
            ("CREATE PROCEDURE p() SELECT 1", "+procedure p"),
            ("CREATE FUNCTION f() RETURNS INT RETURN 1", "+function f"),
            ("CREATE FUNCTION f RETURNS INTEGER SONAME 'f.so'", "?"),
            ("CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1", "+event e"),
            ("CREATE EVENT e ON SCHEDULE AT '2030-01-01' DO SELECT 1", "?"),
            ("ALTER EVENT e RENAME TO f", "-event e +event f"),
            ("ALTER EVENT e DISABLE", "again"),
            ("ALTER EVENT e ON SCHEDULE EVERY 1 DAY RENAME TO f", "?"),
            ("CREATE SEQUENCE s", "+sequence s"),
            ("ALTER SEQUENCE s RESTART 1", "?"),
            ("CREATE DATABASE d", "+database d"),
            ("DROP SCHEMA d", "-schema d"),
            ("DROP VIEW a, b", "one by one VIEW: view a view b"),
            ("CREATE USER u", "?"),
            ("CREATE USER IF NOT EXISTS u", "again"),
            ("DROP ROLE r", "?"),
        ],
    );
    all(
        Dialect::Sqlite,
        &[
            ("CREATE TABLE a (b)", "+table a +column b of a"),
            ("CREATE VIRTUAL TABLE a USING fts5(b)", "+table a"),
            ("ALTER TABLE a ADD COLUMN b", "+column b of a"),
            ("ALTER TABLE a RENAME b TO c", "-column b of a +column c of a"),
            ("DROP INDEX i", "-index i"),
        ],
    );
}

#[test]
fn what_makes_and_removes_nothing() {
    let postgres = [
        "VACUUM FULL a",
        "ALTER SYSTEM SET a = 1",
        "CLUSTER",
        "DISCARD ALL",
        "SET a = 1",
        "ALTER DATABASE a SET TABLESPACE b",
        "ALTER SUBSCRIPTION a REFRESH PUBLICATION",
        "ALTER SUBSCRIPTION a SET PUBLICATION b",
        "REVOKE ALL ON a FROM b",
        "REINDEX SYSTEM a",
    ];
    all(Dialect::Postgres, &postgres.map(|sql| (sql, "again")));
    let untold =
        ["CALL a()", "DO 'SELECT 1'", "ALTER SUBSCRIPTION a ADD PUBLICATION b", "SELECT 1"];
    all(Dialect::Postgres, &untold.map(|sql| (sql, "?")));
    let mysql = [
        "ANALYZE TABLE a",
        "OPTIMIZE TABLE a",
        "SET GLOBAL a = 1",
        "GRANT SELECT ON a TO b",
        "REVOKE SELECT ON *.* FROM b",
        "REVOKE ALL PRIVILEGES, GRANT OPTION FROM b",
        "ALTER DATABASE a CHARACTER SET utf8mb4",
        "ALTER USER a IDENTIFIED BY 'b'",
        "FLUSH TABLES",
        "SET STATEMENT max_statement_time = 0 FOR ANALYZE TABLE a",
    ];
    all(Dialect::Mysql, &mysql.map(|sql| (sql, "again")));
    let untold = [
        "CALL a()",
        "REVOKE SELECT ON a FROM b",
        "INSTALL SONAME 'a'",
        "RENAME USER a TO b",
        "ALTER USER a IDENTIFIED BY 'b' RETAIN CURRENT PASSWORD",
        "SET STATEMENT max_statement_time = 0 FOR CALL a()",
    ];
    all(Dialect::Mysql, &untold.map(|sql| (sql, "?")));
    let inner = "SET STATEMENT max_statement_time = 0 FOR ALTER TABLE a ADD COLUMN b INT";
    all(Dialect::Mysql, &[(inner, "+column b of a")]);
    let sqlite = ["VACUUM", "PRAGMA journal_mode = WAL", "ATTACH 'a' AS b", "REINDEX a"];
    all(Dialect::Sqlite, &sqlite.map(|sql| (sql, "again")));
    all(Dialect::Sqlite, &[("VACUUM INTO 'a'", "?")]);
}
