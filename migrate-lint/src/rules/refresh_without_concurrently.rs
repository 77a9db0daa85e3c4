//! `REFRESH MATERIALIZED VIEW`

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "refresh-without-concurrently",
    group: Group::Locks,
    level: Level::Warn,
    dialects: &[Dialect::Postgres],
    finds: "`REFRESH MATERIALIZED VIEW` without `CONCURRENTLY` or `WITH NO DATA`",
    why: "The query runs under an ACCESS EXCLUSIVE lock on the view, so nobody reads it meanwhile.",
    rewrite: "`REFRESH MATERIALIZED VIEW CONCURRENTLY`, which needs a unique index on the view.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        let mut tokens = read.statement.tokens();
        let is_refresh = tokens.next().is_some_and(|first| first.is_word("REFRESH"));
        if is_refresh && !tokens.any(|token| token.is_any_word(&["CONCURRENTLY", "NO"])) {
            report.statement(read, "nobody reads the view while its query runs");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn with_and_without() {
        let bad = "REFRESH MATERIALIZED VIEW a";
        assert_eq!(found_in(&RULE, Dialect::Postgres, bad), [bad]);
        for good in
            ["REFRESH MATERIALIZED VIEW CONCURRENTLY a", "REFRESH MATERIALIZED VIEW a WITH NO DATA"]
        {
            assert_eq!(found_in(&RULE, Dialect::Postgres, good), [""; 0]);
        }
    }
}
