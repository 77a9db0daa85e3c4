//! What a statement touches.

mod about;
mod tables;

pub(crate) use self::about::{About, AboutEffect, about};

use crate::ddl::{Action, Ddl, Name, ObjectKind};
use crate::statement::Statement;
use crate::text::Dialect;

/// An object of the schema, and what a statement does to it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Object<'a> {
    /// What it is.
    pub kind: ObjectKind,
    /// Its name as written.
    pub name: Name<'a>,
    /// What is done to it.
    pub effect: Effect,
    /// Whether the statement itself says that it ends with the session.
    pub temporary: bool,
}

/// What is done to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// It is made.
    Created,
    /// It becomes another, or gets another name.
    Altered,
    /// It goes.
    Dropped,
    /// Its rows are changed.
    Written,
    /// Its rows are read.
    Read,
}

impl<'a> Statement<'a> {
    /// What it touches, in order: the objects that it makes, changes or drops, or the tables whose rows it
    /// writes or reads.
    ///
    /// ```
    /// # use migrate_sql::{Dialect, split};
    /// let statements = split("INSERT INTO a SELECT b FROM c.d", Dialect::Postgres)?;
    /// let names: Vec<&str> = statements[0].objects().iter().map(|object| object.name.text()).collect();
    /// assert_eq!(names, ["a", "c.d"]);
    /// # Ok::<(), migrate_sql::SplitError>(())
    /// ```
    pub fn objects(&self) -> Vec<Object<'a>> {
        of(self)
    }
}

fn of<'a>(statement: &Statement<'a>) -> Vec<Object<'a>> {
    let objects = defined(statement);
    if objects.is_empty() { tables::of(statement) } else { objects }
}

/// The same, and the tables that a query in it reads: of `CREATE TABLE … AS`, and of what sets a variable.
pub(crate) fn with_queries<'a>(statement: &Statement<'a>) -> Vec<Object<'a>> {
    let mut objects = defined(statement);
    objects.extend(tables::in_queries(statement));
    objects
}

/// What DDL makes, changes and drops, and the tables to which it belongs.
fn defined<'a>(statement: &Statement<'a>) -> Vec<Object<'a>> {
    use Effect::{Altered, Created, Dropped};
    let new = |kind, name: &Name<'a>, effect, temporary| Object {
        kind,
        name: name.clone(),
        effect,
        temporary: temporary || is_in_temporary_schema(name, statement.dialect()),
    };
    let altered = |table: &Name<'a>| new(ObjectKind::Table, table, Altered, false);
    match &statement.ddl() {
        Ddl::CreateTable(table) => {
            let kind = if table.foreign { ObjectKind::ForeignTable } else { ObjectKind::Table };
            let mut objects = vec![new(kind, &table.name, Created, table.temporary)];
            objects.extend(table.partition_of.iter().map(altered));
            objects
        }
        Ddl::CreateIndex(index) => {
            let name = index.name.iter();
            let index_itself = name.map(|name| new(ObjectKind::Index, name, Created, false));
            index_itself.chain([altered(&index.table)]).collect()
        }
        Ddl::Create(create) => {
            let name = create.name.iter();
            let itself = name.map(|name| new(create.kind, name, Created, create.temporary));
            itself.chain(create.on.iter().map(altered)).collect()
        }
        Ddl::AlterTable(table) => {
            let mut objects = vec![new(table.kind, &table.name, Altered, false)];
            objects.extend(partitions(table.actions.iter().map(|(action, _)| action)).map(altered));
            objects
        }
        Ddl::AlterEnum { name, .. } => vec![new(ObjectKind::Type, name, Altered, false)],
        Ddl::Rename(rename) => {
            let from = rename.pairs.iter().map(|(from, _)| from);
            let renamed = from.map(|from| new(rename.kind, from, Altered, false));
            renamed.chain(rename.on.iter().map(altered)).collect()
        }
        Ddl::Drop(drop) => {
            let names = drop.names.iter();
            let dropped = names.map(|name| new(drop.kind, name, Dropped, drop.temporary));
            dropped.chain(drop.on.iter().map(altered)).collect()
        }
        Ddl::Other => Vec::new(),
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
