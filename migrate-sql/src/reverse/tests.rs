//! What undoes what; each was run against its server and left no trace.

use super::*;

fn undone(cases: &[(&str, &str)], dialect: Dialect) {
    for (up, down) in cases {
        assert_eq!(reverse(up, dialect).as_deref(), Ok(*down), "{up}");
    }
}

fn refused(cases: &[(&str, &str)], dialect: Dialect) {
    for (up, reason) in cases {
        let error = reverse(up, dialect).expect_err(up);
        assert!(error.to_string().ends_with(&format!("says: {reason}")), "{up}: {error}");
    }
}

/// A column, and what else is said, of any dialect.
#[test]
fn every_dialect_drops_what_it_created() {
    for dialect in Dialect::ALL {
        undone(
            &[
                ("", ""),
                ("-- nothing", ""),
                ("create table Users (id int)", "DROP TABLE Users"),
                ("CREATE TABLE \"a b\" (c INT)", "DROP TABLE \"a b\""),
                ("CREATE TABLE a AS SELECT 1", "DROP TABLE a"),
                ("CREATE VIEW s.v AS SELECT 1", "DROP VIEW s.v"),
                ("ALTER TABLE a ADD b INT", "ALTER TABLE a DROP COLUMN b"),
                (
                    "ALTER TABLE a RENAME COLUMN b TO c; ALTER TABLE a RENAME TO d",
                    "ALTER TABLE d RENAME TO a;\nALTER TABLE a RENAME COLUMN c TO b",
                ),
            ],
            dialect,
        );
        refused(
            &[
                ("CREATE TABLE IF NOT EXISTS a (b INT)", "`IF NOT EXISTS` may have made nothing"),
                ("CREATE INDEX IF NOT EXISTS a ON b (c)", "`IF NOT EXISTS` may have made nothing"),
                ("CREATE OR REPLACE VIEW a AS SELECT 1", "`OR REPLACE` may have replaced another"),
                ("ALTER TABLE a DROP COLUMN b", "what a dropped column held is lost"),
                ("DROP TABLE a", "what a dropped table held is lost"),
                ("DROP INDEX a", "it does not say what the dropped index was before"),
                ("INSERT INTO a VALUES (1)", "which rows were there before is not known"),
                ("DELETE FROM a", "which rows were there before is not known"),
            ],
            dialect,
        );
    }
}

#[test]
fn postgres_objects_are_dropped_as_its_grammar_asks() {
    undone(
        &[
            ("CREATE UNLOGGED TABLE shop.a (b int)", "DROP TABLE shop.a"),
            ("CREATE TEMP TABLE users (a int)", "DROP TABLE IF EXISTS pg_temp.users"),
            ("CREATE FOREIGN TABLE f (a int) SERVER s", "DROP FOREIGN TABLE f"),
            ("CREATE INDEX a ON shop.users (x)", "DROP INDEX shop.a"),
            ("CREATE UNIQUE INDEX CONCURRENTLY a ON ONLY u (x)", "DROP INDEX CONCURRENTLY a"),
            ("CREATE MATERIALIZED VIEW m AS SELECT 1", "DROP MATERIALIZED VIEW m"),
            ("CREATE TYPE shop.mood AS ENUM ('a')", "DROP TYPE shop.mood"),
            ("CREATE SCHEMA s AUTHORIZATION joe", "DROP SCHEMA s"),
            ("CREATE EXTENSION \"uuid-ossp\" SCHEMA s", "DROP EXTENSION \"uuid-ossp\""),
            (
                "CREATE TRIGGER t BEFORE UPDATE OF a ON s.u EXECUTE FUNCTION f()",
                "DROP TRIGGER t ON s.u",
            ),
            ("CREATE POLICY p ON s.u USING (true)", "DROP POLICY p ON s.u"),
            ("CREATE RULE r AS ON UPDATE TO u DO NOTHING", "DROP RULE r ON u"),
            ("CREATE CAST (mood AS int) WITH FUNCTION f(mood)", "DROP CAST (mood AS int)"),
            (
                "CREATE USER MAPPING FOR joe SERVER s OPTIONS (a 'b')",
                "DROP USER MAPPING FOR joe SERVER s",
            ),
            (
                "CREATE TEXT SEARCH CONFIGURATION t (COPY = simple)",
                "DROP TEXT SEARCH CONFIGURATION t",
            ),
            ("CREATE ROLE r LOGIN; CREATE PUBLICATION p", "DROP PUBLICATION p;\nDROP ROLE r"),
        ],
        Dialect::Postgres,
    );
}

