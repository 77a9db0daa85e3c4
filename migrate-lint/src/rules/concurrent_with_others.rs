//! Concurrent builds beside other statements

use crate::rule::{Group, Report, Rule};
use crate::script::{ParsedScript, ParsedStatement};
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "concurrent-with-others",
    group: Group::Design,
    level: Level::Allow,
    dialects: &[Dialect::Postgres],
    finds: "a `CONCURRENTLY` statement that shares its migration with others",
    why: "Without a transaction a failure leaves the statements before it done. The runner goes on \
          behind them, but a migration of one statement is either done or not.",
    rewrite: "Give it a migration of its own.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    if script.context.transaction || script.statements.len() < 2 {
        return;
    }
    for read in script.statements.iter().filter(|read| is_concurrent(read)) {
        report.statement(
            read,
            "shares its migration with others, and each may be done while another fails",
        );
    }
}

fn is_concurrent(read: &ParsedStatement<'_>) -> bool {
    read.statement.forbids_transaction().is_some_and(|words| words.contains("CONCURRENTLY"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found;
    use migrate_sql::SqlContext;

    #[test]
    fn each_wants_to_be_alone() {
        let context = SqlContext { transaction: false, ..SqlContext::new(Dialect::Postgres) };
        let one = "DROP INDEX CONCURRENTLY a";
        let sql = format!("{one}; SELECT 1");
        assert_eq!(found(&RULE, &sql, context), [one]);
        assert_eq!(found(&RULE, one, context), [""; 0]);
        assert_eq!(found(&RULE, "SELECT 1; SELECT 2", context), [""; 0]);
    }
}
