//! Twice the text takes twice the effort, not four times.

use migrate_sql::{Dialect, SqlContext, effort};

use crate::lint::lint;
use crate::settings::Settings;

/// A piece of a migration for each number.
fn pieces(number: usize) -> [String; 6] {
    [
        format!("CREATE TABLE a{number} (id INT PRIMARY KEY, b INT, c VARCHAR(9) DEFAULT 'open')"),
        format!("CREATE INDEX i{number} ON a{number} (b)"),
        format!("ALTER TABLE old{number} ADD COLUMN d INT, ADD COLUMN e INT"),
        format!("CREATE VIEW v{number} AS SELECT b FROM a{number}"),
        format!("UPDATE old{number} SET d = 1 WHERE e = 2"),
        format!("ALTER TABLE a{number} RENAME TO b{number}"),
    ]
}

#[test]
fn the_effort_grows_with_the_text() {
    for dialect in Dialect::ALL {
        for in_turns in [false, true] {
            let effort = |count| {
                let all: Vec<[String; 6]> = (0..count).map(pieces).collect();
                let of = |kind: usize| all.iter().map(move |pieces| pieces[kind].clone());
                let sql: Vec<String> = if in_turns {
                    all.iter().flatten().cloned().collect()
                } else {
                    (0..6).flat_map(of).collect()
                };
                let sql = sql.join(";\n");
                effort::of(|| lint(&sql, SqlContext::new(dialect), &Settings::default()).unwrap())
            };
            let (once, twice) = (effort(100), effort(200));
            assert!(
                2 * twice <= 5 * once,
                "{dialect}: {once} steps, and {twice} for twice as much"
            );
        }
    }
}