#[test]
fn a_routine_is_dropped_by_its_arguments() {
    undone(
        &[
            (
                "CREATE FUNCTION f(a int DEFAULT 3, VARIADIC b text[] = ARRAY['x', 'y']) RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "DROP FUNCTION f(a int, VARIADIC b text[])",
            ),
            (
                "CREATE PROCEDURE s.p(a numeric(10,2), -- one, (two)\n INOUT b int) LANGUAGE sql AS ''",
                "DROP PROCEDURE s.p(a numeric(10,2), INOUT b int)",
            ),
            ("CREATE AGGREGATE a(*) (sfunc = int8inc, stype = bigint)", "DROP AGGREGATE a(*)"),
            (
                "CREATE FUNCTION f(a int) RETURNS int AS ''; ALTER FUNCTION f(int) COST 5; COMMENT ON FUNCTION f(a int) IS 'x'",
                "DROP FUNCTION f(a int)",
            ),
            ("CREATE FUNCTION f(a int) RETURNS int AS ''; DROP FUNCTION f(int)", ""),
        ],
        Dialect::Postgres,
    );
    refused(
        &[
            (
                "CREATE FUNCTION f(a int) RETURNS int AS ''; DROP FUNCTION f(text)",
                "it does not say what the dropped function was before",
            ),
            (
                "CREATE AGGREGATE a (basetype = int, sfunc = int4pl, stype = int)",
                "its arguments are said in the old way",
            ),
        ],
        Dialect::Postgres,
    );
}

#[test]
fn actions_of_one_statement_are_undone_by_one() {
    undone(
        &[
            (
                "ALTER TABLE ONLY u ADD a int CHECK (a > 0), ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES c, ADD CONSTRAINT d UNIQUE (b)",
                "ALTER TABLE u DROP CONSTRAINT d, DROP CONSTRAINT f, DROP COLUMN a",
            ),
            (
                "ALTER TABLE u ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES c NOT VALID; ALTER TABLE u VALIDATE CONSTRAINT f",
                "ALTER TABLE u DROP CONSTRAINT f",
            ),
            ("ALTER TABLE s.u SET SCHEMA t", "ALTER TABLE t.u SET SCHEMA s"),
            ("ALTER TABLE s.u RENAME TO v", "ALTER TABLE s.v RENAME TO u"),
            ("ALTER INDEX s.i RENAME TO j", "ALTER INDEX s.j RENAME TO i"),
            ("ALTER TRIGGER t ON s.u RENAME TO v", "ALTER TRIGGER v ON s.u RENAME TO t"),
            ("ALTER FUNCTION f(a int) RENAME TO g", "ALTER FUNCTION g(a int) RENAME TO f"),
            ("ALTER TYPE m RENAME VALUE 'a' TO 'b'", "ALTER TYPE m RENAME VALUE 'b' TO 'a'"),
            (
                "ALTER TYPE p RENAME ATTRIBUTE a TO b CASCADE; ALTER TYPE p ADD ATTRIBUTE c int",
                "ALTER TYPE p DROP ATTRIBUTE c;\nALTER TYPE p RENAME ATTRIBUTE b TO a CASCADE",
            ),
        ],
        Dialect::Postgres,
    );
    undone(
        &[(
            "ALTER TABLE u ADD COLUMN a INT AFTER b, RENAME INDEX i TO j, RENAME TO v, ALGORITHM=INPLACE, LOCK = NONE",
            "ALTER TABLE v RENAME TO u, RENAME INDEX j TO i, DROP COLUMN a, ALGORITHM=INPLACE, LOCK=NONE",
        )],
        Dialect::Mysql,
    );
}

