//! Roles that no right stops

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "powerful-role",
    group: Group::Security,
    level: Level::Warn,
    dialects: &[Dialect::Postgres],
    finds: "roles that are made or altered to be `SUPERUSER` or `BYPASSRLS`",
    why: "A superuser may do everything, reading the server's files included; `BYPASSRLS` sees \
          every row whatever the policies say.",
    rewrite: "Grant the rights that are needed, one by one.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        let mut tokens = read.statement.tokens();
        let is_role = tokens.next().is_some_and(|first| first.is_any_word(&["CREATE", "ALTER"]))
            && tokens.next().is_some_and(|kind| kind.is_any_word(&["ROLE", "USER", "GROUP"]));
        if !is_role {
            continue;
        }
        // Its name comes first, and may be one of these words.
        if let Some(word) =
            tokens.skip(1).find(|word| word.is_any_word(&["SUPERUSER", "BYPASSRLS"]))
        {
            let message = format!("no right and no policy stops a role that is {}", word.text());
            report.span(read, word.span(), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn with_and_without() {
        for (sql, word) in [
            ("CREATE ROLE a SUPERUSER", "SUPERUSER"),
            ("ALTER USER a WITH LOGIN bypassrls", "bypassrls"),
        ] {
            assert_eq!(found_in(&RULE, Dialect::Postgres, sql), [word]);
        }
        for sql in [
            "CREATE ROLE a NOSUPERUSER NOBYPASSRLS",
            "CREATE ROLE superuser",
            "CREATE TABLE a (superuser bool)",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Postgres, sql), [""; 0], "{sql}");
        }
    }
}
