//! `WITH GRANT OPTION`

use super::grant;
use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "grant-with-grant-option",
    group: Group::Security,
    level: Level::Allow,
    dialects: &[Dialect::Postgres, Dialect::Mysql],
    finds: "`GRANT … WITH GRANT OPTION` and `WITH ADMIN OPTION`",
    why: "Who gets the right may give it on, so no migration says any more who has it.",
    rewrite: "Leave it out, and grant to each role that needs the right.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        if let Some(grant) = grant::grant(read)
            && grant.grantable
        {
            report.statement(read, "lets those who get the right give it on");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn with_and_without() {
        for sql in ["GRANT SELECT ON a TO b WITH GRANT OPTION", "GRANT a TO b WITH ADMIN OPTION"] {
            assert_eq!(found_in(&RULE, Dialect::Postgres, sql), [sql]);
        }
        for sql in ["GRANT SELECT ON a TO b", "REVOKE GRANT OPTION FOR SELECT ON a FROM b"] {
            assert_eq!(found_in(&RULE, Dialect::Postgres, sql), [""; 0]);
        }
    }
}
