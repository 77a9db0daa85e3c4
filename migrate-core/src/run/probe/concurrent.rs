//! Statements that PostgreSQL runs in several transactions, and can leave incomplete.

use super::catalog::{literal, regclass};
use super::definition::{self, Match};
use super::place::Place;
use super::verdict::Verdict;
use crate::engine::connection::Row;

use migrate_sql::Dialect;

/// A statement that works concurrently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Concurrent {
    /// `CREATE INDEX CONCURRENTLY`: it leaves an invalid index, which would block a second attempt.
    Build {
        table: Place,
        /// The name; `None` if PostgreSQL chooses it.
        name: Option<String>,
    },
    /// `REINDEX … CONCURRENTLY`: it can run again, and leaves invalid indexes whose names end with `_ccnew` or `_ccold`.
    Rebuild(Scope),
    /// `DETACH PARTITION … CONCURRENTLY`: it leaves a partition that only `FINALIZE` can detach.
    Detach { parent: Place, partition: Place },
}

/// What is reindexed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Index(Place),
    Table(Place),
    Schema(String),
    Database,
}

impl Concurrent {
    /// Returns the query of the catalog.
    pub(super) fn query(&self) -> String {
        match self {
            Self::Build { .. } | Self::Rebuild(_) => select(&self.indexes()),
            Self::Detach { parent, partition } => format!(
                "SELECT {parent} IS NOT NULL AND {partition} IS NOT NULL, (SELECT inhdetachpending FROM \
                 pg_catalog.pg_inherits WHERE inhparent = {parent} AND inhrelid = {partition})",
                parent = regclass(parent),
                partition = regclass(partition)
            ),
        }
    }

    /// Returns an expression for the state before: the OIDs of the indexes, or how the partition was attached.
    pub(super) fn before(&self) -> String {
        match self {
            Self::Build { .. } | Self::Rebuild(_) => format!(
                "coalesce((SELECT string_agg(CAST(x.indexrelid AS text), ',' ORDER BY x.indexrelid) {}), '-')",
                from(&self.indexes())
            ),
            Self::Detach { parent, partition } => format!(
                "coalesce((SELECT CASE WHEN inhdetachpending THEN '{PENDING}' ELSE '{ATTACHED}' END \
                 FROM pg_catalog.pg_inherits WHERE inhparent = {} AND inhrelid = {}), '-')",
                regclass(parent),
                regclass(partition)
            ),
        }
    }

    /// Returns the condition for the affected indexes.
    fn indexes(&self) -> String {
        match self {
            Self::Build { table, name: Some(name) } => {
                of_table(table, &format!("c.relname = {}", literal(name)))
            }
            Self::Build { table, name: None } => of_table(table, "true"),
            Self::Rebuild(scope) => leftovers(scope),
            Self::Detach { .. } => "false".to_owned(),
        }
    }

    /// Evaluates the result. `sql` is the statement, and `before` what the journal recorded.
    pub(super) fn judge(&self, rows: &[Row], sql: &str, before: Option<&str>) -> Verdict {
        match self {
            Self::Build { name, .. } => {
                let known = Known { before: before.map(read_numbers), named: name.is_some() };
                built(&found(rows), sql, &known)
            }
            Self::Rebuild(_) => {
                let older = before.map(read_numbers).unwrap_or_default();
                let mut left = found(rows);
                left.retain(|index| !older.contains(&index.number));
                Verdict::NotDone { mend: drops(&left) }
            }
            Self::Detach { parent, partition } => {
                // If it was not attached, or was already being detached, the statement was refused.
                if before.is_some_and(|before| before != ATTACHED) {
                    return Verdict::NotDone { mend: Vec::new() };
                }
                detached(parent, partition, rows.first())
            }
        }
    }
}

const ATTACHED: &str = "a";
const PENDING: &str = "p";

/// An index in the catalog.
#[derive(Clone)]
struct Index {
    place: Place,
    usable: bool,
    number: i64,
    definition: String,
}

impl Index {
    fn line(&self, word: &str) -> String {
        format!("index `{}`: {word}: `{}`", self.place.text(), self.definition)
    }
}

/// What is known in addition to the catalog.
struct Known {
    /// The indexes that existed before; `None` if an earlier version did not record them.
    before: Option<Vec<i64>>,
    /// Whether the statement names its index.
    named: bool,
}

fn found(rows: &[Row]) -> Vec<Index> {
    let index = |row: &Row| {
        let place = Place { schema: Some(row.at(0)?), name: row.at(1)? };
        Some(Index { place, usable: row.at(2)?, number: row.at(3)?, definition: row.at(4)? })
    };
    rows.iter().filter_map(index).collect()
}

