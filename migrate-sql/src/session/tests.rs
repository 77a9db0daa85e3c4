use Dialect::{Mysql, Postgres, Sqlite};

use super::*;
use crate::statement::split;

fn of(sql: &str, dialect: Dialect) -> Session {
    split(sql, dialect).unwrap()[0].session()
}

fn lost(sql: &str, dialect: Dialect) -> Option<(String, usize, usize)> {
    let lost = SessionTrack::first_lost(&split(sql, dialect).unwrap());
    lost.map(|lost| (lost.state.to_string(), lost.set_by, lost.needed_by))
}

#[test]
fn only_settings_with_constant_values_are_repeated() {
    let repeated = [
        ("SET NAMES utf8mb4 COLLATE utf8mb4_bin", Mysql),
        ("/*!40101 SET NAMES utf8 */", Mysql),
        ("USE shop", Mysql),
        ("SET SESSION a = 1, b = 'x', @@session.c = OFF, @@d = ON", Mysql),
        ("SET @a = 1, @b := concat('x', @a), @`c d` = NULL", Mysql),
        ("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", Mysql),
        ("SET ROLE a", Mysql),
        ("SET sql_mode = @old", Mysql),
        ("SET search_path TO a, b", Postgres),
        ("SET SESSION AUTHORIZATION a", Postgres),
        ("SELECT pg_catalog.set_config('search_path', '', false)", Postgres),
        ("RESET ALL", Postgres),
        ("LISTEN a", Postgres),
        ("PRAGMA main.foreign_keys = ON", Sqlite),
        ("ATTACH 'a' AS b", Sqlite),
    ];
    for (sql, dialect) in repeated {
        let session = of(sql, dialect);
        assert!(session.is_repeatable() && session.kept().count() == 0, "{sql}: {session:?}");
    }
    let not = [
        ("SET GLOBAL a = 1", Mysql),
        ("SET @@global.a = 1, b = 2", Mysql),
        ("SET PASSWORD = 'a'", Mysql),
        ("SET PASSWORD FOR a = 'a'", Mysql),
        ("SET DEFAULT ROLE a FOR b", Mysql),
        ("SET @a = (SELECT max(b) FROM c)", Mysql),
        ("SET @a = NOW()", Mysql),
        ("SET @a = CURRENT_TIMESTAMP", Mysql),
        ("SET @a = LAST_INSERT_ID()", Mysql),
        ("SET @a = 1, @b = (SELECT 1)", Mysql),
        ("SET insert_id = 5", Mysql),
        ("SET STATEMENT a = 1 FOR INSERT INTO b VALUES (1)", Mysql),
        ("SELECT 1 INTO @a", Mysql),
        ("SELECT @a := 1", Mysql),
        ("BEGIN NOT ATOMIC INSERT INTO a VALUES (1); SET @b = 1; END", Mysql),
        ("PREPARE a FROM 'SELECT 1'", Mysql),
        ("SET LOCAL a = 1", Postgres),
        ("SELECT set_config('a', 'b', true)", Postgres),
        ("SELECT set_config('a', max(b), false) FROM c", Postgres),
        ("INSERT INTO a SELECT set_config('b', 'c', false)", Postgres),
        ("DO $$ BEGIN SET a = 1; INSERT INTO b VALUES (1); END $$", Postgres),
        ("DISCARD ALL", Postgres),
        ("PRAGMA user_version = 5", Sqlite),
        ("PRAGMA wal_checkpoint(FULL)", Sqlite),
        ("PRAGMA foreign_keys", Sqlite),
    ];
    for (sql, dialect) in not {
        assert!(!of(sql, dialect).is_repeatable(), "{sql}");
    }
}

#[test]
fn what_ends_a_state_is_not_repeated() {
    for (sql, dialect) in
        [("DEALLOCATE PREPARE s", Mysql), ("DROP PREPARE s", Mysql), ("DEALLOCATE s", Postgres)]
    {
        assert!(!of(sql, dialect).is_repeatable(), "{sql}");
    }
}

#[test]
fn what_is_read_of_the_server_is_kept() {
    let kept = [
        ("SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO'", Mysql, "old_sql_mode"),
        (
            "/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */",
            Mysql,
            "old_character_set_client",
        ),
        ("SET sql_mode = concat(@@sql_mode, ',ANSI')", Mysql, "sql_mode"),
        ("SET SESSION a = DEFAULT", Mysql, "a"),
        ("SET GLOBAL a = 1, SESSION b = 2", Mysql, "b"),
        ("BEGIN NOT ATOMIC DECLARE v INT; SET v = 1; SET sql_mode = ''; END", Mysql, "sql_mode"),
        ("INSERT INTO a SELECT set_config('B.c', 'd', false)", Postgres, "b.c"),
        ("DO $$ BEGIN IF a THEN SET b = 1; END IF; END $$", Postgres, "b"),
        ("RESET a", Postgres, "a"),
    ];
    for (sql, dialect, name) in kept {
        let session = of(sql, dialect);
        let kept: Vec<_> = session.kept().collect();
        let is = |state: &SessionState| match state {
            SessionState::Setting(of) | SessionState::Variable(of) => of == name,
            _ => false,
        };
        assert!(kept.len() == 1 && is(kept[0]), "{sql}: {session:?}");
    }
}

