//! Names in lower case with underscores

use super::created::created;
use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "naming-convention",
    group: Group::Design,
    level: Level::Allow,
    dialects: &Dialect::ALL,
    finds: "names of what is made that are not lower case letters, digits and underscores",
    why: "Such a name needs quotes in some place or another, and differs from one server or file \
          system to the next.",
    rewrite: "Write it in lower case, with underscores between the words.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        for name in created(read) {
            // Without quotes PostgreSQL folds capitals itself; what is made is what counts.
            let value = name.value();
            if !is_plain(&value) {
                let start = name.offset();
                let message =
                    format!("`{value}` is not lower case letters, digits and underscores");
                report.span(read, start..start + name.text().len(), message);
            }
        }
    }
}

fn is_plain(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && !name.starts_with(|first: char| first.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn names_that_need_care() {
        let sql =
            "CREATE TABLE \"Orders\" (id int, \"user id\" int, CONSTRAINT \"1st\" CHECK (true))";
        assert_eq!(
            found_in(&RULE, Dialect::Postgres, sql),
            ["\"Orders\"", "\"user id\"", "\"1st\""]
        );
        assert_eq!(found_in(&RULE, Dialect::Mysql, "CREATE INDEX `a-b` ON c (d)"), ["`a-b`"]);
        assert_eq!(found_in(&RULE, Dialect::Sqlite, "ALTER TABLE a RENAME b TO B2"), ["B2"]);
    }

    #[test]
    fn names_that_do_not() {
        for sql in [
            "CREATE TABLE Orders (id int, user_id2 int)",
            "CREATE INDEX \"orders_open\" ON \"Orders\" (\"Status\")",
            "ALTER TABLE \"Orders\" ADD total int",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Postgres, sql), [""; 0], "{sql}");
        }
    }
}
