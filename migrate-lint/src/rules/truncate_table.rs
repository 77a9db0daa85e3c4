//! `TRUNCATE`

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "truncate-table",
    group: Group::DataLoss,
    level: Level::Warn,
    dialects: &[Dialect::Postgres, Dialect::Mysql],
    finds: "`TRUNCATE`",
    why: "All rows are lost at once, without a trigger that could keep them and, in MySQL, without \
          a way back.",
    rewrite: "Delete the rows that are meant, in batches; if it is all of them, waive the rule \
              with the reason.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        if read.statement.tokens().next().is_some_and(|first| first.is_word("TRUNCATE")) {
            report.statement(read, "all rows are lost");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn the_statement_and_the_function() {
        for dialect in [Dialect::Postgres, Dialect::Mysql] {
            assert_eq!(found_in(&RULE, dialect, "TRUNCATE TABLE a"), ["TRUNCATE TABLE a"]);
            assert_eq!(found_in(&RULE, dialect, "SELECT truncate(1.5, 0)"), [""; 0]);
        }
    }
}
