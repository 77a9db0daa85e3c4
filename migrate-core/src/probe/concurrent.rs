//! What PostgreSQL does in several transactions of its own, and can leave half-done.

use super::catalog::{literal, regclass};
use super::place::Place;
use super::verdict::Verdict;
use crate::connection::Row;

use migrate_sql::Dialect;

/// A statement that works concurrently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Concurrent {
    /// `CREATE INDEX CONCURRENTLY`: it leaves an invalid index, which a second run would stumble over.
    Build {
        table: Place,
        /// Nothing where PostgreSQL chooses the name.
        name: Option<String>,
    },
    /// `REINDEX … CONCURRENTLY`: it can be run again, and leaves invalid indexes whose names end in `_ccnew` or `_ccold`.
    Rebuild(Scope),
    /// `DETACH PARTITION … CONCURRENTLY`: it leaves a partition that only `FINALIZE` can detach.
    Detach { parent: Place, partition: Place },
}

/// What is indexed anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Index(Place),
    Table(Place),
    Schema(String),
    Database,
}

impl Concurrent {
    /// What to ask the catalog.
    pub(super) fn query(&self) -> String {
        match self {
            Self::Build { table, name: Some(name) } => {
                indexes(table, &format!("c.relname = {}", literal(name)))
            }
            Self::Build { table, name: None } => indexes(table, "NOT x.indisvalid"),
            Self::Rebuild(scope) => leftovers(scope),
            Self::Detach { parent, partition } => format!(
                "SELECT {parent} IS NOT NULL AND {partition} IS NOT NULL, (SELECT inhdetachpending FROM \
                 pg_catalog.pg_inherits WHERE inhparent = {parent} AND inhrelid = {partition})",
                parent = regclass(parent),
                partition = regclass(partition)
            ),
        }
    }

    /// Judges the answer.
    pub(super) fn judge(&self, rows: &[Row]) -> Verdict {
        match self {
            Self::Build { name: Some(_), .. } => built(&found(rows)),
            Self::Build { table, name: None } => nameless(table, &found(rows)),
            Self::Rebuild(_) => Verdict::NotDone { mend: drops(&found(rows)) },
            Self::Detach { parent, partition } => detached(parent, partition, rows.first()),
        }
    }
}

/// An index as the catalog has it.
struct Index {
    place: Place,
    usable: bool,
}

fn found(rows: &[Row]) -> Vec<Index> {
    let index = |row: &Row| {
        let place = Place { schema: Some(row.at(0)?), name: row.at(1)? };
        Some(Index { place, usable: row.at(2)? })
    };
    rows.iter().filter_map(index).collect()
}

fn built(found: &[Index]) -> Verdict {
    if found.iter().any(|index| index.usable) {
        return Verdict::Done;
    }
    Verdict::NotDone { mend: drops(found) }
}

/// Which index it would have made cannot be told, and those that are valid could all be older.
fn nameless(table: &Place, found: &[Index]) -> Verdict {
    let mut seen = vec![format!(
        "index without a name of `{}`: expected, and which one it would be the statement does not tell",
        table.text()
    )];
    seen.extend(
        found.iter().map(|index| format!("index `{}`: there, not valid", index.place.text())),
    );
    Verdict::Unknown { seen }
}

fn detached(parent: &Place, partition: &Place, row: Option<&Row>) -> Verdict {
    let both = row.and_then(|row| row.at(0)).unwrap_or(false);
    let pending = row.and_then(|row| row.at::<Option<bool>>(1)).flatten();
    match pending {
        Some(true) => Verdict::Begun {
            rest: vec![format!(
                "ALTER TABLE {} DETACH PARTITION {} FINALIZE",
                parent.sql(Dialect::Postgres),
                partition.sql(Dialect::Postgres)
            )],
        },
        Some(false) => Verdict::NotDone { mend: Vec::new() },
        None if both => Verdict::Done,
        None => Verdict::Unknown {
            seen: vec![format!(
                "partition `{}` of `{}`: expected to be gone, and one of the two tables is not there",
                partition.text(),
                parent.text()
            )],
        },
    }
}

fn drops(found: &[Index]) -> Vec<String> {
    let places = found.iter().map(|index| index.place.sql(Dialect::Postgres));
    places.map(|place| format!("DROP INDEX CONCURRENTLY {place}")).collect()
}

/// Indexes with their schema and whether queries may use them.
fn select(condition: &str) -> String {
    format!(
        "SELECT CAST(n.nspname AS text), CAST(c.relname AS text), x.indisvalid AND x.indisready \
         FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_class t ON t.oid = x.indrelid \
         WHERE {condition} ORDER BY 1, 2"
    )
}

fn indexes(table: &Place, condition: &str) -> String {
    select(&format!(
        "x.indrelid = {} AND {condition} \
         AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conindid = x.indexrelid)",
        regclass(table)
    ))
}

/// What rebuilding has left of these indexes. A table's may be of the one that keeps its long values, which not every
/// role reaches.
fn leftovers(scope: &Scope) -> String {
    const OWNER: &str =
        "coalesce((SELECT r.oid FROM pg_catalog.pg_class r WHERE r.reltoastrelid = t.oid), t.oid)";
    let of = match scope {
        Scope::Index(index) => format!(
            "EXISTS (SELECT 1 FROM pg_catalog.pg_index y JOIN pg_catalog.pg_class b ON b.oid = y.indexrelid \
             WHERE y.indrelid = x.indrelid AND {} AND {})",
            is_or_holds(&regclass(index), "y.indexrelid"),
            // A long name was cut to make room, at a whole character.
            "(b.relname = regexp_replace(c.relname, '_cc(new|old)[0-9]*$', '') OR octet_length(c.relname) >= 60 \
             AND starts_with(b.relname, regexp_replace(c.relname, '_cc(new|old)[0-9]*$', '')))"
        ),
        Scope::Table(table) => is_or_holds(&regclass(table), OWNER),
        Scope::Schema(schema) => format!(
            "(SELECT o.relnamespace FROM pg_catalog.pg_class o WHERE o.oid = {OWNER}) = \
             (SELECT s.oid FROM pg_catalog.pg_namespace s WHERE s.nspname = {})",
            literal(schema)
        ),
        Scope::Database => "true".to_owned(),
    };
    select(&format!(
        "NOT x.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' \
         AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND {of}"
    ))
}

/// Whether a relation is this one or a partition of it.
fn is_or_holds(relation: &str, oid: &str) -> String {
    format!(
        "({oid} = {relation} OR {oid} IN (SELECT p.relid FROM pg_catalog.pg_partition_tree({relation}) p))"
    )
}
