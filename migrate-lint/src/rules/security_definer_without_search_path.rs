//! `SECURITY DEFINER` without a `search_path`

use crate::rule::{Group, Report, Rule};
use crate::script::{ParsedScript, ParsedStatement};
use migrate_sql::{Ddl, Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "security-definer-without-search-path",
    group: Group::Security,
    level: Level::Warn,
    dialects: &[Dialect::Postgres],
    finds: "functions and procedures with `SECURITY DEFINER` that do not `SET search_path`",
    why: "It runs with its owner's rights, but looks names up where its caller says: who can make \
          a table or an operator anywhere can make it run theirs.",
    rewrite: "Add `SET search_path = pg_catalog, pg_temp`, or the schemas it needs with `pg_temp` \
              last.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        if matches!(&read.ddl, Ddl::Create(create) if create.kind.is_routine())
            && follows(read, "SECURITY", "DEFINER")
            && !follows(read, "SET", "search_path")
        {
            report.statement(
                read,
                "runs with its owner's rights what its caller's `search_path` finds",
            );
        }
    }
}

/// Whether one word stands right behind another, outside of the body.
fn follows(read: &ParsedStatement<'_>, first: &str, second: &str) -> bool {
    let tokens = read.statement.tokens();
    tokens.clone().zip(tokens.skip(1)).any(|(one, next)| {
        let name = next.text().trim_matches('"');
        one.is_word(first) && name.eq_ignore_ascii_case(second)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn with_and_without() {
        let head = "CREATE FUNCTION a() RETURNS int LANGUAGE sql";
        let bad = format!("{head} SECURITY DEFINER AS 'SELECT 1; SET search_path = b'");
        assert_eq!(found_in(&RULE, Dialect::Postgres, &bad), [&*bad]);
        for rest in [
            "AS 'SELECT 1'",
            "SECURITY INVOKER AS 'SELECT 1'",
            "SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'SELECT 1'",
            "SET \"search_path\" TO '' SECURITY DEFINER AS 'SELECT 1'",
        ] {
            let good = format!("{head} {rest}");
            assert_eq!(found_in(&RULE, Dialect::Postgres, &good), [""; 0], "{good}");
        }
    }
}
