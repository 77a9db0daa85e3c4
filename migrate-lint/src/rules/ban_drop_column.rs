//! `DROP COLUMN`

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::ddl::Action;
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "ban-drop-column",
    group: Group::DataLoss,
    level: Level::Warn,
    dialects: &[Dialect::Mysql, Dialect::Sqlite],
    finds: "`DROP COLUMN` from a table that was there before",
    why: "What it holds is lost, and the application that still runs fails as soon as it names it.",
    rewrite: "First release an application that does not read or write it; drop it in a later release.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for (read, _, action, span) in script.changes() {
        if let Action::DropColumn { name, .. } = action {
            report.span(read, span, format!("what `{}` holds is lost", name.value()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn columns_and_nothing_else() {
        let sql = "ALTER TABLE a DROP b, DROP COLUMN c, DROP INDEX d, DROP PRIMARY KEY";
        assert_eq!(found_in(&RULE, Dialect::Mysql, sql), ["DROP b", "DROP COLUMN c"]);
    }

    #[test]
    fn a_new_table_loses_nothing() {
        let sql = "CREATE TABLE a (b, c); ALTER TABLE a DROP COLUMN b";
        assert_eq!(found_in(&RULE, Dialect::Sqlite, sql), [""; 0]);
    }
}
