//! `CREATE INDEX CONCURRENTLY IF NOT EXISTS`

use crate::reading::Reading;
use crate::report::Report;
use crate::rule::{Group, Rule};
use migrate_sql::{Dialect, Level, Outline};

pub(crate) const RULE: Rule = Rule {
    id: "concurrent-if-not-exists",
    group: Group::Correctness,
    level: Level::Deny,
    dialects: &[Dialect::Postgres],
    finds: "`CREATE INDEX CONCURRENTLY IF NOT EXISTS`",
    why: "A concurrent build that fails leaves an invalid index behind, which the next attempt \
          takes for the finished one and skips: no query ever uses it, and nothing says so.",
    rewrite: "Leave out `IF NOT EXISTS`.",
    check: Some(check),
};

fn check(reading: &Reading<'_>, report: &mut Report<'_, '_>) {
    for read in &reading.statements {
        if let Outline::CreateIndex(index) = &read.outline
            && index.concurrently
            && index.if_not_exists
        {
            report.statement(
                read,
                "`IF NOT EXISTS` takes the invalid index that a failed build leaves for a finished one",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tested::found_in;

    #[test]
    fn with_and_without() {
        let bad = "CREATE INDEX CONCURRENTLY IF NOT EXISTS a ON b (c)";
        assert_eq!(found_in(&RULE, Dialect::Postgres, bad), [bad]);
        for good in
            ["CREATE INDEX CONCURRENTLY a ON b (c)", "CREATE INDEX IF NOT EXISTS a ON b (c)"]
        {
            assert_eq!(found_in(&RULE, Dialect::Postgres, good), [""; 0]);
        }
    }
}
