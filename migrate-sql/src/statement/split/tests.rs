#![expect(clippy::string_slice, reason = "a slice that cuts a character fails the test")]

use Dialect::{Mysql, Postgres, Sqlite};

use super::*;

fn texts(sql: &str, dialect: Dialect) -> Vec<&str> {
    split(sql, dialect)
        .unwrap_or_else(|error| panic!("{error}: {sql}"))
        .iter()
        .map(Statement::text)
        .collect()
}

/// Asserts that each is one statement, alone and between others.
fn assert_whole(statements: &[&str], dialect: Dialect) {
    for sql in statements {
        assert_eq!(texts(sql, dialect), [*sql]);
        let surrounded = format!("SELECT 1;\n{sql};\nSELECT 2;");
        assert_eq!(texts(&surrounded, dialect), ["SELECT 1", sql, "SELECT 2"]);
    }
}

#[test]
fn comments_and_empty_statements_are_dropped() {
    for dialect in Dialect::ALL {
        assert_eq!(
            texts(";; -- a;\n/* b; */ SELECT /* c */ 1 /* d */ ; ;\n", dialect),
            ["SELECT /* c */ 1"]
        );
        assert_eq!(texts(" -- a", dialect), [""; 0]);
        assert_eq!(texts("/*+ a */;", dialect), [""; 0]);
        assert_eq!(texts("/*+ a */ SELECT 1", dialect), ["/*+ a */ SELECT 1"]);
    }
}

#[test]
fn offsets_count_bytes() {
    let sql = "\u{feff}SELECT 'é;';\r\n SELECT 2";
    for statement in split(sql, Postgres).unwrap() {
        assert!(sql[statement.offset()..].starts_with(statement.text()));
    }
}

#[test]
fn postgres_keeps_together() {
    let statements = [
        "CREATE RULE a AS ON INSERT TO b DO ALSO (DELETE FROM c; DELETE FROM d)",
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END; $$",
        "CREATE FUNCTION f(begin atomic) RETURNS int AS 'select 1;' LANGUAGE sql",
        "CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END",
        "create function f() returns int begin atomic select 1 as end; select t.end from t; end",
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC END",
        "CREATE SCHEMA a CREATE TABLE b (c int) CREATE VIEW d AS SELECT 1",
        "DO $do$ BEGIN PERFORM 1; END $do$",
    ];
    assert_whole(&statements, Postgres);
    assert_eq!(texts("BEGIN; SELECT 1; END", Postgres), ["BEGIN", "SELECT 1", "END"]);
    assert_eq!(texts("SELECT 1); SELECT 2", Postgres), ["SELECT 1)", "SELECT 2"]);
}

#[test]
fn sqlite_keeps_together() {
    let statements = [
        "CREATE TRIGGER t AFTER UPDATE ON a BEGIN UPDATE b SET end = CASE WHEN c THEN 1 END; END",
        "CREATE TEMP TRIGGER IF NOT EXISTS t AFTER DELETE ON a WHEN 1 BEGIN SELECT 1; SELECT 2; END",
        "EXPLAIN QUERY PLAN CREATE TEMPORARY TRIGGER t DELETE ON a BEGIN SELECT end; END",
    ];
    assert_whole(&statements, Sqlite);
    assert_eq!(texts("BEGIN; END", Sqlite), ["BEGIN", "END"]);
    assert_eq!(texts("CREATE TRIGGER a; SELECT 1", Sqlite), ["CREATE TRIGGER a", "SELECT 1"]);
}