#[test]
fn what_the_text_made_takes_along_what_was_done_to_it() {
    undone(
        &[
            (
                "CREATE TABLE a (b int); ALTER TABLE a RENAME TO c; CREATE INDEX ON c (b); COMMENT ON TABLE c IS 'of d'; GRANT SELECT ON c TO PUBLIC; INSERT INTO c VALUES (1); ALTER TABLE c ENABLE ROW LEVEL SECURITY, ALTER b TYPE bigint; CREATE POLICY p ON c USING (true)",
                "DROP TABLE c",
            ),
            (
                "CREATE TABLE s.a (b int); ALTER TABLE s.a SET SCHEMA t; CREATE INDEX ON t.a (b)",
                "DROP TABLE t.a",
            ),
            ("CREATE TYPE m AS ENUM ('a'); ALTER TYPE m ADD VALUE 'b'", "DROP TYPE m"),
            ("CREATE TABLE a (b int); CREATE INDEX i ON a (b); DROP INDEX i; DROP TABLE a", ""),
            ("CREATE TABLE a (b int); DROP TABLE a; CREATE TABLE a (c int)", "DROP TABLE a"),
            (
                "ALTER TABLE a ADD COLUMN b int; CREATE INDEX ON a (b, c); ALTER TABLE a ALTER b SET NOT NULL, ADD CHECK (b > 0), ADD FOREIGN KEY (b) REFERENCES d; COMMENT ON COLUMN a.b IS 'x'",
                "ALTER TABLE a DROP COLUMN b",
            ),
            ("CREATE TABLE p1 (a int); ALTER TABLE p ATTACH PARTITION p1 DEFAULT", "DROP TABLE p1"),
        ],
        Dialect::Postgres,
    );
}

/// What is done to an object may need what was made after it: PostgreSQL drops no function before its triggers.
#[test]
fn what_rests_on_something_later_is_undone_before_that() {
    const FUNCTION: &str = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS ''";
    const TRIGGER: &str = "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f()";
    undone(
        &[
            (
                &format!("CREATE TABLE a (b int); {FUNCTION}; {TRIGGER}; CREATE INDEX ON a (b)"),
                "DROP TRIGGER t ON a;\nDROP FUNCTION f();\nDROP TABLE a",
            ),
            (
                &format!("{FUNCTION}; CREATE TABLE a (b int); {TRIGGER}"),
                "DROP TABLE a;\nDROP FUNCTION f()",
            ),
            (
                &format!(
                    "CREATE TABLE a (b int); {FUNCTION}; {TRIGGER}; ALTER TABLE a RENAME TO c"
                ),
                "ALTER TABLE c RENAME TO a;\nDROP TRIGGER t ON a;\nDROP FUNCTION f();\nDROP TABLE a",
            ),
            (
                "CREATE TABLE a (b int); CREATE TABLE c (d int); ALTER TABLE a ADD CONSTRAINT e FOREIGN KEY (b) REFERENCES c",
                "ALTER TABLE a DROP CONSTRAINT e;\nDROP TABLE c;\nDROP TABLE a",
            ),
            (
                "CREATE TABLE new (b int); ALTER TABLE old RENAME TO bak; ALTER TABLE new RENAME TO old",
                "ALTER TABLE old RENAME TO new;\nALTER TABLE bak RENAME TO old;\nDROP TABLE new",
            ),
        ],
        Dialect::Postgres,
    );
    refused(
        &[(
            "CREATE TABLE a (b int); CREATE TABLE c (d int); ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c",
            "the constraint has no name of its own",
        )],
        Dialect::Postgres,
    );
}

