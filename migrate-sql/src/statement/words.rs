//! The words by which messages call a statement.

use super::{Reader, Statement};
use crate::statement::{StatementKind, With};
use crate::text::TokenKind;

/// What may stand between `CREATE` and the kind of an object.
const MODIFIERS: &[&str] = &[
    "CONSTRAINT",
    "FULLTEXT",
    "GLOBAL",
    "LOCAL",
    "OR",
    "PROCEDURAL",
    "RECURSIVE",
    "REPLACE",
    "SPATIAL",
    "TEMP",
    "TEMPORARY",
    "TRUSTED",
    "UNIQUE",
    "UNLOGGED",
    "VIRTUAL",
];

/// The kinds of objects that take more than one word.
const KINDS: &[&[&str]] = &[
    &["ACCESS", "METHOD"],
    &["DEFAULT", "CONVERSION"],
    &["DEFAULT", "PRIVILEGES"],
    &["EVENT", "TRIGGER"],
    &["FOREIGN", "DATA", "WRAPPER"],
    &["FOREIGN", "TABLE"],
    &["LARGE", "OBJECT"],
    &["MATERIALIZED", "VIEW"],
    &["OPERATOR", "CLASS"],
    &["OPERATOR", "FAMILY"],
    &["PACKAGE", "BODY"],
    &["REFERENCE", "SYSTEM"],
    &["RESOURCE", "GROUP"],
    &["TEXT", "SEARCH", "CONFIGURATION"],
    &["TEXT", "SEARCH", "DICTIONARY"],
    &["TEXT", "SEARCH", "PARSER"],
    &["TEXT", "SEARCH", "TEMPLATE"],
    &["USER", "MAPPING"],
];

/// What follows the first word of other statements and belongs to what they are called.
const SECOND: &[(&str, &[&str])] = &[
    ("COMMENT", &["ON"]),
    ("EXPLAIN", &["ANALYZE"]),
    ("IMPORT", &["FOREIGN", "SCHEMA"]),
    ("LOAD", &["DATA"]),
    ("LOAD", &["XML"]),
    ("LOAD", &["INDEX"]),
    ("REASSIGN", &["OWNED"]),
    ("REFRESH", &["MATERIALIZED", "VIEW"]),
    ("RENAME", &["TABLE"]),
    ("RENAME", &["TABLES"]),
    ("RENAME", &["USER"]),
    ("SECURITY", &["LABEL"]),
    ("SET", &["STATEMENT"]),
];

/// No word of SQL is longer.
const LONGEST: usize = 24;

pub(super) fn of(statement: &Statement<'_>) -> String {
    let mut words = Reader::new(statement);
    while words.eat_mark("(") {}
    let first = words.next().map_or(statement.text(), |token| token.text());
    let first: String = first.chars().take(LONGEST).collect::<String>().to_ascii_uppercase();
    match first.as_str() {
        "ALTER" | "CREATE" | "DROP" => format!("{first}{}", object(&mut words)),
        "SELECT" if statement.kind() == StatementKind::Ddl => "SELECT INTO".to_owned(),
        "WITH" => {
            let word = With::read(&mut words).word();
            word.map_or(first, |word| format!("WITH ... {word}"))
        }
        _ => {
            let more = SECOND
                .iter()
                .find(|(word, more)| *word == first && words.eat_all(more))
                .map_or(&[][..], |(_, more)| *more);
            [&[first.as_str()], more].concat().join(" ")
        }
    }
}

/// The words of an object's kind, each behind a blank.
fn object(words: &mut Reader<'_>) -> String {
    let mut found = String::new();
    let mut push = |word: &str| {
        found.push(' ');
        found.push_str(word);
    };
    loop {
        if let Some(word) = MODIFIERS.iter().find(|word| words.eat(word)) {
            push(word);
        } else if !skip_attribute(words) {
            break;
        }
    }
    if let Some(kind) = KINDS.iter().find(|kind| words.eat_all(kind)) {
        kind.iter().for_each(|word| push(word));
    } else if let Some(word) = words.peek().filter(|token| token.kind() == TokenKind::Word) {
        push(&word.text().to_ascii_uppercase());
    }
    found
}

/// Takes what MySQL says of who defines an object and how: `DEFINER = user@host`, `SQL SECURITY INVOKER`.
fn skip_attribute(words: &mut Reader<'_>) -> bool {
    if words.eat_all(&["SQL", "SECURITY"]) {
        words.next();
        return true;
    }
    if !words.eat_any(&["ALGORITHM", "DEFINER"]) {
        return false;
    }
    words.eat_mark("=");
    words.next();
    words.eat_group();
    // A host without quotes is read as a variable, one with quotes as a mark and a name.
    if words.peek().is_some_and(|token| token.text().starts_with('@'))
        && words.next().is_some_and(|token| token.text() == "@")
    {
        words.next();
    }
    true
}

#[cfg(test)]
mod tests {
    use Dialect::{Mysql, Postgres, Sqlite};

    use crate::statement::split;
    use crate::text::Dialect;

    #[test]
    fn what_it_is_without_whose() {
        let cases = [
            ("create or replace temp view a as select 1", Postgres, "CREATE OR REPLACE TEMP VIEW"),
            ("DROP TABLE table_", Postgres, "DROP TABLE"),
            (
                "ALTER TEXT SEARCH CONFIGURATION user OWNER TO b",
                Postgres,
                "ALTER TEXT SEARCH CONFIGURATION",
            ),
            ("DROP USER mapping", Postgres, "DROP USER MAPPING"),
            ("(SELECT 1 INTO a)", Postgres, "SELECT INTO"),
            ("WITH a AS (DELETE FROM b RETURNING *) SELECT 1", Postgres, "WITH ... DELETE"),
            ("COMMENT ON TABLE a IS 'b'", Postgres, "COMMENT ON"),
            (
                "CREATE DEFINER=`a`@`b` SQL SECURITY INVOKER VIEW c AS SELECT 1",
                Mysql,
                "CREATE VIEW",
            ),
            ("CREATE DEFINER = CURRENT_USER() PROCEDURE a() SELECT 1", Mysql, "CREATE PROCEDURE"),
            ("CREATE ALGORITHM = MERGE DEFINER = a@b VIEW c AS SELECT 1", Mysql, "CREATE VIEW"),
            ("/*!40000 DROP TABLE a */", Mysql, "DROP TABLE"),
            ("CREATE VIRTUAL TABLE a USING b", Sqlite, "CREATE VIRTUAL TABLE"),
            ("CREATE", Sqlite, "CREATE"),
            ("((", Sqlite, "(("),
            ("'a'", Sqlite, "'A'"),
        ];
        for (sql, dialect, words) in cases {
            assert_eq!(split(sql, dialect).unwrap()[0].words(), words, "{sql}");
        }
    }
}
