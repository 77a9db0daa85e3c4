//! `UPDATE` and `DELETE` of all rows.

use crate::{
    Class, Dialect, Level,
    lint::{
        Group, Rule,
        reading::{Read, Reading},
        report::Report,
    },
};

pub(in crate::lint) const RULE: Rule = Rule {
    id: "missing-where",
    group: Group::DataLoss,
    level: Level::Warn,
    dialects: &Dialect::ALL,
    finds: "`UPDATE` and `DELETE` without a `WHERE`",
    why: "Every row is changed or lost, in one statement that locks them all until it is done.",
    rewrite: "Say which rows are meant; if it is all of them, write `WHERE true` or waive the rule with the reason.",
    check: Some(check),
};

fn check(reading: &Reading<'_>, report: &mut Report<'_, '_>) {
    for read in reading.statements.iter().filter(|read| read.class == Class::Dml) {
        if let Some(word) = changes_all(read) {
            report.statement(read, format!("`{word}` without a `WHERE` changes every row"));
        }
    }
}

/// The word of a statement that changes rows and chooses none.
fn changes_all(read: &Read<'_>) -> Option<&'static str> {
    let mut depth = 0_usize;
    let mut word = None;
    for token in read.statement.tokens() {
        if token.is_mark("(") {
            depth += 1;
        } else if token.is_mark(")") {
            depth = depth.saturating_sub(1);
        }
        if depth > 0 {
            continue;
        }
        // The names of a `WITH` may come first, with their queries in parentheses.
        match word {
            None if token.is_word("UPDATE") => word = Some("UPDATE"),
            None if token.is_word("DELETE") => word = Some("DELETE"),
            Some(_) if token.is_any_word(&["WHERE", "LIMIT"]) => return None,
            _ => {}
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::rules::tested::found_in;

    #[test]
    fn all_rows() {
        for sql in ["DELETE FROM a", "update a set b = (select 1 where true)"] {
            assert_eq!(found_in(&RULE, Dialect::Sqlite, sql), [sql]);
        }
    }

    #[test]
    fn some_rows() {
        for sql in ["DELETE FROM a WHERE b", "UPDATE a SET b = 1 FROM c WHERE c.d = a.d"] {
            assert_eq!(found_in(&RULE, Dialect::Postgres, sql), [""; 0]);
        }
    }
}