#[test]
fn postgres_refuses_what_would_leave_a_trace() {
    refused(
        &[
            ("CREATE INDEX ON a (b)", "the index has no name of its own"),
            ("CREATE SCHEMA s CREATE TABLE t (a int)", "it makes more than the schema"),
            ("CREATE SCHEMA AUTHORIZATION joe", "the schema has no name of its own"),
            ("CREATE EXTENSION a CASCADE", "`CASCADE` may have made other extensions"),
            ("CREATE DATABASE a", "`CREATE DATABASE` is not undone by itself"),
            (
                "ALTER TABLE a ADD PRIMARY KEY (b)",
                "the columns of a dropped primary key stay `NOT NULL`",
            ),
            ("ALTER TABLE a ADD CHECK (b > 0)", "the constraint has no name of its own"),
            (
                "ALTER TABLE a ADD CONSTRAINT c UNIQUE USING INDEX i",
                "the index becomes the constraint's, and its name may change",
            ),
            (
                "ALTER TABLE a ADD c int CHECK (b > 0)",
                "a check that does not use the column stays when it is dropped",
            ),
            ("ALTER TABLE IF EXISTS a ADD b int", "`IF EXISTS` may have changed nothing"),
            (
                "ALTER TABLE a ATTACH PARTITION b DEFAULT",
                "the indexes and constraints that a partition takes over stay with it",
            ),
            ("ALTER TABLE a VALIDATE CONSTRAINT b", "a validated constraint stays so"),
            ("ALTER TABLE a SET SCHEMA b", "it does not say what its schema was before"),
            ("ALTER TABLE a OWNER TO b", "what was there before `OWNER TO` is not known"),
            (
                "ALTER TABLE a ALTER b TYPE int",
                "it does not say what the type of the column was before",
            ),
            ("ALTER TYPE a ADD VALUE 'b'", "PostgreSQL cannot drop a value of an enum"),
            ("COMMENT ON TABLE a IS 'b'", "it does not say what the comment was before"),
            ("GRANT SELECT ON a TO b", "which rights there were before is not known"),
            (
                "SET search_path = a; CREATE TABLE b (c int)",
                "after `SEARCH_PATH` names may mean something else",
            ),
            (
                "ALTER TABLE a ADD c int; ALTER TABLE a RENAME c TO d; ALTER TABLE a RENAME b TO c; ALTER TABLE a ALTER c SET NOT NULL",
                "whether the column took nulls before is not known",
            ),
            ("CREATE TABLE a (b int); DROP TABLE a CASCADE", "`CASCADE` drops more than it names"),
        ],
        Dialect::Postgres,
    );
}

#[test]
fn mysql_is_undone_in_its_own_words() {
    undone(
        &[
            ("CREATE TEMPORARY TABLE a (b INT)", "DROP TEMPORARY TABLE IF EXISTS a"),
            ("CREATE INDEX a ON s.users (x)", "DROP INDEX a ON s.users"),
            (
                "CREATE TRIGGER s.t BEFORE INSERT ON s.u FOR EACH ROW SET NEW.a = 1",
                "DROP TRIGGER s.t",
            ),
            (
                "CREATE DEFINER=root@localhost FUNCTION f(a INT) RETURNS INT RETURN a",
                "DROP FUNCTION f",
            ),
            ("CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1", "DROP EVENT e"),
            ("CREATE USER 'a'@'%' IDENTIFIED BY 'x'", "DROP USER 'a'@'%'"),
            ("CREATE USER a@localhost", "DROP USER a@localhost"),
            ("RENAME TABLE a TO b, s.c TO d", "RENAME TABLE d TO s.c, b TO a"),
            ("ALTER TABLE s.a RENAME b", "ALTER TABLE b RENAME TO s.a"),
            (
                "ALTER TABLE a ADD UNIQUE KEY u (b(10)), ADD CONSTRAINT c UNIQUE d (b), ADD CONSTRAINT e CHECK (b > 0)",
                "ALTER TABLE a DROP CONSTRAINT e, DROP INDEX d, DROP INDEX u",
            ),
            (
                "ALTER TABLE a ADD COLUMN b INT, ADD INDEX (b), ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES c (d)",
                "ALTER TABLE a DROP FOREIGN KEY f, DROP COLUMN b",
            ),
            (
                "CREATE INDEX i ON a (b, c); ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES c (d)",
                "ALTER TABLE a DROP FOREIGN KEY f;\nDROP INDEX i ON a",
            ),
            ("SET foreign_key_checks = 0; CREATE TABLE a (b INT)", "DROP TABLE a"),
        ],
        Dialect::Mysql,
    );
}

