//! Dates in SQLite, which has none.

use crate::rule::{Group, Report, Rule};
use crate::rules::strict_type;
use crate::script::ParsedScript;
use migrate_sql::{Dialect, Level, tokens};

pub(crate) const RULE: Rule = Rule {
    id: "date-affinity",
    group: Group::Design,
    level: Level::Allow,
    dialects: &[Dialect::Sqlite],
    finds: "columns of the types `DATE`, `DATETIME`, `TIME` and `TIMESTAMP`",
    why: "SQLite has no such types: the columns are numeric. `2024-01-31` stays a text, `20240131` becomes a \
         number, and both can stand side by side.",
    rewrite: "Say `TEXT` for ISO 8601, or `INTEGER` for seconds since 1970.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    const DATES: &[&str] = &["DATE", "DATETIME", "TIME", "TIMESTAMP", "TIMESTAMPTZ"];
    for read in script.statements.iter().filter(|read| !strict_type::is_strict(script, read)) {
        for column in read.columns() {
            let first = tokens(column.data_type, Dialect::Sqlite).next();
            if first.is_some_and(|word| word.is_any_word(DATES)) {
                report.span(
                    read,
                    column.span.clone(),
                    format!("`{}` is numeric to SQLite", column.data_type),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn of_every_kind() {
        let sql = "CREATE TABLE a (b DATE, c timestamp NOT NULL, d TEXT, date INTEGER)";
        assert_eq!(found_in(&RULE, Dialect::Sqlite, sql), ["b DATE", "c timestamp NOT NULL"]);
    }
}
