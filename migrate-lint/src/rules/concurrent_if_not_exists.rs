//! `CREATE INDEX CONCURRENTLY IF NOT EXISTS`

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::{Ddl, Dialect, Level};

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

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        if let Ddl::CreateIndex(index) = &read.ddl
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
    use crate::rules::testing::found_in;

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
