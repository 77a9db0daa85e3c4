//! Tables and other objects as a whole

use super::Advice;
use crate::squawk::Place;
use migrate_sql::Ddl;
use migrate_sql::ddl::Action;

/// `DROP TABLE`
pub(in crate::squawk) fn table_dropped(place: &Place<'_, '_>) -> Option<Advice> {
    let Ddl::Drop(drop) = &place.read.ddl else { return None };
    let names: Vec<_> = drop.names.iter().map(|name| format!("`{}`", name.text())).collect();
    let names = names.join(", ");
    Some(Advice::new(
        format!("all rows of {names} are lost, and the application that still runs fails"),
        "First release an application that does not use it; rename it in one release, drop it in a later one.",
    ))
}

/// `ALTER TABLE … RENAME TO`
pub(in crate::squawk) fn table_renamed(place: &Place<'_, '_>) -> Option<Advice> {
    let (table, Action::RenameTo(to), _) = place.action()? else { return None };
    let (from, to) = (table.text(), to.text());
    let renamed =
        table.schema().map_or_else(|| to.to_owned(), |schema| format!("{}.{to}", schema.text()));
    Some(Advice::new(
        format!("the application that still runs knows `{from}` only"),
        format!(
            "Leave a view in its place, in the same migration: `ALTER TABLE {from} RENAME TO {to}`; `CREATE VIEW {from} AS \
             SELECT * FROM {renamed}`. Drop the view in a later release."
        ),
    ))
}
