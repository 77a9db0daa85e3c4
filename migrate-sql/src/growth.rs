//! Twice the text takes twice the effort, not four times.

use std::slice;

use crate::effort;
use crate::reverse::reverse;
use crate::statement::{Statement, split};
use crate::text::Dialect;

/// A piece of a migration for each number. All of them can be undone.
fn pieces(number: usize) -> [String; 6] {
    [
        format!(
            "CREATE TABLE a{number} (id INT PRIMARY KEY, b INT, c VARCHAR(9) DEFAULT 'open a1')"
        ),
        format!("CREATE INDEX i{number} ON a{number} (b)"),
        format!("ALTER TABLE a{number} ADD COLUMN d{number} VARCHAR(9) DEFAULT 'none of a1'"),
        format!("CREATE VIEW v{number} AS SELECT b FROM a{number} WHERE c = 'of i1'"),
        format!("ALTER TABLE old{number} ADD COLUMN e INT"),
        format!(
            "CREATE TABLE t{number} (b INT); ALTER TABLE t{number} RENAME TO s{number}; DROP TABLE s{number}"
        ),
    ]
}

/// The effort that many pieces take: of one kind, or of all kinds, each kind by itself or in turns.
fn effort(count: usize, kinds: &[usize], in_turns: bool, work: impl Fn(&str)) -> u64 {
    let all = (0..count).map(pieces);
    let of = |kind: &usize| all.clone().map(|pieces| pieces[*kind].clone()).collect::<Vec<_>>();
    let sql = if in_turns {
        all.clone().flatten().collect()
    } else {
        kinds.iter().flat_map(of).collect::<Vec<_>>()
    };
    let sql = sql.join(";\n");
    effort::of(|| work(&sql))
}

fn grows_with_the_text(what: &str, work: impl Fn(&str)) {
    const ALL: &[usize] = &[0, 1, 2, 3, 4, 5];
    let alone = ALL.iter().map(|kind| (slice::from_ref(kind), false));
    for (kinds, in_turns) in alone.chain([(ALL, false), (ALL, true)]) {
        let [once, twice] = [200, 400].map(|count| effort(count, kinds, in_turns, &work));
        assert!(
            2 * twice <= 5 * once,
            "{what} of {kinds:?}: {once} steps, and {twice} for twice as much"
        );
    }
}

#[test]
fn splitting_grows_with_the_text() {
    for dialect in Dialect::ALL {
        grows_with_the_text("split", |sql| drop(split(sql, dialect).unwrap()));
    }
}

#[test]
fn every_question_grows_with_the_statement() {
    for dialect in Dialect::ALL {
        let ask = |statement: &Statement<'_>| {
            drop((statement.kind(), statement.ddl(), statement.effects(), statement.session()));
        };
        grows_with_the_text("questions", |sql| split(sql, dialect).unwrap().iter().for_each(ask));
    }
}

#[test]
fn undoing_grows_with_the_text() {
    for dialect in Dialect::ALL {
        grows_with_the_text("reverse", |sql| drop(reverse(sql, dialect).unwrap()));
    }
}
