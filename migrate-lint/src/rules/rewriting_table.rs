//! Other changes that write a table anew

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::ddl::Action;
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "rewriting-table",
    group: Group::Locks,
    level: Level::Warn,
    dialects: &[Dialect::Postgres],
    finds: "`SET LOGGED`, `SET UNLOGGED`, `SET ACCESS METHOD` and `SET TABLESPACE` of a table that \
            was there before",
    why: "The whole table is written anew or copied under an ACCESS EXCLUSIVE lock.",
    rewrite: "Make a new table so, and move the rows in batches; or do it while nobody uses the \
              table.",
    check: Some(check),
};

const REWRITES: &[&str] = &["SET LOGGED", "SET UNLOGGED", "SET ACCESS METHOD", "SET TABLESPACE"];

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for (read, alter) in script.alterations() {
        for (action, span) in &alter.actions {
            let Action::Other(text) = action else { continue };
            let words: Vec<_> = text.split_whitespace().collect();
            let words = words.join(" ").to_ascii_uppercase();
            if REWRITES.iter().any(|rewrite| words.starts_with(rewrite)) {
                let table = alter.name.text();
                let message = format!("nobody reads or writes `{table}` while it is written anew");
                report.span(read, span.clone(), message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn what_writes_and_what_does_not() {
        for bad in ["SET UNLOGGED", "SET  LOGGED", "SET TABLESPACE b", "SET ACCESS METHOD heap"] {
            let sql = format!("ALTER TABLE a {bad}");
            assert_eq!(found_in(&RULE, Dialect::Postgres, &sql), [bad]);
            let new = format!("CREATE TABLE a (b int); {sql}");
            assert_eq!(found_in(&RULE, Dialect::Postgres, &new), [""; 0]);
        }
        for good in ["SET (fillfactor = 70)", "SET SCHEMA b", "ALTER b SET STATISTICS 9"] {
            let sql = format!("ALTER TABLE a {good}");
            assert_eq!(found_in(&RULE, Dialect::Postgres, &sql), [""; 0]);
        }
    }
}
