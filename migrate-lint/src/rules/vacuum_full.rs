//! `VACUUM FULL` and `CLUSTER`

use crate::rule::{Group, Report, Rule};
use crate::script::{ParsedScript, ParsedStatement};
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "vacuum-full",
    group: Group::Locks,
    level: Level::Warn,
    dialects: &[Dialect::Postgres],
    finds: "`VACUUM FULL` and `CLUSTER`, for servers before PostgreSQL 19",
    why: "The table is written anew under an ACCESS EXCLUSIVE lock.",
    rewrite: "`pg_repack` from outside; or plain `VACUUM`, which makes room for new rows and \
              blocks nobody.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    // From 19 on `prefer-repack` has better advice.
    if script.server.is_some_and(|server| server.is_at_least(19, 0)) {
        return;
    }
    for read in script.statements.iter().filter(|read| rewrites(read)) {
        report.statement(read, "nobody reads or writes the table while it is written anew");
    }
}

fn rewrites(read: &ParsedStatement<'_>) -> bool {
    let mut tokens = read.statement.tokens();
    let Some(first) = tokens.next() else { return false };
    first.is_word("CLUSTER") || first.is_word("VACUUM") && is_full(read)
}

/// `FULL` right behind, or among the options.
fn is_full(read: &ParsedStatement<'_>) -> bool {
    let mut tokens = read.statement.tokens().skip(1);
    let Some(next) = tokens.next() else { return false };
    if next.is_word("FULL") {
        return true;
    }
    if !next.is_mark("(") {
        return false;
    }
    let mut options = tokens.take_while(|token| !token.is_mark(")"));
    options.any(|token| token.is_word("FULL"))
        && !options
            .next()
            .is_some_and(|value| value.is_any_word(&["FALSE", "OFF"]) || value.text() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_for;
    use migrate_sql::SqlContext;

    #[test]
    fn full_and_plain() {
        let context = SqlContext { transaction: false, ..SqlContext::new(Dialect::Postgres) };
        for sql in [
            "VACUUM FULL a",
            "VACUUM (ANALYZE, FULL) a",
            "VACUUM (FULL true) a",
            "CLUSTER a USING b",
        ] {
            assert_eq!(found_for(&RULE, sql, context, None), [sql]);
            assert_eq!(found_for(&RULE, sql, context, Some("postgres 18")), [sql]);
            assert_eq!(found_for(&RULE, sql, context, Some("postgres 19")), [""; 0]);
        }
        for sql in ["VACUUM a", "VACUUM (ANALYZE) \"full\"", "VACUUM (FULL false) a"] {
            assert_eq!(found_for(&RULE, sql, context, None), [""; 0], "{sql}");
        }
    }
}
