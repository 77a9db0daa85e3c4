use crate::session::Traces;
use crate::statement::split;
use crate::text::Dialect::{self, Mysql, Sqlite};

fn traces(sql: &str, dialect: Dialect) -> Traces {
    let mut traces = Traces::new(dialect);
    for statement in split(sql, dialect).expect("whole") {
        traces.note(&statement);
    }
    traces
}

#[test]
fn what_mysql_cannot_list_is_undone_by_name() {
    let undone = [
        ("SET @a = 1, @`B c` := 2", &["SET @`a` = NULL", "SET @`b c` = NULL"][..]),
        ("SELECT x, y INTO @a, @b FROM t", &["SET @`a` = NULL", "SET @`b` = NULL"]),
        ("SELECT @n := @n + 1", &["SET @`n` = NULL"]),
        (
            "CREATE TEMPORARY TABLE IF NOT EXISTS `a b` (c int)",
            &["DROP TEMPORARY TABLE IF EXISTS `a b`"],
        ),
        (
            "CREATE OR REPLACE TEMPORARY TABLE d.a SELECT 1",
            &["DROP TEMPORARY TABLE IF EXISTS `d`.`a`"],
        ),
        ("USE d; CREATE TEMPORARY TABLE a (c int)", &["DROP TEMPORARY TABLE IF EXISTS `d`.`a`"]),
        (
            "CREATE TEMPORARY TABLE a (c int); ALTER TABLE a RENAME TO b",
            &["DROP TEMPORARY TABLE IF EXISTS `a`", "DROP TEMPORARY TABLE IF EXISTS `b`"],
        ),
        (
            "EXECUTE IMMEDIATE 'create temporary table a (b int)'",
            &["DROP TEMPORARY TABLE IF EXISTS `a`"],
        ),
        ("PREPARE p FROM 'SELECT 1'", &["PREPARE `p` FROM 'DO 0'", "DEALLOCATE PREPARE `p`"]),
        (
            "SELECT GET_LOCK('a', 1), GET_LOCK('a', 1)",
            &["DO RELEASE_LOCK('a')", "DO RELEASE_LOCK('a')"],
        ),
        (
            "DO GET_LOCK(concat(database(), '.a'), 10)",
            &["DO RELEASE_LOCK(concat(database(),'.a'))"],
        ),
        ("HANDLER t OPEN AS h", &["HANDLER `h` CLOSE"]),
        (
            "SET SESSION a = 1, @@b = 2, GLOBAL c = 3, @@global.d = 4, e = concat(1, 2); SET NAMES latin1",
            &[
                "SET SESSION `a` = DEFAULT",
                "SET SESSION `b` = DEFAULT",
                "SET SESSION `e` = DEFAULT",
            ],
        ),
        ("HANDLER t OPEN", &["HANDLER `t` CLOSE"]),
        (
            "BEGIN NOT ATOMIC CREATE TEMPORARY TABLE a (b int); END",
            &["DROP TEMPORARY TABLE IF EXISTS `a`"],
        ),
    ];
    for (sql, undo) in undone {
        assert_eq!(traces(sql, Mysql).undo(), undo, "{sql}");
    }
}

#[test]
fn what_was_undone_is_not_left() {
    let none: [(&str, Dialect); 9] = [
        ("SET @a = 1; SET @a = NULL", Mysql),
        ("CREATE TEMPORARY TABLE a (b int); DROP TEMPORARY TABLE IF EXISTS a", Mysql),
        ("PREPARE p FROM 'SELECT 1'; EXECUTE p; DEALLOCATE PREPARE p", Mysql),
        ("DO GET_LOCK('a', 1); DO RELEASE_LOCK('a')", Mysql),
        ("HANDLER t OPEN AS h; HANDLER h CLOSE", Mysql),
        ("CREATE PROCEDURE p() BEGIN SET @a = 1; CREATE TEMPORARY TABLE a (b int); END", Mysql),
        ("SELECT @a; INSERT INTO t VALUES (@b)", Mysql),
        ("ATTACH 'a' AS b; DETACH DATABASE b", Sqlite),
        ("CREATE TEMP TABLE a (b); DROP TABLE a", Sqlite),
    ];
    for (sql, dialect) in none {
        assert_eq!(traces(sql, dialect).left(), [""; 0], "{sql}");
    }
    let left = traces("SET @a = 1; SET @a = NULL; SET @a = 2", Mysql).left();
    assert_eq!(left, ["the user variable `@a`"]);
}

#[test]
fn sqlites_are_named_for_scripts() {
    let sql = "CREATE TEMP TABLE a (b); CREATE TEMP VIEW v AS SELECT 1; CREATE TABLE temp.\"c d\" (e); \
               ALTER TABLE a RENAME TO f; ATTACH DATABASE ':memory:' AS g; PRAGMA query_only = 1";
    assert_eq!(
        traces(sql, Sqlite).undo_left(),
        [
            "DROP VIEW IF EXISTS temp.\"v\"",
            "DROP TABLE IF EXISTS temp.\"c d\"",
            "DROP TABLE IF EXISTS temp.\"f\"",
            "DETACH \"g\"",
            "PRAGMA query_only = OFF",
        ]
    );
}
