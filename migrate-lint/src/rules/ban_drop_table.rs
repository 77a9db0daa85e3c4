//! `DROP TABLE`

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "ban-drop-table",
    group: Group::DataLoss,
    level: Level::Warn,
    dialects: &[Dialect::Mysql, Dialect::Sqlite],
    finds: "`DROP TABLE` of a table that was there before",
    why: "Its rows are lost, and the application that still runs fails.",
    rewrite: "Stop using it first; rename it in one release, drop it in a later one.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        for table in read.dropped_tables() {
            if !script.is_new(read, table) && !script.is_rebuilt(read, table) {
                let message = format!("all rows of `{}` are lost", table.value());
                report.span(read, table.span(), message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{found_in, messages};

    #[test]
    fn each_table_that_was_there_before() {
        let sql = "CREATE TABLE a (b INT); DROP TABLE a, shop.`b`";
        assert_eq!(found_in(&RULE, Dialect::Mysql, sql), ["shop.`b`"]);
        assert_eq!(messages(&RULE, Dialect::Mysql, sql), ["all rows of `b` are lost"]);
    }

    #[test]
    fn a_rebuild_keeps_the_rows_if_it_copies_them() {
        let rebuild = |copy: &str| {
            format!("CREATE TABLE new (b); {copy} DROP TABLE old; ALTER TABLE new RENAME TO old")
        };
        let copied = rebuild("INSERT INTO new SELECT b FROM \"old\";");
        assert_eq!(found_in(&RULE, Dialect::Sqlite, &copied), [""; 0]);
        for lost in [rebuild(""), rebuild("INSERT INTO new SELECT b FROM other;")] {
            assert_eq!(found_in(&RULE, Dialect::Sqlite, &lost), ["old"]);
        }
    }

    #[test]
    fn a_copy_that_took_the_name_keeps_the_rows() {
        let swap = "RENAME TABLE a TO old, new TO a; DROP TABLE old";
        let copied = format!("CREATE TABLE new LIKE a; INSERT INTO new SELECT * FROM a; {swap}");
        assert_eq!(found_in(&RULE, Dialect::Mysql, &copied), [""; 0]);
        let empty = format!("CREATE TABLE new LIKE a; {swap}");
        assert_eq!(found_in(&RULE, Dialect::Mysql, &empty), ["old"]);
    }

    #[test]
    fn a_table_of_the_session_is_nobody_elses() {
        assert_eq!(found_in(&RULE, Dialect::Mysql, "DROP TEMPORARY TABLE a"), [""; 0]);
    }
}
