use Dialect::{Mysql, Postgres, Sqlite};

use super::*;

fn texts(sql: &str, dialect: Dialect) -> Vec<&str> {
    tokens(sql, dialect).map(|token| token.text()).collect()
}

/// The one token that the text is.
fn one(sql: &str, dialect: Dialect) -> TokenKind {
    let all: Vec<_> = tokens(sql, dialect).collect();
    assert_eq!(all.len(), 1, "{sql} is {all:?}");
    assert!(all[0].is_terminated(), "{sql}");
    all[0].kind()
}

#[test]
fn strings_of_postgres() {
    for sql in [
        "'it''s'",
        r"'\'",
        r"E'\''",
        r"e'a\\'",
        r"U&'\0061'",
        "B'01'",
        "x'ff'",
        "N'a'",
        "$$a'b$$",
        "$a$ $b$ $$ $a$",
        "$é$;$é$",
    ] {
        assert_eq!(one(sql, Postgres), TokenKind::String, "{sql}");
    }
    assert_eq!(one(r#"U&"\0061""#, Postgres), TokenKind::QuotedIdentifier);
    assert_eq!(one(r#""a"";b""#, Postgres), TokenKind::QuotedIdentifier);
}

#[test]
fn dollars_of_postgres() {
    assert_eq!(one("a$b$", Postgres), TokenKind::Word);
    assert_eq!(one("$12", Postgres), TokenKind::Parameter);
    assert_eq!(texts("1$$;$$", Postgres), ["1", "$$;$$"]);
    assert_eq!(texts("$1$a$", Postgres), ["$1", "$a$"]);
    assert_eq!(texts("$a b", Postgres), ["$", "a", "b"]);
}

#[test]
fn backslashes_go_on_in_joined_strings_of_postgres() {
    assert_eq!(texts("E'a' -- b\n'\\';' c", Postgres), ["E'a'", "-- b", "'\\';'", "c"]);
    assert_eq!(texts("E'a'\n'b'\n'\\''", Postgres).last(), Some(&"'\\''"));
    assert_eq!(texts("E'a', '\\' c", Postgres).last(), Some(&"c"));
}

#[test]
fn comments_nest_in_postgres_only() {
    assert_eq!(one("/* /* */ */", Postgres), TokenKind::Comment);
    assert_eq!(texts("/* /* */ */", Sqlite), ["/* /* */", "*", "/"]);
    assert_eq!(texts("/*/ */", Mysql), ["/*/ */"]);
}

#[test]
fn line_comments() {
    assert_eq!(texts("-- a\rb", Postgres), ["-- a", "b"]);
    assert_eq!(one("-- a\rb", Sqlite), TokenKind::Comment);
    assert_eq!(texts("1--1", Mysql), ["1", "-", "-", "1"]);
    assert_eq!(one("--\t1", Mysql), TokenKind::Comment);
    assert_eq!(one("--", Mysql), TokenKind::Comment);
    assert_eq!(one("#a;", Mysql), TokenKind::Comment);
}

#[test]
fn operators_of_postgres() {
    assert_eq!(texts("a=-1", Postgres), ["a", "=", "-", "1"]);
    assert_eq!(texts("a@-1", Postgres), ["a", "@-", "1"]);
    assert_eq!(texts("a<--b", Postgres), ["a", "<", "--b"]);
    assert_eq!(texts("a*/*b*/c", Postgres), ["a", "*", "/*b*/", "c"]);
    assert_eq!(texts("a::b:=c:d", Postgres), ["a", "::", "b", ":=", "c", ":", "d"]);
    assert_eq!(texts("+-+", Postgres), ["+", "-", "+"]);
    assert_eq!(texts("a#>>b", Postgres), ["a", "#>>", "b"]);
}

#[test]
fn operators_of_the_others() {
    assert_eq!(texts("a<=>b->>'c'||d", Mysql), ["a", "<=>", "b", "->>", "'c'", "||", "d"]);
    assert_eq!(texts("a==-1", Sqlite), ["a", "==", "-", "1"]);
}

#[test]
fn numbers() {
    for sql in ["1", "1.5", ".5", "1.", "1e-5", "1.5E+3", "0xFF", "1_000"] {
        assert_eq!(one(sql, Postgres), TokenKind::Number, "{sql}");
    }
    assert_eq!(texts("1..9", Mysql), ["1", "..", "9"]);
    assert_eq!(texts("0xe-1", Sqlite), ["0xe", "-", "1"]);
    assert_eq!(one("1a$é", Mysql), TokenKind::Number);
}

#[test]
fn names_of_mysql() {
    assert_eq!(one("`a``;b`", Mysql), TokenKind::QuotedIdentifier);
    assert_eq!(one(r#""a\";b""#, Mysql), TokenKind::String);
    assert_eq!(one("$a", Mysql), TokenKind::Word);
    for sql in ["@a.b", "@@session.sql_mode", "?"] {
        assert_eq!(one(sql, Mysql), TokenKind::Parameter, "{sql}");
    }
    assert_eq!(texts("root@'%'", Mysql), ["root", "@", "'%'"]);
    assert_eq!(texts("l:LOOP", Mysql), ["l", ":", "LOOP"]);
}

#[test]
fn names_of_sqlite() {
    for sql in ["[a;b]", "`a``b`", "\"a\"\"b\""] {
        assert_eq!(one(sql, Sqlite), TokenKind::QuotedIdentifier, "{sql}");
    }
    for sql in ["?", "?1", ":a", "@a", "$a", "#1"] {
        assert_eq!(one(sql, Sqlite), TokenKind::Parameter, "{sql}");
    }
    assert_eq!(one("x'00'", Sqlite), TokenKind::String);
}

#[test]
fn conditional_comments_hold_code() {
    assert_eq!(
        texts("/*!40101 SET a='*/;' */ b", Mysql),
        ["/*!40101", "SET", "a", "=", "'*/;'", "*/", "b"]
    );
    assert_eq!(texts("/*M!100100 a*/", Mysql), ["/*M!100100", "a", "*/"]);
    assert_eq!(texts("/*!a /* b */ c*/", Mysql), ["/*!", "a", "/* b */", "c", "*/"]);
    assert_eq!(texts("2 */ 3", Mysql), ["2", "*", "/", "3"]);
    assert_eq!(one("/*+ a */", Mysql), TokenKind::Hint);
    assert_eq!(one("/*! a */", Sqlite), TokenKind::Comment);
}

#[test]
fn byte_order_marks_are_blanks() {
    assert_eq!(texts("\u{feff}a \u{feff}b", Postgres), ["a", "b"]);
}

#[test]
fn what_is_cut_off_says_so() {
    for sql in ["'a", "\"a", "/* a", r"'a\'"] {
        for dialect in [Mysql, Sqlite] {
            let token = tokens(sql, dialect).last().unwrap();
            assert!(
                !token.is_terminated() || (dialect == Sqlite && sql.contains('\\')),
                "{sql} {dialect}"
            );
        }
    }
    for sql in ["$a$ $b$", "E'\\", "/* /* */", "U&\"a"] {
        assert!(!tokens(sql, Postgres).last().unwrap().is_terminated(), "{sql}");
    }
}