/// Evaluates a build by the indexes that are new.
fn built(found: &[Index], sql: &str, known: &Known) -> Verdict {
    let Some(before) = &known.before else { return built_unnoted(found, sql, known.named) };
    let new: Vec<Index> =
        found.iter().filter(|index| !before.contains(&index.number)).cloned().collect();
    match new.as_slice() {
        // An existing index blocked it.
        [] => Verdict::NotDone { mend: Vec::new() },
        [index] => match (definition::of_index(sql, &index.definition), index.usable) {
            (Match::Differs, _) => {
                Verdict::Unknown { seen: vec![index.line("new, with another definition")] }
            }
            (Match::Same | Match::Untold, true) => Verdict::Done,
            (Match::Same | Match::Untold, false) => Verdict::NotDone { mend: drops(&new) },
        },
        several => Verdict::Unknown {
            seen: several.iter().map(|index| index.line("came since")).collect(),
        },
    }
}

/// Evaluates a build without a record of the state before: existing indexes could be older.
fn built_unnoted(found: &[Index], sql: &str, named: bool) -> Verdict {
    if !named {
        return nameless(found, sql);
    }
    match found.first() {
        None => Verdict::NotDone { mend: Vec::new() },
        Some(index) => match (definition::of_index(sql, &index.definition), index.usable) {
            (Match::Same, true) => Verdict::Done,
            (Match::Same | Match::Untold, false) => Verdict::NotDone { mend: drops(found) },
            (Match::Untold, true) => {
                Verdict::Unknown { seen: vec![index.line("expected, exists, perhaps from before")] }
            }
            (Match::Differs, _) => {
                Verdict::Unknown { seen: vec![index.line("exists, with another definition")] }
            }
        },
    }
}

/// Evaluates a build of an unnamed index: the valid indexes could all be older.
fn nameless(found: &[Index], sql: &str) -> Verdict {
    let mut seen = vec![format!("`{sql}`: the statement does not name its index")];
    seen.extend(
        found
            .iter()
            .filter(|index| !index.usable)
            .map(|index| format!("index `{}`: exists, not valid", index.place.text())),
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
                "partition `{}` of `{}`: expected to be gone, but one of the two tables does not exist",
                partition.text(),
                parent.text()
            )],
        },
    }
}

/// Parses the OIDs of the indexes that existed.
fn read_numbers(text: &str) -> Vec<i64> {
    text.split(',').filter_map(|number| number.parse().ok()).collect()
}

fn drops(found: &[Index]) -> Vec<String> {
    let places = found.iter().map(|index| index.place.sql(Dialect::Postgres));
    places.map(|place| format!("DROP INDEX CONCURRENTLY {place}")).collect()
}

/// Returns the query for indexes with their schema, validity, OIDs and definitions.
fn select(condition: &str) -> String {
    format!(
        "SELECT CAST(n.nspname AS text), CAST(c.relname AS text), x.indisvalid AND x.indisready, \
         CAST(x.indexrelid AS bigint), pg_catalog.pg_get_indexdef(x.indexrelid) {} ORDER BY 1, 2",
        from(condition)
    )
}

fn from(condition: &str) -> String {
    format!(
        "FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_class t ON t.oid = x.indrelid \
         WHERE {condition}"
    )
}

fn of_table(table: &Place, condition: &str) -> String {
    format!(
        "x.indrelid = {} AND {condition} \
         AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conindid = x.indexrelid)",
        regclass(table)
    )
}

/// Returns the condition for leftovers of rebuilding these indexes. They may belong to a table's TOAST table, which not every
/// role can access.
fn leftovers(scope: &Scope) -> String {
    const OWNER: &str =
        "coalesce((SELECT r.oid FROM pg_catalog.pg_class r WHERE r.reltoastrelid = t.oid), t.oid)";
    let of = match scope {
        Scope::Index(index) => format!(
            "EXISTS (SELECT 1 FROM pg_catalog.pg_index y JOIN pg_catalog.pg_class b ON b.oid = y.indexrelid \
             WHERE y.indrelid = x.indrelid AND {} AND {})",
            is_or_holds(&regclass(index), "y.indexrelid"),
            // A long name was truncated for the suffix, at a whole character.
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
    format!(
        "NOT x.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' \
         AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND {of}"
    )
}

/// Returns the condition that a relation is this one or a partition of it.
fn is_or_holds(relation: &str, oid: &str) -> String {
    format!(
        "({oid} = {relation} OR {oid} IN (SELECT p.relid FROM pg_catalog.pg_partition_tree({relation}) p))"
    )
}
