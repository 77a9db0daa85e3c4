//! Types that a `STRICT` table refuses.

use crate::rule::{Group, Report, Rule};
use crate::script::{ParsedScript, ParsedStatement};
use migrate_sql::ddl::CreateTable;
use migrate_sql::{Ddl, Dialect, Level, tokens};

pub(crate) const RULE: Rule = Rule {
    id: "strict-type",
    group: Group::Correctness,
    level: Level::Deny,
    dialects: &[Dialect::Sqlite],
    finds: "a column of a `STRICT` table whose type is none of `INT`, `INTEGER`, `REAL`, `TEXT`, `BLOB` and `ANY`",
    why: "SQLite refuses the table; a length, as in `VARCHAR(20)`, is refused, too.",
    rewrite: "Say one of the six, and a `CHECK` for a length.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    const TYPES: &[&str] = &["INT", "INTEGER", "REAL", "TEXT", "BLOB", "ANY"];
    for read in script.statements.iter().filter(|read| is_strict(script, read)) {
        for column in read.columns() {
            if !TYPES.iter().any(|known| known.eq_ignore_ascii_case(column.data_type)) {
                let message = match column.data_type {
                    "" => format!("`{}` has no type, and the table is strict", column.name.value()),
                    other => format!("a strict table knows no `{other}`"),
                };
                report.span(read, column.span.clone(), message);
            }
        }
    }
}

/// Whether a statement creates a strict table, or alters one that was created before in the same text.
pub(super) fn is_strict<'a>(script: &ParsedScript<'a>, read: &ParsedStatement<'a>) -> bool {
    match &read.ddl {
        Ddl::CreateTable(create) => says_strict(create),
        Ddl::AlterTable(alter) => script.earlier(read, &alter.name).any(|earlier| {
            matches!(&earlier.ddl, Ddl::CreateTable(create)
                if create.name.is_same(&alter.name) && says_strict(create))
        }),
        _ => false,
    }
}

fn says_strict(create: &CreateTable<'_>) -> bool {
    tokens(create.options, Dialect::Sqlite).any(|word| word.is_word("STRICT"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn of_strict_tables() {
        let sql = "CREATE TABLE a (b VARCHAR(20), c, d BOOLEAN NOT NULL, e int) WITHOUT ROWID, STRICT; \
                   ALTER TABLE a ADD COLUMN f STRING";
        let places = ["b VARCHAR(20)", "c", "d BOOLEAN NOT NULL", "f STRING"];
        assert_eq!(found_in(&RULE, Dialect::Sqlite, sql), places);
    }

    #[test]
    fn the_six_and_other_tables() {
        for sql in [
            "CREATE TABLE a (b INT, c integer PRIMARY KEY, d REAL, e TEXT NOT NULL, f BLOB, g ANY) STRICT",
            "CREATE TABLE strict (b VARCHAR(20)); ALTER TABLE strict ADD c STRING",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Sqlite, sql), [""; 0]);
        }
    }
}