#[test]
fn mysql_keeps_routines_together() {
    let statements = [
        "CREATE PROCEDURE p() BEGIN END",
        "CREATE PROCEDURE p(IN a INT, OUT b VARCHAR(9)) COMMENT 'x;' SQL SECURITY INVOKER BEGIN SELECT 1; END",
        "CREATE DEFINER=`root`@`localhost` PROCEDURE p() BEGIN SELECT 1; END",
        "CREATE OR REPLACE DEFINER = root@127.0.0.1 FUNCTION f() RETURNS SET('a') RETURN IF(1, 2, 3)",
        "CREATE DEFINER=CURRENT_USER() AGGREGATE FUNCTION IF NOT EXISTS f() RETURNS INT BEGIN RETURN 1; END",
        "CREATE FUNCTION f(a INT) RETURNS CHAR(5) CHARACTER SET utf8 DETERMINISTIC IF a THEN RETURN 1; END IF",
        "CREATE PROCEDURE p() outer_block: BEGIN LEAVE outer_block; END outer_block",
        "CREATE PROCEDURE p() BEGIN l: LOOP SET a = 1; IF a THEN LEAVE l; END IF; END LOOP l; END",
        "CREATE PROCEDURE p() BEGIN REPEAT SET a = REPEAT('a', 2); UNTIL IF(a, 1, 0) END REPEAT; SELECT 1; END",
        "CREATE PROCEDURE p() REPEAT SET a = 1; UNTIL CASE a WHEN 1 THEN 2 END END REPEAT",
        "CREATE PROCEDURE p() BEGIN WHILE a < 5 DO SET a = a + 1; END WHILE; DROP TABLE IF EXISTS x; END",
        "CREATE PROCEDURE p() BEGIN FOR i IN 1..9 DO SELECT i; END FOR; END",
        "CREATE PROCEDURE p() BEGIN IF EXISTS (SELECT 1) THEN SELECT 1; ELSEIF IF(1, 2, 3) THEN SELECT 2; ELSE SELECT 3; END IF; END",
        "CREATE PROCEDURE p() BEGIN CASE a WHEN 1 THEN SELECT 1; ELSE BEGIN END; END CASE; SELECT 2; END",
        "CREATE PROCEDURE p() BEGIN SELECT CASE WHEN a THEN IF(1, 2, 3) ELSE IF(4, 5, 6) END; SELECT end, b.end FROM b; END",
        "CREATE PROCEDURE p() BEGIN SELECT CASE WHEN 1 THEN b.end ELSE CASE 2 WHEN 3 THEN 4 END END; SELECT 1; END",
        "CREATE PROCEDURE p() BEGIN IF a THEN IF b THEN SELECT 1; END IF; END IF; SELECT 2; END",
    ];
    assert_whole(&statements, Mysql);
}

#[test]
fn mysql_keeps_handlers_together() {
    let statements = [
        "CREATE PROCEDURE p() BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END; SELECT 1; END",
        "CREATE PROCEDURE p() BEGIN DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = IF(1, 2, 3); SELECT 1; END",
        "CREATE PROCEDURE p() BEGIN DECLARE EXIT HANDLER FOR 1051, SQLSTATE VALUE '42S02', named IF a THEN SELECT 1; END IF; SELECT 1; END",
        "CREATE PROCEDURE p() BEGIN DECLARE c CURSOR FOR SELECT IF(a, 1, 2) FROM b; DECLARE x CONDITION FOR SQLSTATE '42000'; END",
    ];
    assert_whole(&statements, Mysql);
}

#[test]
fn mysql_keeps_triggers_events_and_compounds_together() {
    let statements = [
        "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.b = 1",
        "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW IF NEW.b THEN SET NEW.c = 1; END IF",
        "CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW FOLLOWS other BEGIN INSERT INTO b (start, end) VALUES (1, 2); END",
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS NOW() + INTERVAL IF(1, 2, 3) DAY DO BEGIN SELECT 1; END",
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY COMMENT 'x' DO DELETE FROM a",
        "ALTER EVENT e DO BEGIN SELECT 1; SELECT 2; END",
        "BEGIN NOT ATOMIC SELECT 1; SELECT 2; END",
        "IF a THEN SELECT 1; END IF",
        "CREATE TABLE IF NOT EXISTS `begin` (a INT)",
        "CREATE FUNCTION f RETURNS STRING SONAME 'f.so'",
        "/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET a = 1; END */",
    ];
    assert_whole(&statements, Mysql);
    assert_eq!(texts("BEGIN; SELECT 1; COMMIT", Mysql), ["BEGIN", "SELECT 1", "COMMIT"]);
}

