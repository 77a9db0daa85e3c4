//! `ADD COLUMN … serial`

use crate::names::derived;
use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::ddl::Action;
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "adding-serial-column",
    group: Group::Locks,
    level: Level::Warn,
    dialects: &[Dialect::Postgres],
    finds: "`ADD COLUMN` with `serial` or an identity, to a table that was there before",
    why: "Every row gets its number: the table is written anew under an ACCESS EXCLUSIVE lock.",
    rewrite: "Add a plain column, number new rows by a sequence as its default, the others by a \
              data migration in batches.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for (read, alter) in script.alterations() {
        for (action, span) in &alter.actions {
            let Action::AddColumn { column, .. } = action else { continue };
            if !column.numbered {
                continue;
            }
            let (table, name) = (alter.name.text(), column.name.text());
            let sequence = derived(&[&alter.name.value(), &column.name.value(), "seq"]);
            report.instead(
                read,
                span.clone(),
                format!("nobody reads or writes `{table}` while every row is written anew to get a number"),
                format!(
                    "`ALTER TABLE {table} ADD COLUMN {name} bigint`; `CREATE SEQUENCE {sequence} OWNED BY \
                     {table}.{name}`; `ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT nextval('{sequence}')`, \
                     for new rows; then number the others by a data migration in batches."
                ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn numbers_for_rows_that_are_there() {
        for column in ["b serial", "b bigint GENERATED ALWAYS AS IDENTITY", "b bigserial NOT NULL"]
        {
            let add = format!("ADD COLUMN {column}");
            let sql = format!("ALTER TABLE a {add}");
            assert_eq!(found_in(&RULE, Dialect::Postgres, &sql), [add]);
            let new = format!("CREATE TABLE a (c int); {sql}");
            assert_eq!(found_in(&RULE, Dialect::Postgres, &new), [""; 0]);
        }
        let plain = "ALTER TABLE a ADD COLUMN serial bigint";
        assert_eq!(found_in(&RULE, Dialect::Postgres, plain), [""; 0]);
    }
}
