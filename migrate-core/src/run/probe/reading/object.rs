//! Statements that create, rename and drop objects.

use migrate_sql::ddl::{Create, CreateIndex, CreateTable, Drop, Name, ObjectKind, Rename};
use migrate_sql::{Dialect, Statement};

use super::Reading;
use super::words::Words;
use crate::run::probe::concurrent::Concurrent;
use crate::run::probe::place::{Place, held};
use crate::run::probe::thing::{Fact, Thing, What};

pub(super) fn create_table(table: &CreateTable<'_>, dialect: Dialect) -> Option<Reading> {
    if table.temporary {
        return None;
    }
    // Replacing it again would lose rows that were written since.
    if table.or_replace {
        return None;
    }
    if table.if_not_exists {
        return Some(Reading::Repeatable);
    }
    let place = Place::of(&table.name, dialect)?;
    let what = if table.foreign { What::ForeignTable } else { What::Table };
    let mut facts = vec![Fact::there(Thing::new(what, place.clone()))];
    for column in &table.columns {
        let name = held(&column.name, dialect)?;
        facts.push(Fact::there(Thing::part(What::Column, name, &place)));
    }
    Some(Reading::atomic(&facts))
}

pub(super) fn create_index(index: &CreateIndex<'_>, dialect: Dialect) -> Option<Reading> {
    let table = Place::of(&index.table, dialect)?;
    let place = match &index.name {
        Some(name) => Some(Place::of(name, dialect)?),
        None => None,
    };
    // With an invalid index, `IF NOT EXISTS` would do nothing.
    if index.concurrently {
        let name = place.map(|place| place.name);
        return Some(Reading::Concurrent(Concurrent::Build { table, name }));
    }
    if index.if_not_exists || index.or_replace {
        return Some(Reading::Repeatable);
    }
    Some(Reading::atomic(&[Fact::there(Thing {
        what: What::Index,
        place: place?,
        of: Some(table),
    })]))
}

pub(super) fn create(create: &Create<'_>, statement: &Statement<'_>) -> Option<Reading> {
    let dialect = statement.dialect();
    if create.temporary {
        return None;
    }
    if create.if_not_exists || create.or_replace {
        return Some(Reading::Repeatable);
    }
    let is_loaded = create.kind == ObjectKind::Function && create.signature.is_none();
    if dialect == Dialect::Mysql && is_loaded || goes_by_itself(create.kind, statement) {
        return None;
    }
    let what = what(create.kind, dialect)?;
    let place = Place::of(create.name.as_ref()?, dialect)?;
    let of = owner(create.on.as_ref(), dialect)?;
    Some(Reading::atomic(&[Fact::there(Thing { what, place, of })]))
}

/// Returns whether it is an event that is dropped after it has run.
fn goes_by_itself(kind: ObjectKind, statement: &Statement<'_>) -> bool {
    let words = Words::of(statement.text(), statement.dialect());
    kind == ObjectKind::Event && (words.has_row(&["SCHEDULE", "AT"]) || words.has("ENDS"))
}

pub(super) fn rename(rename: &Rename<'_>, dialect: Dialect) -> Option<Reading> {
    let what = what(rename.kind, dialect)?;
    let of = owner(rename.on.as_ref(), dialect)?;
    let thing = |place| Thing { what, place, of: of.clone() };
    let mut facts = Vec::new();
    let mut only_if = None;
    for (from, to) in &rename.pairs {
        let from = Place::of(from, dialect)?;
        let to = renamed(&from, Place::of(to, dialect)?, dialect);
        only_if = (rename.if_exists && rename.pairs.len() == 1).then(|| thing(from.clone()));
        facts.extend([Fact::gone(thing(from)), Fact::there(thing(to))]);
    }
    Some(match Reading::atomic(&facts) {
        Reading::Atomic { facts, .. } => Reading::Atomic { facts, only_if },
        reading => reading,
    })
}

/// Returns the new name of a renamed object: on MySQL it may move to the current database, elsewhere it stays in its schema.
pub(super) fn renamed(from: &Place, to: Place, dialect: Dialect) -> Place {
    match dialect {
        Dialect::Mysql => to,
        Dialect::Postgres | Dialect::Sqlite => from.beside(to.name),
    }
}

pub(super) fn drop(drop: &Drop<'_>, dialect: Dialect) -> Option<Reading> {
    if drop.temporary {
        return None;
    }
    if drop.if_exists {
        return Some(Reading::Repeatable);
    }
    let what = what(drop.kind, dialect)?;
    let of = owner(drop.on.as_ref(), dialect)?;
    let mut things = Vec::new();
    for name in &drop.names {
        things.push(Thing { what, place: Place::of(name, dialect)?, of: of.clone() });
    }
    if dialect == Dialect::Mysql && things.len() > 1 {
        return Some(Reading::OneByOne { words: drop.kind.words(), things });
    }
    let facts: Vec<Fact> = things.into_iter().map(Fact::gone).collect();
    Some(Reading::atomic(&facts))
}

/// Returns the table that it belongs to, if any; the outer `None` means that its name cannot be read.
#[expect(clippy::option_option, reason = "no table is one answer, a name not understood another")]
fn owner(table: Option<&Name<'_>>, dialect: Dialect) -> Option<Option<Place>> {
    table.map_or(Some(None), |table| Place::of(table, dialect).map(Some))
}

/// Returns the kind of object in the catalog.
pub(super) fn what(kind: ObjectKind, dialect: Dialect) -> Option<What> {
    Some(match kind {
        ObjectKind::Table => What::Table,
        ObjectKind::ForeignTable => What::ForeignTable,
        ObjectKind::View => What::View,
        ObjectKind::MaterializedView => What::MaterializedView,
        ObjectKind::Sequence => What::Sequence,
        ObjectKind::Index => What::Index,
        ObjectKind::Trigger => What::Trigger,
        ObjectKind::Policy => What::Policy,
        ObjectKind::Rule => What::Rule,
        ObjectKind::Function | ObjectKind::Aggregate => What::Function,
        ObjectKind::Procedure => What::Procedure,
        ObjectKind::Package => What::Package,
        ObjectKind::Event => What::Event,
        ObjectKind::EventTrigger => What::EventTrigger,
        ObjectKind::Type => What::Type,
        ObjectKind::Domain => What::Domain,
        ObjectKind::Schema => What::Schema,
        ObjectKind::Database => What::Database,
        ObjectKind::Extension => What::Extension,
        ObjectKind::Tablespace => What::Tablespace,
        ObjectKind::Subscription => What::Subscription,
        ObjectKind::Publication => What::Publication,
        // On MySQL, a user that may create users may not see them.
        ObjectKind::Role | ObjectKind::User | ObjectKind::Group if dialect == Dialect::Postgres => {
            What::Role
        }
        _ => return None,
    })
}
