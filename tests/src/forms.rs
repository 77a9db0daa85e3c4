//! Statements of every form whose traces in the catalog are checked, on each engine.

/// A statement and its requirements.
pub(crate) struct Form {
    /// SQL to run before.
    pub(crate) given: &'static str,
    pub(crate) statement: &'static str,
    pub(crate) outcome: Outcome,
    /// SQL that removes what it leaves outside of its database.
    pub(crate) undo: &'static str,
}

/// What the catalog can tell about it.
#[derive(Clone, Copy)]
pub(crate) enum Outcome {
    /// Not done before, done after.
    Seen,
    /// It can be run again.
    Repeatable,
    /// Only that it was not done: its result could have existed before.
    NotDoneOnly,
    /// Only that it was done: what existed before could still exist afterwards.
    DoneOnly,
    /// Nothing.
    Unseen,
}

const fn seen(given: &'static str, statement: &'static str) -> Form {
    Form { given, statement, outcome: Outcome::Seen, undo: "SELECT 1" }
}

const fn again(given: &'static str, statement: &'static str) -> Form {
    Form { given, statement, outcome: Outcome::Repeatable, undo: "SELECT 1" }
}

const fn unseen(given: &'static str, statement: &'static str) -> Form {
    Form { given, statement, outcome: Outcome::Unseen, undo: "SELECT 1" }
}

impl Form {
    const fn told(self, outcome: Outcome) -> Self {
        Self { outcome, ..self }
    }

    const fn undone_by(self, undo: &'static str) -> Self {
        Self { undo, ..self }
    }
}

const A: &str = "CREATE TABLE a (b INT NOT NULL, c INT)";
const A_INDEXED: &str = "CREATE TABLE a (b INT NOT NULL, c INT); CREATE INDEX i ON a (b)";

pub(crate) const SQLITE: &[Form] = &[
    seen("", "CREATE TABLE a (b INT, \"C d\" TEXT)"),
    seen("", "CREATE TABLE main.a AS SELECT 1 AS b"),
    again("", "CREATE TABLE IF NOT EXISTS a (b INT)"),
    seen(A, "DROP TABLE a"),
    again(A, "DROP TABLE IF EXISTS a"),
    seen(A, "ALTER TABLE a RENAME TO d"),
    seen(A, "ALTER TABLE A ADD COLUMN d INT"),
    seen(A, "ALTER TABLE a ADD COLUMN d INT GENERATED ALWAYS AS (b + 1) VIRTUAL"),
    seen(A, "ALTER TABLE a DROP COLUMN C"),
    seen(A, "ALTER TABLE a RENAME COLUMN b TO d"),
    seen(A, "CREATE UNIQUE INDEX i ON a (b)"),
    seen(A_INDEXED, "DROP INDEX I"),
    seen(A, "CREATE VIEW v AS SELECT b FROM a"),
    seen("CREATE VIEW v AS SELECT 1", "DROP VIEW v"),
    seen(A, "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END"),
    seen("", "CREATE VIRTUAL TABLE a USING fts5(b)"),
    again("", "VACUUM"),
    again("", "PRAGMA user_version = 7"),
    again(A_INDEXED, "REINDEX a"),
    again(A, "ANALYZE"),
];

