//! `AUTOINCREMENT`

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "autoincrement",
    group: Group::Design,
    level: Level::Allow,
    dialects: &[Dialect::Sqlite],
    finds: "`AUTOINCREMENT`",
    why: "`INTEGER PRIMARY KEY` numbers rows without it. With it no number is given twice, even after its row was \
          deleted, and every insert pays for that with a write to `sqlite_sequence`.",
    rewrite: "Leave it out, unless a deleted row's number must never come again.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        let spans: Vec<_> = read
            .columns()
            .iter()
            .filter(|column| column.numbered)
            .map(|column| column.span.clone())
            .collect();
        let is_numbered = |start| spans.iter().any(|span| span.contains(&start));
        for token in read.code() {
            if token.is_word("AUTOINCREMENT") && is_numbered(token.start()) {
                report.span(read, token.span(), "rows are numbered without it");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn where_rows_are_numbered() {
        let sql = "CREATE TABLE a (b INTEGER PRIMARY KEY AUTOINCREMENT, autoincrement INT)";
        assert_eq!(found_in(&RULE, Dialect::Sqlite, sql), ["AUTOINCREMENT"]);
        let sql = "CREATE TABLE a (b INTEGER PRIMARY KEY)";
        assert_eq!(found_in(&RULE, Dialect::Sqlite, sql), [""; 0]);
    }
}
