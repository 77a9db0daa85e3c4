//! `FLOAT` and `DOUBLE`

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::{Dialect, Level, tokens};

pub(crate) const RULE: Rule = Rule {
    id: "float-column",
    group: Group::Design,
    level: Level::Allow,
    dialects: &[Dialect::Mysql],
    finds: "columns of the types `FLOAT`, `DOUBLE` and `REAL`",
    why: "They hold the nearest value they can: `0.1` in a `FLOAT` is not equal to `0.1`, and sums of money go \
         wrong.",
    rewrite: "Say `DECIMAL(p, s)` for what must be exact, such as money.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        for column in read.columns() {
            let first = tokens(column.data_type, Dialect::Mysql).next();
            if first.is_some_and(|word| word.is_any_word(&["FLOAT", "DOUBLE", "REAL"])) {
                let message =
                    format!("`{}` holds the nearest value, not the exact one", column.data_type);
                report.span(read, column.span.clone(), message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn by_every_name() {
        let sql = "CREATE TABLE a (b FLOAT, c DOUBLE PRECISION, d REAL NOT NULL, e DECIMAL(9, 2), `float` INT)";
        let places = ["b FLOAT", "c DOUBLE PRECISION", "d REAL NOT NULL"];
        assert_eq!(found_in(&RULE, Dialect::Mysql, sql), places);
    }
}