pub(crate) const POSTGRES: &[Form] = &[
    seen("", "CREATE TABLE A (B int, \"C d\" text)"),
    seen("CREATE SCHEMA s", "CREATE TABLE s.a AS SELECT 1 AS b"),
    again("", "CREATE TABLE IF NOT EXISTS a (b int)"),
    seen(
        "CREATE TABLE p (b int) PARTITION BY LIST (b)",
        "CREATE TABLE a PARTITION OF p FOR VALUES IN (1)",
    ),
    seen(A, "DROP TABLE a"),
    again(A, "DROP TABLE IF EXISTS a"),
    seen(A, "ALTER TABLE a RENAME TO d"),
    seen("CREATE SCHEMA s; CREATE TABLE s.a (b int)", "ALTER TABLE s.a RENAME TO d"),
    seen("CREATE SCHEMA s; CREATE TABLE a (b int)", "ALTER TABLE a SET SCHEMA s"),
    seen(A, "ALTER TABLE a ADD COLUMN d int, DROP COLUMN c, ALTER b SET DEFAULT 1"),
    again(A, "ALTER TABLE a ADD COLUMN IF NOT EXISTS c int"),
    seen(A, "ALTER TABLE a RENAME COLUMN b TO d"),
    again(A, "ALTER TABLE a ALTER b TYPE bigint, ALTER c SET DEFAULT 5"),
    seen(A, "ALTER TABLE a ADD CONSTRAINT k CHECK (b > 0) NOT VALID"),
    seen(A, "ALTER TABLE a ADD PRIMARY KEY (b)"),
    seen("CREATE TABLE a (b int CONSTRAINT k PRIMARY KEY)", "ALTER TABLE a DROP CONSTRAINT k"),
    seen(
        "CREATE TABLE p (b int PRIMARY KEY); CREATE TABLE a (b int)",
        "ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES p (b)",
    ),
    seen(
        "CREATE TABLE a (b int CONSTRAINT k PRIMARY KEY)",
        "ALTER TABLE a RENAME CONSTRAINT k TO l",
    ),
    again(
        "CREATE TABLE a (b int CONSTRAINT k CHECK (b > 0))",
        "ALTER TABLE a VALIDATE CONSTRAINT k",
    ),
    unseen(A, "ALTER TABLE a ADD UNIQUE (b)"),
    again(A, "ALTER TABLE a ENABLE ROW LEVEL SECURITY"),
    seen(
        "CREATE TABLE p (b int) PARTITION BY LIST (b); CREATE TABLE a (b int)",
        "ALTER TABLE p ATTACH PARTITION a FOR VALUES IN (1)",
    ),
    seen(
        "CREATE TABLE p (b int) PARTITION BY LIST (b); CREATE TABLE a PARTITION OF p FOR VALUES IN (1)",
        "ALTER TABLE p DETACH PARTITION a",
    ),
    seen(
        "CREATE TABLE p (b int) PARTITION BY LIST (b); CREATE TABLE a PARTITION OF p FOR VALUES IN (1)",
        "ALTER TABLE p DETACH PARTITION a CONCURRENTLY",
    ),
    seen(A, "CREATE INDEX i ON a (b)"),
    seen(A, "CREATE INDEX CONCURRENTLY i ON a (b)"),
    seen(
        "CREATE SCHEMA s; CREATE TABLE s.a (b int)",
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS \"I x\" ON s.a (b)",
    ),
    seen(A, "CREATE INDEX CONCURRENTLY ON a (b)"),
    seen(A_INDEXED, "DROP INDEX i"),
    seen(A_INDEXED, "DROP INDEX CONCURRENTLY i"),
    seen(
        "CREATE SCHEMA s; CREATE TABLE s.a (b int); CREATE INDEX i ON s.a (b)",
        "DROP INDEX CONCURRENTLY s.i",
    ),
    again(A_INDEXED, "DROP INDEX CONCURRENTLY IF EXISTS i"),
    seen(A_INDEXED, "ALTER INDEX i RENAME TO j"),
    again(A_INDEXED, "REINDEX INDEX CONCURRENTLY i"),
    again(A_INDEXED, "REINDEX (VERBOSE) TABLE CONCURRENTLY a"),
    again("CREATE SCHEMA s", "REINDEX SCHEMA CONCURRENTLY s"),
    again(A, "VACUUM (ANALYZE) a"),
    again("", "ALTER SYSTEM RESET work_mem"),
    again("", "CLUSTER"),
    again("", "DISCARD ALL"),
    seen("", "CREATE VIEW v AS SELECT 1 AS b"),
    again("", "CREATE OR REPLACE VIEW v AS SELECT 1 AS b"),
    seen("CREATE VIEW v AS SELECT 1 AS b", "ALTER VIEW v RENAME TO w"),
    seen("", "CREATE MATERIALIZED VIEW v AS SELECT 1 AS b"),
    seen("CREATE SEQUENCE s", "DROP SEQUENCE s"),
    seen("", "CREATE TYPE e AS ENUM ('a')"),
    seen("CREATE TYPE e AS ENUM ('a')", "ALTER TYPE e ADD VALUE 'it''s'"),
    seen("CREATE TYPE e AS ENUM ('a')", "ALTER TYPE e RENAME VALUE 'a' TO 'b'"),
    seen("CREATE TYPE e AS (a int)", "ALTER TYPE e ADD ATTRIBUTE b int"),
    seen("CREATE TYPE e AS (a int)", "DROP TYPE e"),
    seen("", "CREATE DOMAIN d AS int"),
    seen("", "CREATE SCHEMA s"),
    seen(
        "CREATE TABLE a (b int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f()",
    ),
    seen(A, "CREATE POLICY p ON a USING (b > 0)"),
    seen(A, "CREATE RULE r AS ON DELETE TO a DO INSTEAD NOTHING"),
    again("", "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'"),
    seen("", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        .told(Outcome::NotDoneOnly),
    seen("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "DROP FUNCTION f()")
        .told(Outcome::DoneOnly),
    seen("", "CREATE DATABASE migrate_probed").undone_by("DROP DATABASE migrate_probed"),
    seen("CREATE DATABASE migrate_probed", "DROP DATABASE migrate_probed"),
    seen("", "CREATE ROLE migrate_probed").undone_by("DROP ROLE migrate_probed"),
    seen("", "CREATE PUBLICATION p FOR ALL TABLES").undone_by("DROP PUBLICATION p"),
    seen("", "CREATE SUBSCRIPTION s CONNECTION 'dbname=none' PUBLICATION p WITH (connect = false)")
        .undone_by("ALTER SUBSCRIPTION s SET (slot_name = NONE); DROP SUBSCRIPTION s"),
    unseen(A, "TRUNCATE a"),
    again(A, "COMMENT ON TABLE a IS 'b'"),
    again(A, "GRANT SELECT ON a TO public"),
    again(A, "REVOKE SELECT ON a FROM public"),
    unseen("", "DO 'BEGIN END'"),
];

pub(crate) const MYSQL: &[Form] = &[
    seen("", "CREATE TABLE a (b INT, `C d` TEXT, KEY (b))"),
    seen(A, "CREATE TABLE d LIKE a"),
    seen("", "CREATE TABLE a AS SELECT 1 AS b"),
    again("", "CREATE TABLE IF NOT EXISTS a (b INT)"),
    unseen(A, "CREATE OR REPLACE TABLE a (d INT)"),
    seen(A, "DROP TABLE a"),
    again(A, "DROP TABLE IF EXISTS a, d"),
    seen("CREATE TABLE a (b INT); CREATE TABLE d (b INT)", "DROP TABLE a, d"),
    seen(A, "RENAME TABLE a TO d"),
    seen("CREATE TABLE a (b INT); CREATE TABLE a_new (b INT)", "RENAME TABLE a TO a_old, a_new TO a"),
    unseen("CREATE TABLE a (b INT); CREATE TABLE d (b INT)", "RENAME TABLE a TO e, d TO a, e TO d"),
    seen(A, "ALTER TABLE a RENAME d"),
    unseen(A, "TRUNCATE TABLE a"),
    seen(A, "ALTER TABLE a ADD COLUMN d INT AFTER b"),
    seen(A, "ALTER TABLE a ADD (d INT, e VARCHAR(10) DEFAULT 'x')"),
    seen(A, "ALTER TABLE a ADD d INT, DROP COLUMN C, MODIFY b BIGINT"),
    again(A, "ALTER TABLE a ADD COLUMN IF NOT EXISTS d INT"),
    again(A, "ALTER TABLE a DROP COLUMN IF EXISTS c"),
    seen(A, "ALTER TABLE a CHANGE b d BIGINT"),
    again(A, "ALTER TABLE a CHANGE b B BIGINT"),
    seen(A, "ALTER TABLE a RENAME COLUMN b TO d"),
    again(A, "ALTER TABLE a MODIFY COLUMN c BIGINT NOT NULL DEFAULT 5 AFTER b"),
    seen(A, "ALTER TABLE a MODIFY b BIGINT AUTO_INCREMENT PRIMARY KEY"),
    again(A, "ALTER TABLE a ALTER c SET DEFAULT 1, ALGORITHM=INSTANT"),
    again(A, "ALTER TABLE a ALTER c DROP DEFAULT"),
    seen(A, "ALTER TABLE a ADD INDEX I (b), LOCK=NONE"),
    unseen(A, "ALTER TABLE a ADD INDEX (b)"),
    again(A, "ALTER TABLE a ADD INDEX IF NOT EXISTS i (b)"),
    seen(A_INDEXED, "ALTER TABLE a DROP INDEX I"),
    again(A_INDEXED, "ALTER TABLE a DROP INDEX IF EXISTS i"),
    unseen(A_INDEXED, "ALTER TABLE a DROP INDEX i, ADD INDEX i (b, c)"),
    seen(A_INDEXED, "ALTER TABLE a RENAME INDEX i TO j"),
    seen(A, "ALTER TABLE a ADD PRIMARY KEY (b)"),
    seen("CREATE TABLE a (b INT PRIMARY KEY)", "ALTER TABLE a DROP PRIMARY KEY"),
    seen("CREATE TABLE p (b INT PRIMARY KEY); CREATE TABLE a (b INT)",
        "ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES p (b)"),
    seen("CREATE TABLE p (b INT PRIMARY KEY); CREATE TABLE a (b INT, CONSTRAINT f FOREIGN KEY (b) REFERENCES p (b))",
        "ALTER TABLE a DROP FOREIGN KEY f"),
    seen(A, "ALTER TABLE a ADD CONSTRAINT k CHECK (b > 0)"),
    seen("CREATE TABLE a (b INT, CONSTRAINT k CHECK (b > 0))", "ALTER TABLE a DROP CONSTRAINT k"),
    seen(A, "ALTER TABLE a ADD UNIQUE KEY u (b)"),
    seen("CREATE TABLE a (b INT, UNIQUE KEY u (b))", "ALTER TABLE a DROP CONSTRAINT u"),
    again(A, "ALTER TABLE a ENGINE=InnoDB ROW_FORMAT=DYNAMIC"),
    again(A, "ALTER TABLE a CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"),
    again(A, "ALTER TABLE a COMMENT 'b', AUTO_INCREMENT = 7"),
    again(A, "ALTER TABLE a FORCE"),
    again(A_INDEXED, "ALTER TABLE a ALTER INDEX i IGNORED"),
    again(A, "ALTER TABLE a PARTITION BY HASH (b) PARTITIONS 4"),
    seen("CREATE TABLE a (b INT) PARTITION BY RANGE (b) (PARTITION p VALUES LESS THAN (1))",
        "ALTER TABLE a ADD PARTITION (PARTITION q VALUES LESS THAN (2), PARTITION r VALUES LESS THAN (3))"),
    seen("CREATE TABLE a (b INT) PARTITION BY RANGE (b) (PARTITION p VALUES LESS THAN (1), PARTITION q VALUES LESS THAN (2))",
        "ALTER TABLE a DROP PARTITION Q"),
    unseen("CREATE TABLE a (b INT) PARTITION BY RANGE (b) (PARTITION p VALUES LESS THAN (1))",
        "ALTER TABLE a TRUNCATE PARTITION p"),
    seen(A, "ALTER TABLE IF EXISTS a ADD COLUMN d INT"),
    again("", "ALTER TABLE IF EXISTS a ADD COLUMN d INT"),
    seen(A, "CREATE UNIQUE INDEX i ON a (b)"),
    again(A, "CREATE OR REPLACE INDEX i ON a (b)"),
    again(A, "CREATE INDEX IF NOT EXISTS i ON a (b)"),
    seen(A_INDEXED, "DROP INDEX i ON a"),
    again(A_INDEXED, "DROP INDEX IF EXISTS i ON a"),
    seen("", "CREATE VIEW v AS SELECT 1 AS b"),
    again("", "CREATE OR REPLACE VIEW v AS SELECT 1 AS b"),
    again("CREATE VIEW v AS SELECT 1 AS b", "ALTER VIEW v AS SELECT 1 AS b, 2 AS c"),
    seen("CREATE VIEW v AS SELECT 1 AS b; CREATE VIEW w AS SELECT 1 AS b", "DROP VIEW v, w"),
    seen(A, "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.c = 1"),
    seen("CREATE TABLE a (b INT); CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.b = 1", "DROP TRIGGER t"),
    seen("", "CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END"),
    seen("CREATE PROCEDURE p() SELECT 1", "DROP PROCEDURE p"),
    seen("", "CREATE FUNCTION f() RETURNS INT DETERMINISTIC RETURN 1"),
    again("CREATE PROCEDURE p() SELECT 1", "ALTER PROCEDURE p COMMENT 'b'"),
    seen("", "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1"),
    seen("CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1", "ALTER EVENT e RENAME TO f"),
    again("CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1", "ALTER EVENT e DISABLE"),
    unseen("", "CREATE EVENT e ON SCHEDULE AT '2037-01-01' DO SELECT 1"),
    seen("", "CREATE SEQUENCE s"),
    seen("CREATE SEQUENCE s; CREATE SEQUENCE r", "DROP SEQUENCE s, r"),
    again("CREATE SEQUENCE s", "ALTER SEQUENCE s INCREMENT 2"),
    unseen("CREATE SEQUENCE s", "ALTER SEQUENCE s RESTART 5"),
    seen("", "CREATE DATABASE migrate_probed").undone_by("DROP DATABASE migrate_probed"),
    seen("CREATE DATABASE migrate_probed", "DROP SCHEMA migrate_probed"),
    seen("CREATE DATABASE migrate_probed_too; CREATE TABLE a (b INT)", "ALTER TABLE a RENAME migrate_probed_too.a")
        .undone_by("DROP DATABASE migrate_probed_too"),
    unseen("", "CREATE USER migrate_probed").undone_by("DROP USER migrate_probed"),
    again("", "CREATE USER IF NOT EXISTS migrate_probed_2").undone_by("DROP USER migrate_probed_2"),
    again("CREATE USER IF NOT EXISTS migrate_probed_3", "GRANT SELECT ON *.* TO migrate_probed_3")
        .undone_by("DROP USER migrate_probed_3"),
    again("CREATE USER IF NOT EXISTS migrate_probed_4", "REVOKE SELECT ON *.* FROM migrate_probed_4")
        .undone_by("DROP USER migrate_probed_4"),
    again("CREATE USER IF NOT EXISTS migrate_probed_5", "REVOKE ALL PRIVILEGES, GRANT OPTION FROM migrate_probed_5")
        .undone_by("DROP USER migrate_probed_5"),
    unseen("CREATE USER IF NOT EXISTS migrate_probed_6; CREATE TABLE a (b INT); GRANT SELECT ON a TO migrate_probed_6",
        "REVOKE SELECT ON a FROM migrate_probed_6")
        .undone_by("DROP USER migrate_probed_6"),
    again("CREATE USER IF NOT EXISTS migrate_probed_7", "ALTER USER migrate_probed_7 IDENTIFIED BY 'b'")
        .undone_by("DROP USER migrate_probed_7"),
    again(A, "ANALYZE TABLE a"),
    again(A, "OPTIMIZE TABLE a"),
    again(A, "REPAIR TABLE a"),
    again(A, "CHECK TABLE a"),
    again("", "FLUSH TABLES"),
    again("", "SET @a = 1"),
    seen(A, "SET STATEMENT max_statement_time = 0 FOR ALTER TABLE a ADD COLUMN d INT"),
    unseen("CREATE PROCEDURE p() SELECT 1", "CALL p()"),
];
