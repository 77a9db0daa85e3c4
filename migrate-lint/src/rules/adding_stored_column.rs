//! `ADD COLUMN … STORED`

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::ddl::{Action, Generated};
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "adding-stored-column",
    group: Group::Locks,
    level: Level::Warn,
    dialects: &[Dialect::Mysql],
    finds: "a generated column that is `STORED` or `PERSISTENT`, added to a table that was there before",
    why: "The table is copied to compute the value of each row, and nobody can write to it meanwhile.",
    rewrite: "Make it `VIRTUAL`: that is done at once, and it can have an index.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for (read, alter, action, span) in script.changes() {
        if let Action::AddColumn { column, .. } = action
            && column.generated == Some(Generated::Stored)
        {
            let table = alter.name.value();
            report.span(read, span, format!("copies `{table}` while nobody can write to it"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn what_is_kept_in_the_row() {
        for action in ["ADD b INT AS (c) STORED", "ADD b INT GENERATED ALWAYS AS (c) PERSISTENT"] {
            let sql = format!("ALTER TABLE a {action}");
            assert_eq!(found_in(&RULE, Dialect::Mysql, &sql), [action]);
        }
    }

    #[test]
    fn what_is_not() {
        for sql in [
            "ALTER TABLE a ADD b INT AS (c) VIRTUAL",
            "CREATE TABLE a (b INT); ALTER TABLE a ADD c INT AS (b) STORED",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Mysql, sql), [""; 0]);
        }
    }
}
