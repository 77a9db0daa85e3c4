//! `INT(11)`

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::{Dialect, Level, tokens};

pub(crate) const RULE: Rule = Rule {
    id: "display-width",
    group: Group::Design,
    level: Level::Allow,
    dialects: &[Dialect::Mysql],
    finds: "an integer with a width, like `INT(11)`; `TINYINT(1)`, which means a boolean, and `ZEROFILL` are let be",
    why: "The number limits nothing: `INT(3)` holds what `INT` holds. MySQL 8.0.19 forgets it, so what a schema \
         says and what the server answers differ.",
    rewrite: "Leave out the width.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        for column in read.columns().into_iter().filter(|column| has_width(column.data_type)) {
            let message = format!("the width of `{}` limits nothing", column.data_type);
            report.span(read, column.span.clone(), message);
        }
    }
}

fn has_width(data_type: &str) -> bool {
    const INTEGERS: &[&str] = &["TINYINT", "SMALLINT", "MEDIUMINT", "INT", "INTEGER", "BIGINT"];
    let tokens: Vec<_> = tokens(data_type, Dialect::Mysql).collect();
    let [name, open, width, ..] = &*tokens else { return false };
    let is_boolean = name.is_word("TINYINT") && width.text() == "1";
    let is_filled = tokens.iter().any(|token| token.is_word("ZEROFILL"));
    name.is_any_word(INTEGERS) && open.is_mark("(") && !is_boolean && !is_filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn of_integers() {
        let sql = "CREATE TABLE a (b INT(11) NOT NULL, c BIGINT (20) UNSIGNED, d INT, e TINYINT(1), f INT(5) ZEROFILL, \
                   g VARCHAR(11))";
        let places = ["b INT(11) NOT NULL", "c BIGINT (20) UNSIGNED"];
        assert_eq!(found_in(&RULE, Dialect::Mysql, sql), places);
        let sql = "ALTER TABLE a ADD b INT(3), MODIFY c INT(4)";
        assert_eq!(found_in(&RULE, Dialect::Mysql, sql), ["b INT(3)", "c INT(4)"]);
    }
}
