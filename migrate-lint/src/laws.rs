//! What holds for every text.

use proptest::{collection::vec, prelude::*, sample::select};

use crate::lint::lint;
use crate::registry::rules;
use crate::settings::Settings;
use migrate_sql::{Dialect, Level, SqlContext};

const WORDS: &[&str] = &[
    "ALTER TABLE",
    "CREATE TABLE",
    "DROP TABLE",
    "RENAME TABLE",
    "CREATE INDEX",
    "INSERT INTO",
    "ADD",
    "ADD COLUMN",
    "MODIFY",
    "CHANGE",
    "RENAME TO",
    "DROP",
    "ON",
    "FROM",
    "SELECT",
    "a",
    "b",
    "`ä`",
    "INT",
    "INT(11)",
    "TEXT",
    "ENUM('x', 'ü')",
    "NOT NULL",
    "DEFAULT",
    "\"ö\"",
    "'é'",
    "(uuid())",
    "REFERENCES",
    "PRIMARY KEY",
    "UNIQUE",
    "FOREIGN KEY",
    "CHECK (a > 0)",
    "FULLTEXT",
    "STRICT",
    "ENGINE=MyISAM",
    "ENGINE",
    "CHARSET",
    "utf8",
    "COLLATE",
    "DEFINER =",
    "ALGORITHM",
    "LOCK",
    "=",
    "COPY",
    "FIRST",
    "AUTO_INCREMENT",
    "AS (a)",
    "STORED",
    "(",
    ")",
    ",",
    ";",
    "/* c */",
    "/*!50100",
    "*/",
];

fn text() -> impl Strategy<Value = String> {
    vec(select(WORDS), 0..25).prop_map(|words| words.join(" "))
}

fn dialect() -> impl Strategy<Value = Dialect> {
    select(&[Dialect::Mysql, Dialect::Sqlite])
}

fn is_closed(word: &&str) -> bool {
    !["(", "/*!50100"].contains(word)
}

/// Every rule, also those that come switched off.
fn all() -> Settings {
    Settings::new(rules().iter().map(|rule| (rule.id, Level::Warn)), []).unwrap()
}

proptest! {
    #[test]
    fn a_finding_is_a_place_in_its_statement(sql in text(), dialect in dialect()) {
        let settings = all();
        let Ok(found) = lint(&sql, SqlContext::new(dialect), &settings) else { return Ok(()) };
        let statements = migrate_sql::split(&sql, dialect).unwrap();
        for finding in found {
            let place = finding.offset..finding.offset + finding.length;
            prop_assert!(!sql.get(place.clone()).unwrap_or_default().is_empty(), "{finding:?}");
            let statement = &statements[finding.statement - 1];
            prop_assert!(statement.offset() <= place.start);
            prop_assert!(place.end <= statement.offset() + statement.text().len());
            prop_assert!(!finding.message.is_empty() && !finding.rewrite.is_empty());
        }
    }

    #[test]
    fn a_statement_with_its_clause_is_not_found_again(
        action in select(&["ADD a INT", "DROP a", "ADD INDEX (a)", "ADD (a INT)", "ENGINE = InnoDB"]),
        rest in vec(select(WORDS).prop_filter("what opens is closed", is_closed), 0..6),
    ) {
        let sql = format!("ALTER TABLE t {action} {}", rest.join(" "));
        let context = SqlContext::new(Dialect::Mysql);
        let asserted = |sql: &str| {
            let found = lint(sql, context, &Settings::default()).unwrap_or_default();
            found.into_iter().find(|finding| finding.rule.id == "unasserted-alter")
        };
        if let Some(finding) = asserted(&sql).filter(|finding| finding.rewrite.starts_with("ALTER")) {
            prop_assert!(asserted(&finding.rewrite).is_none(), "{}", finding.rewrite);
        }
    }
}
