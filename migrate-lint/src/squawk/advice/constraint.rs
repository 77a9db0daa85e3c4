//! Constraints that are added to a table with rows

use std::ops::Range;

use super::{ALONE, Advice};
use crate::names::derived;
use crate::squawk::Place;
use migrate_sql::ddl::{Action, Column, Constraint, ConstraintKind, Name};

/// `CHECK`, and `NOT NULL` as a constraint
pub(in crate::squawk) fn check(place: &Place<'_, '_>) -> Option<Advice> {
    let (table, Action::AddConstraint(constraint), span) = place.action()? else { return None };
    Some(Advice::new(
        format!("nobody reads or writes `{}` while every row of it is checked", table.text()),
        not_valid(place, table, constraint, span),
    ))
}

/// `FOREIGN KEY`, and a column with `REFERENCES`
pub(in crate::squawk) fn foreign_key(place: &Place<'_, '_>) -> Option<Advice> {
    let (table, action, span) = place.action()?;
    match action {
        Action::AddConstraint(constraint) => {
            let ConstraintKind::ForeignKey(other) = &constraint.kind else { return None };
            Some(Advice::new(
                blocks(table, &other.table),
                not_valid(place, table, constraint, span),
            ))
        }
        Action::AddColumn { column, .. } => {
            let other = column.references.as_ref()?;
            Some(Advice::new(blocks(table, &other.table), referring(table, column, &other.table)))
        }
        _ => None,
    }
}

fn blocks(table: &Name<'_>, other: &Name<'_>) -> String {
    let (table, other) = (table.text(), other.text());
    format!("nobody writes to `{table}` or `{other}` while every row of `{table}` is checked")
}

fn not_valid(
    place: &Place<'_, '_>,
    table: &Name<'_>,
    constraint: &Constraint<'_>,
    span: &Range<usize>,
) -> String {
    let table = table.text();
    let added = place.line(span);
    let name = constraint.name.map_or("…", |name| name.text());
    format!(
        "`ALTER TABLE {table} {added} NOT VALID`, which checks new rows only; then, in a later migration, `ALTER \
         TABLE {table} VALIDATE CONSTRAINT {name}`, which blocks nobody."
    )
}

fn referring(table: &Name<'_>, column: &Column<'_>, other: &Name<'_>) -> String {
    let (name, column) = (named(table, column, "fkey"), column.name.text());
    let (table, other) = (table.text(), other.text());
    format!(
        "Add the column without `REFERENCES`; then `ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({column}) \
         REFERENCES {other} NOT VALID`; then, in a later migration, `ALTER TABLE {table} VALIDATE CONSTRAINT {name}`."
    )
}

/// `UNIQUE`
pub(in crate::squawk) fn unique(place: &Place<'_, '_>) -> Option<Advice> {
    using_index(place, "UNIQUE", "key")
}

/// `PRIMARY KEY`
pub(in crate::squawk) fn primary_key(place: &Place<'_, '_>) -> Option<Advice> {
    using_index(place, "PRIMARY KEY", "pkey")
}

fn using_index(place: &Place<'_, '_>, words: &str, ending: &str) -> Option<Advice> {
    let (table, action, span) = place.action()?;
    let (name, columns, first) = match action {
        Action::AddConstraint(constraint) => {
            let name = constraint
                .name
                .map_or_else(|| derived(&[&table.value(), ending]), |name| name.text().to_owned());
            (name, place.group(span)?, "")
        }
        Action::AddColumn { column, .. } => {
            let columns = format!("({})", column.name.text());
            (named(table, column, ending), columns, "Add the column alone and fill it; then ")
        }
        _ => return None,
    };
    let table = table.text();
    Some(Advice::new(
        format!("nobody reads or writes `{table}` while the index behind `{words}` is built"),
        format!(
            "{first}`CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} {columns}`, {ALONE}; then `ALTER TABLE \
             {table} ADD CONSTRAINT {name} {words} USING INDEX {name}`."
        ),
    ))
}

/// A constraint's name as PostgreSQL would choose it.
fn named(table: &Name<'_>, column: &Column<'_>, ending: &str) -> String {
    match ending {
        "pkey" => derived(&[&table.value(), ending]),
        _ => derived(&[&table.value(), &column.name.value(), ending]),
    }
}
