//! `DROP TABLE` of what another table refers to.

use crate::rule::{Group, Report, Rule};
use crate::script::{ParsedScript, ParsedStatement};
use migrate_sql::ddl::{ConstraintKind, Name};
use migrate_sql::{Ddl, Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "dropping-referenced-table",
    group: Group::Correctness,
    level: Level::Warn,
    dialects: &[Dialect::Sqlite],
    finds: "`DROP TABLE` of a table that a foreign key in the same migration refers to",
    why: "SQLite drops it all the same: the foreign key refers to nothing, and every write to its table that sets it \
          fails with \"no such table\".",
    rewrite: "Drop the table with the foreign key first, or rebuild it without.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        for table in read.dropped_tables() {
            if script.is_given_again(read, table) {
                continue;
            }
            let child = script.earlier(read, table).find_map(|earlier| {
                let child = referring(earlier, table)?;
                (!child.is_same(table) && stays(script, child)).then_some(child)
            });
            if let Some(child) = child {
                let message = format!("`{}` refers to `{}`", child.value(), table.value());
                report.span(read, table.span(), message);
            }
        }
    }
}

/// The table that this statement gives a foreign key to `parent`.
fn referring<'r, 'a>(read: &'r ParsedStatement<'a>, parent: &Name<'_>) -> Option<&'r Name<'a>> {
    let (child, constraints) = match &read.ddl {
        Ddl::CreateTable(create) => (&create.name, &*create.constraints),
        Ddl::AlterTable(alter) => (&alter.name, &[][..]),
        _ => return None,
    };
    let of_columns = read.columns().into_iter().filter_map(|column| column.references.as_ref());
    let of_table = constraints.iter().filter_map(|constraint| match &constraint.kind {
        ConstraintKind::ForeignKey(references) => Some(references),
        _ => None,
    });
    let refers = of_columns.chain(of_table).any(|references| references.table.is_same(parent));
    refers.then_some(child)
}

/// Whether a table is there at the end, under this name.
fn stays(script: &ParsedScript<'_>, table: &Name<'_>) -> bool {
    !script
        .saying(table)
        .any(|read| read.dropped_tables().iter().any(|dropped| dropped.is_same(table)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn while_the_other_stays() {
        for child in [
            "CREATE TABLE c (d INT REFERENCES a (b))",
            "CREATE TABLE c (d INT, FOREIGN KEY (d) REFERENCES a)",
            "ALTER TABLE c ADD COLUMN d INT REFERENCES a (b)",
        ] {
            let sql = format!("{child}; DROP TABLE IF EXISTS a");
            assert_eq!(found_in(&RULE, Dialect::Sqlite, &sql), ["a"]);
        }
    }

    #[test]
    fn with_the_other_or_to_make_it_anew() {
        let child = "CREATE TABLE c (d INT REFERENCES a (b))";
        for sql in [
            format!("{child}; DROP TABLE c; DROP TABLE a"),
            format!("{child}; DROP TABLE a; DROP TABLE c"),
            format!("CREATE TABLE n (b INT); {child}; DROP TABLE a; ALTER TABLE n RENAME TO a"),
            "CREATE TABLE a (b INT REFERENCES a (b)); DROP TABLE a".to_owned(),
            format!("{child}; DROP TABLE other"),
        ] {
            assert_eq!(found_in(&RULE, Dialect::Sqlite, &sql), [""; 0]);
        }
    }
}
