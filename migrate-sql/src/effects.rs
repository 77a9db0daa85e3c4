//! What statements do to the objects of a schema.

mod about;
mod tables;
mod workspace;

pub(crate) use self::about::{About, AboutEffect, about};
pub use self::workspace::Workspace;

use crate::ddl::{Action, Ddl, Name, ObjectKind};
use crate::statement::Statement;
use crate::text::Dialect;

/// What a statement does to one object of the schema.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Effect<'a> {
    /// What is done to the object.
    pub action: EffectKind,
    /// What the object is.
    pub kind: ObjectKind,
    /// Its name as written.
    pub name: Name<'a>,
    /// Its name afterwards, where it gets another. PostgreSQL's has no schema: the old one stays.
    pub renamed_to: Option<Name<'a>>,
    /// The table that it belongs to, if the statement names it.
    pub part_of: Option<Name<'a>>,
    /// Whether it is certainly done: `IF EXISTS` and `IF NOT EXISTS` may do nothing, and `OR REPLACE` may leave what was there
    /// to those who use it.
    pub certain: bool,
    /// Whether the statement itself says that the object ends with the session.
    pub temporary: bool,
}

/// What is done to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EffectKind {
    /// It is created.
    Created,
    /// Its definition changes.
    Altered,
    /// It gets another name, and may be altered besides.
    Renamed,
    /// It is dropped.
    Dropped,
    /// Its rows are changed.
    Written,
    /// Its rows are read.
    Read,
}

impl<'a> Statement<'a> {
    /// What it does, in order: the objects that it creates, changes or drops with the tables to which they belong, or the
    /// tables whose rows it writes or reads.
    ///
    /// ```
    /// # use migrate_sql::{Dialect, split};
    /// let statements = split("INSERT INTO a SELECT b FROM c.d", Dialect::Postgres)?;
    /// let names: Vec<&str> = statements[0].effects().iter().map(|effect| effect.name.text()).collect();
    /// assert_eq!(names, ["a", "c.d"]);
    /// # Ok::<(), migrate_sql::SplitError>(())
    /// ```
    pub fn effects(&self) -> Vec<Effect<'a>> {
        of(self)
    }
}

impl<'a> Effect<'a> {
    const fn new(action: EffectKind, kind: ObjectKind, name: Name<'a>) -> Self {
        Self {
            action,
            kind,
            name,
            renamed_to: None,
            part_of: None,
            certain: true,
            temporary: false,
        }
    }
}

fn of<'a>(statement: &Statement<'a>) -> Vec<Effect<'a>> {
    let effects = defined(statement);
    if effects.is_empty() { tables::of(statement) } else { effects }
}

/// The same, and the tables that a query in it reads: of `CREATE TABLE … AS`, and of what sets a variable.
pub(crate) fn with_queries<'a>(statement: &Statement<'a>) -> Vec<Effect<'a>> {
    let mut effects = defined(statement);
    effects.extend(tables::in_queries(statement));
    effects
}

/// What DDL creates, changes and drops, and the tables to which it belongs.
fn defined<'a>(statement: &Statement<'a>) -> Vec<Effect<'a>> {
    use EffectKind::{Altered, Created, Dropped, Renamed};
    let new = |action, kind, name: &Name<'a>| Effect {
        temporary: is_in_temporary_schema(name, statement.dialect()),
        ..Effect::new(action, kind, name.clone())
    };
    let altered = |table: &Name<'a>| new(Altered, ObjectKind::Table, table);
    match &statement.ddl() {
        Ddl::CreateTable(table) => {
            let kind = if table.foreign { ObjectKind::ForeignTable } else { ObjectKind::Table };
            let itself = new(Created, kind, &table.name);
            let temporary = itself.temporary || table.temporary;
            let itself = Effect { certain: !table.if_not_exists, temporary, ..itself };
            [itself].into_iter().chain(table.partition_of.iter().map(altered)).collect()
        }
        Ddl::CreateIndex(index) => {
            let itself = index.name.iter().map(|name| Effect {
                certain: !index.if_not_exists && !index.or_replace,
                part_of: Some(index.table.clone()),
                ..new(Created, ObjectKind::Index, name)
            });
            itself.chain([altered(&index.table)]).collect()
        }
        Ddl::Create(create) => {
            let itself = create.name.iter().map(|name| {
                let itself = new(Created, create.kind, name);
                let certain = !create.if_not_exists && !create.or_replace;
                let temporary = itself.temporary || create.temporary;
                Effect { certain, temporary, part_of: create.on.clone(), ..itself }
            });
            itself.chain(create.on.iter().map(altered)).collect()
        }
        Ddl::AlterTable(table) => {
            let itself =
                Effect { certain: !table.if_exists, ..new(Altered, table.kind, &table.name) };
            let itself = renamed(itself, table.actions.iter().map(|(action, _)| action));
            let others = partitions(table.actions.iter().map(|(action, _)| action));
            [itself].into_iter().chain(others.map(altered)).collect()
        }
        Ddl::AlterEnum { name, .. } => vec![new(Altered, ObjectKind::Type, name)],
        Ddl::Rename(rename) => {
            let pairs = rename.pairs.iter().map(|(from, to)| Effect {
                certain: !rename.if_exists,
                part_of: rename.on.clone(),
                renamed_to: Some(to.clone()),
                ..new(Renamed, rename.kind, from)
            });
            pairs.chain(rename.on.iter().map(altered)).collect()
        }
        Ddl::Drop(drop) => {
            let dropped = drop.names.iter().map(|name| {
                let itself = new(Dropped, drop.kind, name);
                let temporary = itself.temporary || drop.temporary;
                Effect { certain: !drop.if_exists, temporary, part_of: drop.on.clone(), ..itself }
            });
            dropped.chain(drop.on.iter().map(altered)).collect()
        }
        Ddl::Other => Vec::new(),
    }
}

/// The same table under the name that one of the actions gives it.
fn renamed<'o, 'a: 'o>(
    table: Effect<'a>,
    mut actions: impl Iterator<Item = &'o Action<'a>>,
) -> Effect<'a> {
    let to = actions.find_map(|action| match action {
        Action::RenameTo(to) => Some(to.clone()),
        _ => None,
    });
    match to {
        Some(to) => Effect { action: EffectKind::Renamed, renamed_to: Some(to), ..table },
        None => table,
    }
}

fn partitions<'o, 'a: 'o>(
    actions: impl Iterator<Item = &'o Action<'a>>,
) -> impl Iterator<Item = &'o Name<'a>> {
    actions.filter_map(|action| match action {
        Action::AttachPartition(name) | Action::DetachPartition { name, .. } => Some(name),
        _ => None,
    })
}

/// PostgreSQL's `pg_temp` and SQLite's `temp`.
fn is_in_temporary_schema(name: &Name<'_>, dialect: Dialect) -> bool {
    name.schema().is_some_and(|schema| match dialect {
        Dialect::Postgres => schema.value() == "pg_temp",
        Dialect::Mysql => false,
        Dialect::Sqlite => schema.value().eq_ignore_ascii_case("temp"),
    })
}

#[cfg(test)]
mod tests;
