//! Columns

use super::Advice;
use crate::names::derived;
use crate::squawk::Place;
use migrate_sql::ddl::{Action, ColumnChange};

/// `ADD COLUMN` with a default that is computed for each row, or with what is computed from others
pub(in crate::squawk) fn filled(place: &Place<'_, '_>) -> Option<Advice> {
    let (table, Action::AddColumn { column, .. }, _) = place.action()? else { return None };
    let (table, name, data_type) = (table.text(), column.name.text(), column.data_type);
    let message = format!(
        "nobody reads or writes `{table}` while every row is written anew to hold `{name}`"
    );
    let Some(default) = column.default else {
        return Some(Advice::new(
            message,
            format!(
                "`ALTER TABLE {table} ADD COLUMN {name} {data_type}`, filled by a trigger and, for the rows that are \
                 there, by a data migration in batches."
            ),
        ));
    };
    Some(Advice::new(
        message,
        format!(
            "`ALTER TABLE {table} ADD COLUMN {name} {data_type}`; `ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT \
             {}`, for new rows; then fill the others by a data migration in batches.",
            default.text
        ),
    ))
}

/// `SET NOT NULL`
pub(in crate::squawk) fn not_null(place: &Place<'_, '_>) -> Option<Advice> {
    let (table, Action::AlterColumn { name: column, .. }, _) = place.action()? else { return None };
    let check = derived(&[&table.value(), &column.value(), "not_null"]);
    let (table, column) = (table.text(), column.text());
    let message =
        format!("nobody reads or writes `{table}` while every row of it is looked at for NULL");
    let rewrite = if place.server().is_some_and(|server| server.is_at_least(18, 0)) {
        format!(
            "`ALTER TABLE {table} ADD CONSTRAINT {check} NOT NULL {column} NOT VALID`; then, in a later migration, \
             `ALTER TABLE {table} VALIDATE CONSTRAINT {check}`."
        )
    } else {
        format!(
            "`ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({column} IS NOT NULL) NOT VALID`; then, in a later \
             migration, `ALTER TABLE {table} VALIDATE CONSTRAINT {check}`; `ALTER TABLE {table} ALTER COLUMN {column} SET \
             NOT NULL`, which since PostgreSQL 12 trusts the check; `ALTER TABLE {table} DROP CONSTRAINT {check}`."
        )
    };
    Some(Advice::new(message, rewrite))
}

/// `TYPE`
pub(in crate::squawk) fn retyped(place: &Place<'_, '_>) -> Option<Advice> {
    let (table, Action::AlterColumn { name, change }, _) = place.action()? else { return None };
    let ColumnChange::Type { data_type, .. } = change else { return None };
    let (table, name) = (table.text(), name.text());
    Some(Advice::new(
        format!(
            "nobody reads or writes `{table}` while every row and index is written anew, unless each `{name}` is \
             already stored as {data_type} would be"
        ),
        format!(
            "Add a second column of type {data_type}, have a trigger keep both alike, fill it by a data migration in \
             batches, let the application change over, drop `{name}` later. Waive the rule where the old type is \
             stored alike, as from `varchar(20)` to `varchar(50)` or `text`."
        ),
    ))
}

/// `ADD COLUMN … NOT NULL` without a default
pub(in crate::squawk) fn required(place: &Place<'_, '_>) -> Option<Advice> {
    let (table, Action::AddColumn { column, .. }, _) = place.action()? else { return None };
    let (table, name, data_type) = (table.text(), column.name.text(), column.data_type);
    Some(Advice::new(
        format!(
            "fails if `{table}` has a row, and afterwards every `INSERT` that does not know `{name}` fails"
        ),
        format!(
            "`ALTER TABLE {table} ADD COLUMN {name} {data_type} NOT NULL DEFAULT` and a constant; or add it nullable, fill \
             it, and demand it later."
        ),
    ))
}

/// `DROP COLUMN`
pub(in crate::squawk) fn dropped(place: &Place<'_, '_>) -> Option<Advice> {
    let (table, Action::DropColumn { name, .. }, _) = place.action()? else { return None };
    let (table, name) = (table.text(), name.text());
    Some(Advice::new(
        format!(
            "what `{name}` of `{table}` holds is lost, and the application that still runs fails"
        ),
        format!(
            "First release an application that does not read or write `{name}`; drop it in a later release."
        ),
    ))
}

/// `RENAME COLUMN`
pub(in crate::squawk) fn renamed(place: &Place<'_, '_>) -> Option<Advice> {
    let (table, Action::RenameColumn { from, to }, _) = place.action()? else { return None };
    let (table, from, to) = (table.text(), from.text(), to.text());
    Some(Advice::new(
        format!("the application that still runs knows `{from}` of `{table}` only"),
        format!(
            "Add `{to}` beside it, have a trigger keep both alike, fill it by a data migration in batches, let the \
             application change over, drop `{from}` later."
        ),
    ))
}
