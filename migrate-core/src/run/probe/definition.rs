//! Compares an existing object with the definition in a statement, as far as that is possible without guessing.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "outlines grow, and what is not known of is not compared"
)]

mod index;
mod kind;

use migrate_sql::ddl::{Action, Column, CreateIndex, Ddl};
use migrate_sql::{Dialect, Statement};

pub(super) use self::index::of_index;
use super::catalog;
use super::place::{Place, held};
use crate::engine::connection::{Connection, DatabaseError, Row};

/// The result of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match {
    Same,
    Differs,
    /// The two are written in forms that cannot be compared.
    Untold,
}

impl Match {
    /// Combines the results of all parts.
    pub(super) fn of_all(parts: impl IntoIterator<Item = Self>) -> Self {
        parts.into_iter().fold(Self::Same, |whole, part| match (whole, part) {
            (Self::Differs, _) | (_, Self::Differs) => Self::Differs,
            (Self::Untold, _) | (_, Self::Untold) => Self::Untold,
            (Self::Same, Self::Same) => Self::Same,
        })
    }

    fn when(told: Option<bool>) -> Self {
        match told {
            Some(true) => Self::Same,
            Some(false) => Self::Differs,
            None => Self::Untold,
        }
    }
}

/// Compares the definition in an atomic statement with the existing object, and returns the differences.
///
/// Only on MySQL do statements that create tables and columns not share a transaction with their journal entry.
pub(super) async fn compare(
    connection: &mut Connection,
    statement: &Statement<'_>,
) -> Result<(Match, Vec<String>), DatabaseError> {
    if connection.dialect() != Dialect::Mysql {
        return Ok((Match::Untold, Vec::new()));
    }
    match statement.ddl() {
        Ddl::CreateTable(create) if !create.as_query && !create.like => {
            let columns: Vec<&Column<'_>> = create.columns.iter().collect();
            let wanted =
                Wanted { table: Place::of(&create.name, Dialect::Mysql), columns, all: true };
            wanted.compare(connection).await
        }
        Ddl::AlterTable(alter) => {
            let added = alter.actions.iter().filter_map(|(action, _)| match action {
                Action::AddColumn { column, .. } => Some(&**column),
                _ => None,
            });
            let columns: Vec<&Column<'_>> = added.collect();
            let others = columns.len() < alter.actions.len();
            let wanted =
                Wanted { table: Place::of(&alter.name, Dialect::Mysql), columns, all: false };
            let (found, lines) = wanted.compare(connection).await?;
            let others = if others { Match::Untold } else { Match::Same };
            Ok((Match::of_all([found, others]), lines))
        }
        Ddl::CreateIndex(index) => compare_index(connection, &index).await,
        _ => Ok((Match::Untold, Vec::new())),
    }
}

/// Columns that a table on MySQL should have.
struct Wanted<'a> {
    table: Option<Place>,
    columns: Vec<&'a Column<'a>>,
    /// Whether it should have no others.
    all: bool,
}

impl Wanted<'_> {
    async fn compare(
        &self,
        connection: &mut Connection,
    ) -> Result<(Match, Vec<String>), DatabaseError> {
        let Some(table) = self.table.as_ref().filter(|_| !self.columns.is_empty()) else {
            return Ok((Match::Untold, Vec::new()));
        };
        let rows = connection.fetch(&catalog::columns(table)).await?;
        let there: Vec<Held> = rows.iter().filter_map(Held::read).collect();
        let mut parts = Vec::new();
        let mut lines = Vec::new();
        for column in &self.columns {
            let Some(name) = held(&column.name, Dialect::Mysql) else {
                parts.push(Match::Untold);
                continue;
            };
            let found = there.iter().find(|held| held.name.to_lowercase() == name.to_lowercase());
            let part = found.map_or(Match::Differs, |found| found.compare(column));
            if part == Match::Differs {
                let is = found.map_or_else(|| "not there".to_owned(), Held::text);
                lines.push(format!(
                    "column `{name}` of `{}`: expected `{}`, found `{is}`",
                    table.text(),
                    column.data_type
                ));
            }
            parts.push(part);
        }
        if self.all && there.len() > self.columns.len() {
            let (is, expected) = (there.len(), self.columns.len());
            lines
                .push(format!("table `{}`: expected {expected} columns, found {is}", table.text()));
            parts.push(Match::Differs);
        }
        Ok((Match::of_all(parts), lines))
    }
}

/// A column in the catalog.
struct Held {
    name: String,
    kind: String,
    nullable: bool,
}

impl Held {
    fn read(row: &Row) -> Option<Self> {
        let nullable = row.at::<String>(2)?.eq_ignore_ascii_case("YES");
        Some(Self { name: row.at(0)?, kind: row.at(1)?, nullable })
    }

    fn compare(&self, wanted: &Column<'_>) -> Match {
        let demands_values = wanted.not_null || wanted.primary_key;
        let filled = if demands_values && self.nullable { Match::Differs } else { Match::Same };
        Match::of_all([Match::when(kind::same(wanted.data_type, &self.kind)), filled])
    }

    fn text(&self) -> String {
        format!("{}{}", self.kind, if self.nullable { "" } else { " NOT NULL" })
    }
}

async fn compare_index(
    connection: &mut Connection,
    wanted: &CreateIndex<'_>,
) -> Result<(Match, Vec<String>), DatabaseError> {
    let dialect = Dialect::Mysql;
    let name = wanted.name.as_ref().and_then(|name| Place::of(name, dialect));
    let (Some(table), Some(name)) = (Place::of(&wanted.table, dialect), name) else {
        return Ok((Match::Untold, Vec::new()));
    };
    let rows = connection.fetch(&catalog::index_columns(&table, &name.name)).await?;
    let there: Vec<String> = rows.iter().filter_map(|row| row.at(0)).collect();
    let unique = rows.first().and_then(|row| row.at::<i64>(1)).map(|not_unique| not_unique == 0);
    let columns = index::names(wanted, dialect).map(|names| {
        names.len() == there.len()
            && names.iter().zip(&there).all(|(a, b)| a.to_lowercase() == b.to_lowercase())
    });
    let found = Match::of_all([
        Match::when(columns),
        Match::when(unique.map(|unique| unique == wanted.unique)),
    ]);
    let is = if unique == Some(true) { "unique, on" } else { "on" };
    let line = format!(
        "index `{}` of `{}`: there is one {is} ({})",
        name.text(),
        table.text(),
        there.join(", ")
    );
    Ok((found, if found == Match::Differs { vec![line] } else { Vec::new() }))
}
