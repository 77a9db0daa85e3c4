//! Enum types

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::{Ddl, Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "prefer-lookup-table",
    group: Group::Design,
    level: Level::Allow,
    dialects: &[Dialect::Postgres],
    finds: "`CREATE TYPE … AS ENUM`",
    why: "A value can be added and renamed, but never removed or moved; and a new one cannot be \
          used before it is committed.",
    rewrite: "A table of the values and a foreign key, or a `text` column with a check.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        if matches!(&read.ddl, Ddl::Create(create) if create.is_enum) {
            report.statement(read, "no value of an enum can be removed or moved later");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn enums_and_other_types() {
        let sql = "CREATE TYPE a AS ENUM ('b')";
        assert_eq!(found_in(&RULE, Dialect::Postgres, sql), [sql]);
        assert_eq!(found_in(&RULE, Dialect::Postgres, "CREATE TYPE a AS (b int)"), [""; 0]);
    }
}
