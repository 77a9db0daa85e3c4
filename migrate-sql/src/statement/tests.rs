use Dialect::{Mysql, Postgres, Sqlite};

use super::*;
use crate::statement::split;

fn one(sql: &str, dialect: Dialect) -> Statement<'_> {
    let mut statements = split(sql, dialect).unwrap();
    assert_eq!(statements.len(), 1, "{sql}");
    statements.swap_remove(0)
}

#[test]
fn transaction_control() {
    let cases = [
        ("begin", Postgres, Some("BEGIN")),
        ("/* a */ Start Transaction read only", Postgres, Some("START TRANSACTION")),
        ("COMMIT PREPARED 'a'", Postgres, Some("COMMIT PREPARED")),
        ("ROLLBACK PREPARED 'a'", Postgres, Some("ROLLBACK PREPARED")),
        ("ROLLBACK TO a", Postgres, Some("ROLLBACK")),
        ("ABORT", Postgres, Some("ABORT")),
        ("RELEASE a", Postgres, Some("RELEASE")),
        ("SET TRANSACTION READ ONLY", Postgres, None),
        ("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", Postgres, None),
        ("DO $$ BEGIN END $$", Postgres, None),
        ("BEGIN", Mysql, Some("BEGIN")),
        ("BEGIN WORK", Mysql, Some("BEGIN")),
        ("START SLAVE", Mysql, None),
        ("/*!40000 COMMIT */", Mysql, Some("COMMIT")),
        ("XA START 'a'", Mysql, Some("XA")),
        ("SET autocommit=0", Mysql, Some("SET autocommit")),
        ("SET NAMES utf8, @@session.AUTOCOMMIT := 0", Mysql, Some("SET autocommit")),
        ("SET SESSION `autocommit` = 0", Mysql, Some("SET autocommit")),
        ("SET @a = @@autocommit", Mysql, None),
        ("LOCK TABLES a WRITE", Mysql, Some("LOCK TABLES")),
        ("UNLOCK TABLES", Mysql, Some("UNLOCK TABLES")),
        ("LOCK INSTANCE FOR BACKUP", Mysql, None),
        ("BEGIN NOT ATOMIC SELECT 1; COMMIT; END", Mysql, Some("COMMIT")),
        ("BEGIN NOT ATOMIC SELECT commit FROM a; END", Mysql, None),
        ("IF a THEN ROLLBACK; END IF", Mysql, Some("ROLLBACK")),
        ("CREATE PROCEDURE p() BEGIN COMMIT; END", Mysql, None),
        ("END TRANSACTION", Sqlite, Some("END")),
        ("SAVEPOINT a", Sqlite, Some("SAVEPOINT")),
        ("CREATE TRIGGER a DELETE ON b BEGIN SELECT 1; END", Sqlite, None),
    ];
    for (sql, dialect, expected) in cases {
        assert_eq!(one(sql, dialect).transaction_control(), expected, "{sql}");
    }
}

#[test]
fn copies_from_stdin() {
    for sql in [
        "COPY a FROM STDIN",
        "copy a.b (c, d) from stdin (format csv)",
        "COPY a (\"from\") FROM stdin BINARY",
    ] {
        assert!(one(sql, Postgres).copies_from_stdin(), "{sql}");
    }
    for sql in ["COPY a FROM '/b'", "COPY (SELECT 1 FROM stdin) TO STDOUT", "SELECT 1 FROM stdin"] {
        assert!(!one(sql, Postgres).copies_from_stdin(), "{sql}");
    }
}

