//! `GRANT ALL`

use super::grant;
use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "grant-all",
    group: Group::Security,
    level: Level::Warn,
    dialects: &[Dialect::Postgres, Dialect::Mysql],
    finds: "`GRANT ALL`",
    why: "It gives more than reading and writing: emptying tables, making triggers and references, \
          and whatever right a later version of the server knows.",
    rewrite: "Name the rights that are needed: `GRANT SELECT, INSERT, UPDATE, DELETE ON …`.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        if let Some(grant) = grant::grant(read)
            && grant.all
        {
            report.statement(read, "gives every right there is, and those of later versions");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn all_and_some() {
        for sql in ["GRANT ALL PRIVILEGES ON a TO b", "grant all on a.* to 'b'@'%'"] {
            assert_eq!(found_in(&RULE, Dialect::Mysql, sql), [sql]);
        }
        let default = "ALTER DEFAULT PRIVILEGES IN SCHEMA a GRANT ALL ON TABLES TO b";
        assert_eq!(found_in(&RULE, Dialect::Postgres, default), [default]);
        for sql in [
            "GRANT SELECT ON ALL TABLES IN SCHEMA a TO b",
            "REVOKE ALL ON a FROM b",
            "GRANT a TO b",
            "COMMENT ON TABLE a IS 'GRANT ALL'",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Postgres, sql), [""; 0]);
        }
    }
}
