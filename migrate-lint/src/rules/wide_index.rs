//! Indexes of many columns

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::{Ddl, Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "wide-index",
    group: Group::Design,
    level: Level::Allow,
    dialects: &Dialect::ALL,
    finds: "indexes of more than three columns that are not unique",
    why: "Columns behind the third seldom make a query faster, but every write pays for them.",
    rewrite: "Index the columns that choose most, at most three.",
    check: Some(check),
};

const MOST: usize = 3;

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        if let Ddl::CreateIndex(index) = &read.ddl
            && !index.unique
            && index.columns.len() > MOST
        {
            let count = index.columns.len();
            report.statement(
                read,
                format!("every write of a row pays for an index of {count} columns"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn wide_and_narrow() {
        let wide = "CREATE INDEX a ON b (c, d, lower(e), f)";
        for dialect in Dialect::ALL {
            assert_eq!(found_in(&RULE, dialect, wide), [wide]);
        }
        for sql in
            ["CREATE INDEX a ON b (c, d, f(e, g, h))", "CREATE UNIQUE INDEX a ON b (c, d, e, f)"]
        {
            assert_eq!(found_in(&RULE, Dialect::Postgres, sql), [""; 0]);
        }
    }
}
