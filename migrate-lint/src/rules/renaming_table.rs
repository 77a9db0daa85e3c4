//! `RENAME TABLE`

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "renaming-table",
    group: Group::Compatibility,
    level: Level::Warn,
    dialects: &[Dialect::Mysql, Dialect::Sqlite],
    finds: "a table that gets another name, while nothing gets its old one",
    why: "The application that still runs asks for the old name and fails.",
    rewrite: "Leave a view of the old name behind until no running release uses it: `CREATE VIEW old AS SELECT * \
             FROM new`.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        for (from, to) in read.renamed_tables() {
            if script.is_new(read, from) || script.is_given_again(read, from) {
                continue;
            }
            let (old, new) = (from.value(), to.value());
            report.instead(
                read,
                0..read.statement.text().len(),
                format!("what still uses `{old}` fails"),
                format!(
                    "Leave a view behind until nothing uses the old name: `CREATE VIEW {old} AS SELECT * FROM \
                     {new}`."
                ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{advice, found_in};

    #[test]
    fn in_every_form() {
        for sql in ["ALTER TABLE a RENAME TO b", "ALTER TABLE a RENAME b", "RENAME TABLE a TO b"] {
            assert_eq!(found_in(&RULE, Dialect::Mysql, sql), [sql]);
            let [rewrite] = &*advice(&RULE, Dialect::Mysql, sql, None) else { panic!("{sql}") };
            assert!(rewrite.ends_with("`CREATE VIEW a AS SELECT * FROM b`."), "{rewrite}");
        }
    }

    #[test]
    fn a_name_that_stays_in_use_breaks_nobody() {
        for sql in [
            "ALTER TABLE a RENAME TO b; CREATE VIEW a AS SELECT * FROM b",
            "CREATE TABLE c (d INT); RENAME TABLE a TO b, c TO a",
            "CREATE TABLE c (d INT); DROP TABLE a; ALTER TABLE c RENAME TO a",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Mysql, sql), [""; 0]);
        }
    }
}