#[test]
fn conditional_comments_are_not_split() {
    assert_whole(&["/*!40101 SET a = 1; SET b = 2 */", "SELECT /*!40001 SQL_NO_CACHE */ 1"], Mysql);
}

#[test]
fn delimiter_lines_change_the_terminator() {
    let sql = "DELIMITER $$\nCREATE PROCEDURE p() BEGIN SELECT 1; END$$\r\nSELECT 1$$\n\
               delimiter //  -- back soon\r\nSELECT '//'//SELECT 2;\n//DELIMITER ;\nSELECT 3; SELECT 4";
    let expected = [
        "CREATE PROCEDURE p() BEGIN SELECT 1; END",
        "SELECT 1",
        "SELECT '//'",
        "SELECT 2",
        "SELECT 3",
        "SELECT 4",
    ];
    assert_eq!(texts(sql, Mysql), expected);
}

#[test]
fn nothing_hides_behind_a_delimiter() {
    assert_eq!(texts("DELIMITER //\nSELECT 1; COMMIT//", Mysql), ["SELECT 1", "COMMIT"]);
    let simple = "DELIMITER //\nCREATE PROCEDURE p() SELECT 1; COMMIT//";
    assert_eq!(texts(simple, Mysql), ["CREATE PROCEDURE p() SELECT 1", "COMMIT"]);
}

#[test]
fn a_body_ends_at_its_delimiter_alone() {
    let sql = "DELIMITER ;;\nCREATE PROCEDURE p() BEGIN SELECT 1; END;\n;;\n\
               CREATE PACKAGE a AS PROCEDURE b; END;;CREATE PROCEDURE p AS a INT; BEGIN NULL; END;;";
    let expected = [
        "CREATE PROCEDURE p() BEGIN SELECT 1; END",
        "CREATE PACKAGE a AS PROCEDURE b; END",
        "CREATE PROCEDURE p AS a INT; BEGIN NULL; END",
    ];
    assert_eq!(texts(sql, Mysql), expected);
}

#[test]
fn faults_point_at_their_beginning() {
    let cases = [
        ("a 'b", Postgres, SplitError::UnterminatedString { offset: 2 }),
        ("a $b$", Postgres, SplitError::UnterminatedDollarQuote { offset: 2 }),
        ("a \"b", Postgres, SplitError::UnterminatedIdentifier { offset: 2 }),
        ("a [b", Sqlite, SplitError::UnterminatedIdentifier { offset: 2 }),
        ("a /* b", Sqlite, SplitError::UnterminatedComment { offset: 2 }),
        ("a /*! b", Mysql, SplitError::UnterminatedComment { offset: 2 }),
        ("a \0", Mysql, SplitError::NulCharacter { offset: 2 }),
        ("; \\d", Postgres, SplitError::PsqlCommand { offset: 2 }),
        ("; COPY a FROM STDIN;\n1\tit's\n\\.\n", Postgres, SplitError::CopiedRows { offset: 2 }),
        ("; DELIMITER", Mysql, SplitError::MissingDelimiter { offset: 2 }),
        ("; DELIMITER\n//", Mysql, SplitError::MissingDelimiter { offset: 2 }),
        ("DELIMITER  \\\\", Mysql, SplitError::InvalidDelimiter { offset: 11 }),
        ("BEGIN NOT ATOMIC IF a THEN b;", Mysql, SplitError::UnterminatedBody { offset: 17 }),
        ("CREATE TRIGGER a BEGIN b;", Sqlite, SplitError::UnterminatedBody { offset: 17 }),
        (
            "CREATE FUNCTION a() BEGIN ATOMIC b;",
            Postgres,
            SplitError::UnterminatedBody { offset: 20 },
        ),
    ];
    for (sql, dialect, expected) in cases {
        assert_eq!(split(sql, dialect), Err(expected), "{sql}");
        assert_eq!(expected.offset(), split(sql, dialect).unwrap_err().offset());
    }
}
