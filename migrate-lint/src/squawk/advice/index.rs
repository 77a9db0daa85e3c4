//! Indexes and partitions

use super::{ALONE, Advice};
use crate::squawk::Place;
use migrate_sql::Ddl;
use migrate_sql::ddl::Action;

/// `CREATE INDEX`
pub(in crate::squawk) fn creation(place: &Place<'_, '_>) -> Option<Advice> {
    let Ddl::CreateIndex(index) = &place.read.ddl else { return None };
    Some(Advice::new(
        format!(
            "building the index blocks every write to `{}` until it is done",
            index.table.text()
        ),
        format!("`{}`, {ALONE}.", place.statement_with("INDEX", "CONCURRENTLY")),
    ))
}

/// `DROP INDEX`
pub(in crate::squawk) fn deletion(place: &Place<'_, '_>) -> Option<Advice> {
    let Ddl::Drop(drop) = &place.read.ddl else { return None };
    let message = "dropping the index waits for everybody who uses its table, and everybody behind it waits, too";
    let drops: Vec<_> = drop
        .names
        .iter()
        .map(|name| format!("`DROP INDEX CONCURRENTLY {}`", name.text()))
        .collect();
    Some(Advice::new(message, format!("{}, {ALONE}.", drops.join(" and "))))
}

/// `REINDEX`
pub(in crate::squawk) fn rebuild(place: &Place<'_, '_>) -> Option<Advice> {
    let what =
        ["INDEX", "TABLE", "SCHEMA", "DATABASE"].into_iter().find(|word| place.has_word(word))?;
    Some(Advice::new(
        "rebuilding blocks every write to the table, and every query that would use the index",
        format!("`{}`, {ALONE}.", place.statement_with(what, "CONCURRENTLY")),
    ))
}

/// `DETACH PARTITION`
pub(in crate::squawk) fn detachment(place: &Place<'_, '_>) -> Option<Advice> {
    let (table, Action::DetachPartition { name, .. }, _) = place.action()? else { return None };
    let (table, name) = (table.text(), name.text());
    Some(Advice::new(
        format!("nobody reads or writes `{table}` while `{name}` is detached"),
        format!("`ALTER TABLE {table} DETACH PARTITION {name} CONCURRENTLY`, {ALONE}."),
    ))
}