#[test]
fn what_postgres_cannot_roll_back() {
    let cases = [
        ("CREATE INDEX CONCURRENTLY a ON b (c)", Some("CREATE INDEX CONCURRENTLY")),
        ("CREATE INDEX a ON b (concurrently)", None),
        ("DROP INDEX CONCURRENTLY IF EXISTS a", Some("DROP INDEX CONCURRENTLY")),
        ("REINDEX TABLE CONCURRENTLY a", Some("REINDEX CONCURRENTLY")),
        ("REINDEX (VERBOSE, CONCURRENTLY) INDEX a", Some("REINDEX CONCURRENTLY")),
        ("REINDEX (CONCURRENTLY false) INDEX a", None),
        ("REINDEX (VERBOSE) DATABASE a", Some("REINDEX DATABASE")),
        ("REINDEX SYSTEM", Some("REINDEX SYSTEM")),
        ("REINDEX TABLE a", None),
        ("VACUUM (FULL) a", Some("VACUUM")),
        ("CREATE DATABASE a", Some("CREATE DATABASE")),
        ("DROP DATABASE IF EXISTS a", Some("DROP DATABASE")),
        ("CREATE TABLESPACE a LOCATION 'b'", Some("CREATE TABLESPACE")),
        ("DROP TABLESPACE a", Some("DROP TABLESPACE")),
        ("ALTER SYSTEM SET a = 1", Some("ALTER SYSTEM")),
        ("ALTER DATABASE a SET TABLESPACE b", Some("ALTER DATABASE ... SET TABLESPACE")),
        ("ALTER DATABASE a SET b = 1", None),
        (
            "ALTER TABLE a DETACH PARTITION b CONCURRENTLY",
            Some("DETACH PARTITION ... CONCURRENTLY"),
        ),
        ("ALTER TABLE a DETACH PARTITION b", None),
        ("CREATE SUBSCRIPTION a CONNECTION 'b' PUBLICATION c", Some("CREATE SUBSCRIPTION")),
        ("CREATE SUBSCRIPTION a CONNECTION 'b' PUBLICATION c WITH (connect = false)", None),
        (
            "CREATE SUBSCRIPTION a CONNECTION 'b' PUBLICATION c WITH (create_slot = off, slot_name = 's')",
            None,
        ),
        ("DROP SUBSCRIPTION a", Some("DROP SUBSCRIPTION")),
        (
            "ALTER SUBSCRIPTION a REFRESH PUBLICATION",
            Some("ALTER SUBSCRIPTION ... REFRESH PUBLICATION"),
        ),
        ("ALTER SUBSCRIPTION a SET PUBLICATION b WITH (refresh = false)", None),
        ("ALTER SUBSCRIPTION a DISABLE", None),
        ("CLUSTER", Some("CLUSTER without a table")),
        ("CLUSTER (VERBOSE)", Some("CLUSTER without a table")),
        ("CLUSTER a USING b", None),
        ("DISCARD ALL", Some("DISCARD ALL")),
        ("DISCARD PLANS", None),
        ("CHECKPOINT", None),
        ("REFRESH MATERIALIZED VIEW CONCURRENTLY a", None),
        ("ALTER TYPE a ADD VALUE 'b'", None),
    ];
    for (sql, expected) in cases {
        assert_eq!(one(sql, Postgres).forbids_transaction(), expected, "{sql}");
    }
}

#[test]
fn what_sqlite_cannot_do_in_a_transaction() {
    let cases = [
        ("VACUUM", Some("VACUUM")),
        ("ATTACH 'a' AS b", Some("ATTACH")),
        ("PRAGMA journal_mode = WAL", Some("PRAGMA journal_mode")),
        ("pragma main.journal_mode(wal)", Some("PRAGMA journal_mode")),
        ("PRAGMA foreign_keys = on", Some("PRAGMA foreign_keys")),
        ("PRAGMA foreign_keys", None),
        ("PRAGMA user_version = 3", None),
        ("CREATE TABLE a (b)", None),
    ];
    for (sql, expected) in cases {
        assert_eq!(one(sql, Sqlite).forbids_transaction(), expected, "{sql}");
    }
    assert_eq!(one("VACUUM", Mysql).forbids_transaction(), None);
}

