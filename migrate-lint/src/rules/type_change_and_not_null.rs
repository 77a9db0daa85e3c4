//! A type and `NOT NULL` at once

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::ddl::{Action, ColumnChange};
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "type-change-and-not-null",
    group: Group::Locks,
    level: Level::Allow,
    dialects: &[Dialect::Postgres],
    finds: "`TYPE` and `SET NOT NULL` of one column in one `ALTER TABLE`",
    why: "A change of type that is harmless, as to a longer `varchar`, goes through every row \
          nevertheless if it comes with `SET NOT NULL`. `changing-column-type` and \
          `adding-not-nullable-field` find both halves; this is for those who have waived them.",
    rewrite: "Change the type alone; demand `NOT NULL` in a later migration, behind a validated \
              check.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for (read, alter) in script.alterations() {
        for (action, span) in &alter.actions {
            let Action::AlterColumn { name, change: ColumnChange::SetNotNull } = action else {
                continue;
            };
            let retyped = alter.actions.iter().any(|(other, _)| {
                matches!(other, Action::AlterColumn { name: column, change: ColumnChange::Type { .. } }
                    if column.is_same(name))
            });
            if retyped {
                let message = format!(
                    "every row is looked at, even if the new type of `{}` needs none to be",
                    name.text()
                );
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
    fn of_one_column() {
        let sql = "ALTER TABLE a ALTER b TYPE varchar(9), ALTER b SET NOT NULL";
        assert_eq!(found_in(&RULE, Dialect::Postgres, sql), ["ALTER b SET NOT NULL"]);
        let others = "ALTER TABLE a ALTER b TYPE varchar(9), ALTER c SET NOT NULL";
        assert_eq!(found_in(&RULE, Dialect::Postgres, others), [""; 0]);
    }
}
