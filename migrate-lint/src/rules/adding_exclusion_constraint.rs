//! `ADD … EXCLUDE`

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::ddl::{Action, ConstraintKind};
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "adding-exclusion-constraint",
    group: Group::Locks,
    level: Level::Warn,
    dialects: &[Dialect::Postgres],
    finds: "`EXCLUDE` as a constraint of a table that was there before",
    why: "The index behind it is built, and all rows compared, under an ACCESS EXCLUSIVE lock; it \
          can be neither `NOT VALID` nor made of an index that is there.",
    rewrite: "Make a new table with the constraint and move the rows in batches, or add it while \
              nobody uses the table.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for (read, alter) in script.alterations() {
        for (action, span) in &alter.actions {
            if let Action::AddConstraint(constraint) = action
                && constraint.kind == ConstraintKind::Exclude
            {
                let table = alter.name.text();
                let message =
                    format!("nobody reads or writes `{table}` while all its rows are compared");
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
    fn in_a_table_that_was_there() {
        let sql = "ALTER TABLE a ADD CONSTRAINT b EXCLUDE USING gist (c WITH &&)";
        let bad = "ADD CONSTRAINT b EXCLUDE USING gist (c WITH &&)";
        assert_eq!(found_in(&RULE, Dialect::Postgres, sql), [bad]);
        let new = format!("CREATE TABLE a (c tsrange); {sql}");
        assert_eq!(found_in(&RULE, Dialect::Postgres, &new), [""; 0]);
        let unique = "ALTER TABLE a ADD CONSTRAINT b UNIQUE (c)";
        assert_eq!(found_in(&RULE, Dialect::Postgres, unique), [""; 0]);
    }
}