#[test]
fn what_mysql_commits() {
    let commits = [
        "ALTER TABLE a ADD b INT",
        "CREATE TABLE a (b INT)",
        "CREATE OR REPLACE VIEW a AS SELECT 1",
        "DROP TABLE a",
        "CREATE INDEX a ON b (c)",
        "TRUNCATE a",
        "RENAME TABLE a TO b",
        "GRANT ALL ON a TO b",
        "SET PASSWORD = 'a'",
        "SET autocommit = 1",
        "START TRANSACTION",
        "BEGIN",
        "LOCK TABLES a READ",
        "ANALYZE LOCAL TABLE a",
        "OPTIMIZE TABLE a",
        "CHECK TABLE a",
        "FLUSH TABLES",
        "LOAD INDEX INTO CACHE a",
        "CACHE INDEX a IN b",
        "STOP SLAVE",
        "RESET MASTER",
        "INSTALL PLUGIN a SONAME 'b'",
        "BEGIN NOT ATOMIC SELECT 1; END",
        "SET STATEMENT lock_wait_timeout = 1 FOR ALTER TABLE a ADD b INT",
        "/*!40000 ALTER TABLE a DISABLE KEYS */",
        "CREATE TRIGGER a BEFORE INSERT ON b FOR EACH ROW SET NEW.c = 1",
    ];
    for sql in commits {
        assert!(one(sql, Mysql).commits_implicitly(), "{sql}");
    }
    let open = [
        "CREATE TEMPORARY TABLE a (b INT)",
        "CREATE OR REPLACE TEMPORARY TABLE a (b INT)",
        "DROP TEMPORARY TABLE a",
        "INSERT INTO a VALUES (1)",
        "SET @a = 1",
        "LOAD DATA INFILE 'a' INTO TABLE b",
        "ANALYZE SELECT 1",
        "COMMIT",
        "DROP PREPARE a",
        "RESET PERSIST",
        "SET STATEMENT a = 1 FOR SELECT 1",
        "SAVEPOINT a",
    ];
    for sql in open {
        assert!(!one(sql, Mysql).commits_implicitly(), "{sql}");
    }
    assert!(!one("CREATE TABLE a (b INT)", Postgres).commits_implicitly());
}

#[test]
fn what_stays_in_the_session() {
    let stays = [
        ("SET search_path TO a", Postgres),
        ("SET SESSION a.b = 1", Postgres),
        ("SET ROLE a", Postgres),
        ("RESET ALL", Postgres),
        ("DISCARD TEMP", Postgres),
        ("SELECT pg_catalog.set_config('search_path', '', false)", Postgres),
        ("SELECT \"set_config\"('a', 'b', false)", Postgres),
        ("DO $$ BEGIN PERFORM set_config('a', 'b', false); END $$", Postgres),
        ("DO LANGUAGE plpgsql $a$ BEGIN IF b THEN SET c = 1; END IF; END $a$", Postgres),
        ("SET NAMES utf8", Mysql),
        ("SET @a = 1", Mysql),
        ("USE a", Mysql),
        ("BEGIN NOT ATOMIC SELECT 1; SET @a = 1; END", Mysql),
        ("PRAGMA foreign_keys = off", Sqlite),
        ("DETACH a", Sqlite),
    ];
    for (sql, dialect) in stays {
        assert!(one(sql, dialect).sets_session(), "{sql}");
    }
    let goes = [
        ("SET LOCAL search_path TO a", Postgres),
        ("SET CONSTRAINTS ALL DEFERRED", Postgres),
        ("SET TRANSACTION READ ONLY", Postgres),
        ("UPDATE a SET b = 1", Postgres),
        ("SELECT 'set_config'", Postgres),
        ("DO $$ BEGIN UPDATE a SET b = 1; SET LOCAL c = 1; END $$", Postgres),
        (
            "CREATE FUNCTION f() RETURNS int SET search_path = a BEGIN ATOMIC SELECT 1; END",
            Postgres,
        ),
        ("SET PASSWORD = 'a'", Mysql),
        ("SET STATEMENT a = 1 FOR SELECT 1", Mysql),
        ("CREATE PROCEDURE p() BEGIN SET @a = 1; END", Mysql),
        ("SELECT 1", Sqlite),
    ];
    for (sql, dialect) in goes {
        assert!(!one(sql, dialect).sets_session(), "{sql}");
    }
}
