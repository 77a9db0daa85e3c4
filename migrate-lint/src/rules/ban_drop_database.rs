//! `DROP DATABASE`

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::ddl::ObjectKind;
use migrate_sql::{Ddl, Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "ban-drop-database",
    group: Group::DataLoss,
    level: Level::Deny,
    dialects: &[Dialect::Mysql],
    finds: "`DROP DATABASE`, which MySQL also calls `DROP SCHEMA`",
    why: "Everything in it is lost, and the history of what was migrated may be in it.",
    rewrite: "Drop databases by hand, not in a migration.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        if let Ddl::Drop(drop) = &read.ddl
            && matches!(drop.kind, ObjectKind::Database | ObjectKind::Schema)
        {
            report.statement(read, "everything in the database is lost");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn by_both_names() {
        for sql in ["DROP DATABASE a", "drop schema if exists a"] {
            assert_eq!(found_in(&RULE, Dialect::Mysql, sql), [sql]);
        }
        assert_eq!(found_in(&RULE, Dialect::Mysql, "DROP TABLE `database`"), [""; 0]);
    }
}