/// The SQL, the state that is lost, the statement that sets it and the one that needs it.
#[rustfmt::skip]
const LOST: &[(&str, Dialect, &str, usize, usize)] = &[
    ("SET @v = (SELECT 1); SELECT 2; DELETE FROM a WHERE b = @v", Mysql, "the variable `@v`", 1, 3),
    ("SELECT max(a) INTO @V FROM b; UPDATE c SET d = @v", Mysql, "the variable `@v`", 1, 2),
    ("CALL p(@v); INSERT INTO a VALUES (@v)", Mysql, "the variable `@v`", 1, 2),
    ("CALL p(); INSERT INTO a VALUES (@v)", Mysql, "the variable `@v`", 1, 2),
    ("PREPARE s FROM @a; EXECUTE s; DEALLOCATE PREPARE s", Mysql, "the prepared statement `s`", 1, 2),
    ("CREATE TEMPORARY TABLE t (a INT); INSERT INTO b SELECT a FROM `T`", Mysql, "the temporary `t`", 1, 2),
    ("CREATE TEMPORARY TABLE t (a INT); DROP TABLE IF EXISTS t", Mysql, "the temporary `t`", 1, 2),
    ("CREATE TEMPORARY TABLE t (a INT); CALL p()", Mysql, "the temporary `t`", 1, 2),
    ("HANDLER t OPEN AS h; HANDLER h READ NEXT", Mysql, "the cursor `h`", 1, 2),
    ("INSERT INTO a VALUES (1); INSERT INTO b VALUES (last_insert_id())", Mysql, "the key that was generated last", 1, 2),
    ("UPDATE a SET b = 1; SET @n = ROW_COUNT()", Mysql, "the number of rows of the last statement", 1, 2),
    ("CREATE TEMP TABLE t AS SELECT 1; INSERT INTO a SELECT * FROM t", Postgres, "the temporary `t`", 1, 2),
    ("SELECT 1 INTO TEMP t; ALTER TABLE pg_temp.t ADD b int", Postgres, "the temporary `t`", 1, 2),
    ("PREPARE p AS SELECT 1; CREATE TABLE a AS EXECUTE p", Postgres, "the prepared statement `p`", 1, 2),
    ("DECLARE c CURSOR WITH HOLD FOR SELECT 1; FETCH NEXT FROM c", Postgres, "the cursor `c`", 1, 2),
    ("INSERT INTO a VALUES (1); UPDATE b SET c = lastval()", Postgres, "the key that was generated last", 1, 2),
    ("CREATE TEMP TABLE t (a); INSERT INTO t VALUES (1)", Sqlite, "the temporary `t`", 1, 2),
    ("INSERT INTO a VALUES (1); INSERT INTO b VALUES (last_insert_rowid())", Sqlite, "the key that was generated last", 1, 2),
];

#[test]
fn what_no_other_session_can_be_given_is_found() {
    for (sql, dialect, state, set_by, needed_by) in LOST {
        assert_eq!(lost(sql, *dialect), Some(((*state).to_owned(), *set_by, *needed_by)), "{sql}");
    }
}

#[test]
fn what_can_be_given_again_is_not_refused() {
    let passes = [
        ("SET @v = (SELECT 1); SET @v = 1; DELETE FROM a WHERE b = @v", Mysql),
        (
            "SET @r = 0; UPDATE a SET b = (@r := @r + 1); SET @r = 0; UPDATE c SET b = (@r := @r + 1)",
            Mysql,
        ),
        ("SET @v = (SELECT 1); CREATE TABLE a (b INT)", Mysql),
        (
            "CREATE TEMPORARY TABLE t (a INT); DROP TEMPORARY TABLE IF EXISTS t; INSERT INTO t VALUES (1)",
            Mysql,
        ),
        ("INSERT INTO a VALUES (1); INSERT INTO b VALUES ('last_insert_id()')", Mysql),
        ("SET @OLD=@@SQL_MODE, SQL_MODE='A'; CREATE TABLE a (b INT); SET SQL_MODE=@OLD", Mysql),
        (
            "BEGIN NOT ATOMIC PREPARE s FROM 'SELECT 1'; EXECUTE s; END; CREATE TABLE a (b INT)",
            Mysql,
        ),
        (
            "CALL p(); CREATE DEFINER=`a`@`b` VIEW c AS SELECT 1; GRANT SELECT ON c TO 'd'@'e', f@g",
            Mysql,
        ),
        (
            "SELECT 1 INTO @v; CREATE TRIGGER a BEFORE INSERT ON b FOR EACH ROW SET NEW.c = @v, @d = LAST_INSERT_ID()",
            Mysql,
        ),
        ("CREATE TEMP TABLE t (a int); INSERT INTO other VALUES ('a')", Postgres),
        ("INSERT INTO a SELECT set_config('b', 'c', false); DROP INDEX CONCURRENTLY d", Postgres),
        ("PREPARE p AS SELECT 1; DEALLOCATE ALL", Postgres),
        ("PRAGMA foreign_keys = ON; DELETE FROM a", Sqlite),
    ];
    for (sql, dialect) in passes {
        assert_eq!(lost(sql, dialect), None, "{sql}");
    }
}