#[test]
fn mysql_refuses_what_would_leave_a_trace() {
    refused(
        &[
            (
                "CREATE TABLE a (b INT) /*!40101 ENGINE=InnoDB */",
                "which servers run what stands in `/*! … */` is not known",
            ),
            ("CREATE SCHEMA a", "`CREATE SCHEMA` is not undone by itself"),
            ("CREATE USER a, b", "it makes several"),
            (
                "ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES c (d)",
                "the index that the server makes for a foreign key stays",
            ),
            (
                "ALTER TABLE a ADD b INT, ADD FOREIGN KEY f (b) REFERENCES c (d)",
                "the constraint has no name of its own",
            ),
            (
                "ALTER TABLE a ADD b INT REFERENCES c (d)",
                "a column with a foreign key of its own cannot be dropped",
            ),
            ("ALTER TABLE a MODIFY b BIGINT", "it does not say what the column was before"),
            (
                "CREATE INDEX i ON a (b); DROP INDEX i ON c",
                "it does not say what the dropped index was before",
            ),
            ("SET GLOBAL max_connections = 10", "it may set more than the session"),
            (
                "CREATE TABLE a (b INT); ALTER TABLE a EXCHANGE PARTITION p WITH TABLE c",
                "what was there before `EXCHANGE PARTITION` is not known",
            ),
        ],
        Dialect::Mysql,
    );
}

#[test]
fn sqlite_is_undone_in_its_own_words() {
    undone(
        &[
            ("CREATE VIRTUAL TABLE a USING fts5(b)", "DROP TABLE a"),
            ("CREATE TEMP TABLE a (b)", "DROP TABLE IF EXISTS temp.a"),
            ("CREATE INDEX main.a ON t (b)", "DROP INDEX main.a"),
            ("CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 1; END", "DROP TRIGGER a"),
            ("CREATE TABLE Notes (b); CREATE INDEX i ON notes (b)", "DROP TABLE Notes"),
            ("ALTER TABLE main.a RENAME TO b", "ALTER TABLE main.b RENAME TO a"),
            (
                "ALTER TABLE a ADD COLUMN b; CREATE INDEX i ON a (b)",
                "DROP INDEX i;\nALTER TABLE a DROP COLUMN b",
            ),
            ("PRAGMA foreign_keys = OFF; CREATE TABLE [a] (b)", "DROP TABLE [a]"),
        ],
        Dialect::Sqlite,
    );
    refused(
        &[
            (
                "ALTER TABLE a ADD b REFERENCES c (d)",
                "a column with a foreign key of its own cannot be dropped",
            ),
            (
                "CREATE TABLE a (b); CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM c; END; INSERT INTO a VALUES (1)",
                "which rows were there before is not known",
            ),
        ],
        Dialect::Sqlite,
    );
    assert!(reverse("PRAGMA user_version = 3", Dialect::Sqlite).is_err());
}

#[test]
fn an_error_says_where_and_what_to_write() {
    let error =
        reverse("CREATE TABLE a (b INT);\nDROP TABLE \"c d\" ;", Dialect::Sqlite).unwrap_err();
    assert_eq!(error.offset(), 24);
    assert!(error.to_string().starts_with("statement 2, `DROP TABLE \"c d\"`, "));
    assert!(error.hint().unwrap().contains("irreversible"));

    let error = reverse("SELECT 'a", Dialect::Sqlite).unwrap_err();
    assert_eq!((error.offset(), error.hint()), (7, None));
}
