//! `GRANT … TO PUBLIC`

use super::grant;
use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "grant-to-public",
    group: Group::Security,
    level: Level::Warn,
    dialects: &[Dialect::Postgres, Dialect::Mysql],
    finds: "`GRANT … TO PUBLIC`",
    why: "Every role has the right, also those that are made later for something else.",
    rewrite: "Name the roles that need it.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        if let Some(grant) = grant::grant(read)
            && grant.to_public
        {
            report.statement(
                read,
                "gives the right to every role, also to those that are made later",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn everybody_and_somebody() {
        for sql in ["GRANT SELECT ON a TO b, PUBLIC", "GRANT EXECUTE ON FUNCTION a() TO public"] {
            assert_eq!(found_in(&RULE, Dialect::Postgres, sql), [sql]);
        }
        for sql in ["GRANT USAGE ON SCHEMA public TO b", "REVOKE SELECT ON a FROM PUBLIC"] {
            assert_eq!(found_in(&RULE, Dialect::Postgres, sql), [""; 0]);
        }
    }
}
