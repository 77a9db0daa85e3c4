//! `DROP PRIMARY KEY`

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::ddl::Action;
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "dropping-primary-key",
    group: Group::Locks,
    level: Level::Warn,
    dialects: &[Dialect::Mysql],
    finds: "`DROP PRIMARY KEY` in a statement that adds no other one",
    why: "Rows are kept in the order of the primary key, so the table is copied, and nobody can write to it \
         meanwhile. Afterwards replicas look for changed rows one by one, and clusters refuse the table.",
    rewrite: "Change the key in one statement: `DROP PRIMARY KEY, ADD PRIMARY KEY (…), ALGORITHM=INPLACE, \
             LOCK=NONE`.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for (read, alter, action, span) in script.changes() {
        if let Action::DropConstraint { what: "PRIMARY KEY", .. } = action
            && !alter.adds_primary_key()
        {
            let table = alter.name.value();
            let message = format!(
                "copies `{table}` while nobody can write to it, and leaves it without a key"
            );
            report.span(read, span, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn for_good() {
        let sql = "ALTER TABLE a DROP PRIMARY KEY; ALTER TABLE a ADD PRIMARY KEY (b)";
        assert_eq!(found_in(&RULE, Dialect::Mysql, sql), ["DROP PRIMARY KEY"]);
    }

    #[test]
    fn for_another() {
        for sql in [
            "ALTER TABLE a DROP PRIMARY KEY, ADD PRIMARY KEY (b)",
            "ALTER TABLE a DROP PRIMARY KEY, ADD c INT PRIMARY KEY",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Mysql, sql), [""; 0]);
        }
    }
}
