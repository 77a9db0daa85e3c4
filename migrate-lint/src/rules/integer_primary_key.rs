//! Primary keys of SQLite that hold `NULL`.

use std::ops::Range;

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::ddl::{Column, Constraint, ConstraintKind, CreateTable};
use migrate_sql::{Ddl, Dialect, Level, Token, tokens};

pub(crate) const RULE: Rule = Rule {
    id: "integer-primary-key",
    group: Group::Design,
    level: Level::Allow,
    dialects: &[Dialect::Sqlite],
    finds: "a primary key that is not `INTEGER`, in a table that is neither `STRICT` nor `WITHOUT ROWID`, without \
           `NOT NULL`",
    why: "It takes `NULL`, even many of them, and numbers no rows: only `INTEGER PRIMARY KEY` is the number that \
         SQLite gives to each row; `INT` and `BIGINT` are not.",
    rewrite: "Say `INTEGER PRIMARY KEY`, or add `NOT NULL`.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        let Ddl::CreateTable(create) = &read.ddl else { continue };
        let refuses_null = tokens(create.options, Dialect::Sqlite)
            .any(|word| word.is_any_word(&["STRICT", "WITHOUT"]));
        if refuses_null {
            continue;
        }
        for (column, span) in nullable_keys(create, read.statement.text()) {
            report.span(read, span, format!("`{}` takes `NULL`", column.name.value()));
        }
    }
}

/// The columns of the primary key that take `NULL`, each with where the key is defined.
fn nullable_keys<'c, 'a>(
    create: &'c CreateTable<'a>,
    statement: &str,
) -> Vec<(&'c Column<'a>, Range<usize>)> {
    let takes_null = |column: &&Column<'_>| !column.not_null;
    let is_number = |column: &Column<'_>| column.data_type.eq_ignore_ascii_case("INTEGER");
    let mut keys: Vec<_> = create
        .columns
        .iter()
        .filter(|column| column.primary_key && !is_number(column))
        .filter(takes_null)
        .map(|column| (column, column.span.clone()))
        .collect();
    for constraint in create.constraints.iter().filter(|one| one.kind == ConstraintKind::PrimaryKey)
    {
        let columns = columns(create, constraint, statement);
        if !matches!(&*columns, [one] if is_number(one)) {
            let nullable = columns.into_iter().filter(takes_null);
            keys.extend(nullable.map(|column| (column, constraint.span.clone())));
        }
    }
    keys
}

/// The columns that a constraint names.
fn columns<'c, 'a>(
    create: &'c CreateTable<'a>,
    constraint: &Constraint<'_>,
    statement: &str,
) -> Vec<&'c Column<'a>> {
    let text = statement.get(constraint.span.clone()).unwrap_or_default();
    let named: Vec<_> =
        tokens(text, Dialect::Sqlite).skip_while(|token| !token.is_mark("(")).collect();
    let is_named = |column: &&Column<'_>| {
        let name = column.name.value().to_lowercase();
        named.iter().any(|token: &Token<'_>| {
            token.text().trim_matches(['"', '`', '[', ']', '\'']).to_lowercase() == name
        })
    };
    create.columns.iter().filter(is_named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn that_take_null() {
        for (table, places) in [
            ("(b INT PRIMARY KEY, c TEXT)", vec!["b INT PRIMARY KEY"]),
            ("(b TEXT PRIMARY KEY)", vec!["b TEXT PRIMARY KEY"]),
            ("(\"b\" BIGINT, PRIMARY KEY (b))", vec!["PRIMARY KEY (b)"]),
            ("(b INTEGER, c INT NOT NULL, PRIMARY KEY (b, c))", vec!["PRIMARY KEY (b, c)"]),
        ] {
            let sql = format!("CREATE TABLE a {table}");
            assert_eq!(found_in(&RULE, Dialect::Sqlite, &sql), places);
        }
    }

    #[test]
    fn that_do_not() {
        for table in [
            "(b INTEGER PRIMARY KEY, c TEXT)",
            "(b integer, PRIMARY KEY (b))",
            "(b TEXT NOT NULL PRIMARY KEY)",
            "(b INT PRIMARY KEY) STRICT",
            "(b TEXT PRIMARY KEY) WITHOUT ROWID",
        ] {
            let sql = format!("CREATE TABLE a {table}");
            assert_eq!(found_in(&RULE, Dialect::Sqlite, &sql), [""; 0]);
        }
    }
}
