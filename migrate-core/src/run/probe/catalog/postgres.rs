//! PostgreSQL's catalog.

use migrate_sql::{Dialect, quote};

use crate::run::probe::place::Place;
use crate::run::probe::thing::{Fact, What};

pub(super) fn question(fact: &Fact) -> Option<String> {
    let thing = &fact.thing;
    let name = literal(&thing.place.name);
    let relation =
        |kinds: &str| in_schema(fact, "pg_class", "rel", &format!("AND o.relkind IN ({kinds})"));
    let of_table = |catalog, key, condition: String| {
        thing.of.as_ref().map(|table| part(&regclass(table), catalog, key, &condition))
    };
    match thing.what {
        What::Table => Some(relation("'r', 'p'")),
        What::ForeignTable => Some(relation("'f'")),
        What::View => Some(relation("'v'")),
        What::MaterializedView => Some(relation("'m'")),
        What::Sequence => Some(relation("'S'")),
        What::Index => Some(match &thing.of {
            Some(table) => index(table, &name),
            None => relation("'i', 'I'"),
        }),
        What::Type => Some(in_schema(fact, "pg_type", "typ", "AND o.typtype <> 'd'")),
        What::Domain => Some(in_schema(fact, "pg_type", "typ", "AND o.typtype = 'd'")),
        What::Function => Some(routine(fact, "AND o.prokind <> 'p'")),
        What::Procedure => Some(routine(fact, "AND o.prokind = 'p'")),
        What::Column => of_table(
            "pg_attribute",
            "attrelid",
            format!("attname = {name} AND attnum > 0 AND NOT attisdropped"),
        ),
        What::Constraint | What::ForeignKey | What::Check => {
            of_table("pg_constraint", "conrelid", format!("conname = {name}"))
        }
        What::PrimaryKey => of_table("pg_constraint", "conrelid", "contype = 'p'".to_owned()),
        What::Trigger => of_table("pg_trigger", "tgrelid", format!("tgname = {name}")),
        What::Policy => of_table("pg_policy", "polrelid", format!("polname = {name}")),
        What::Rule => of_table("pg_rewrite", "ev_class", format!("rulename = {name}")),
        What::Partition => {
            of_table("pg_inherits", "inhparent", format!("inhrelid = {}", regclass(&thing.place)))
        }
        What::EnumValue => thing.of.as_ref().map(|of| {
            let of = format!("pg_catalog.to_regtype({})", quoted(of));
            part(&of, "pg_enum", "enumtypid", &format!("enumlabel = {name}"))
        }),
        What::Database => Some(anywhere("pg_database", "datname", &name)),
        What::Schema => Some(anywhere("pg_namespace", "nspname", &name)),
        What::Extension => Some(anywhere("pg_extension", "extname", &name)),
        What::EventTrigger => Some(anywhere("pg_event_trigger", "evtname", &name)),
        What::Publication => Some(anywhere("pg_publication", "pubname", &name)),
        What::Role => Some(anywhere("pg_roles", "rolname", &name)),
        What::Tablespace => Some(anywhere("pg_tablespace", "spcname", &name)),
        // This catalog is global to the server.
        What::Subscription => Some(format!(
            "EXISTS (SELECT 1 FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid \
             WHERE d.datname = pg_catalog.current_database() AND s.subname = {name})"
        )),
        What::Event | What::Package => None,
    }
}

/// Returns the expression for an object in a schema.
///
/// Without a schema, an object is created in the first one of `search_path`, and dropped from the first one that has it. If
/// one with this name exists further down, it may be another object, and nothing can be determined.
fn in_schema(fact: &Fact, catalog: &str, word: &str, further: &str) -> String {
    let place = &fact.thing.place;
    let held_by = |schema: &str| {
        format!(
            "EXISTS (SELECT 1 FROM pg_catalog.{catalog} o JOIN pg_catalog.pg_namespace n ON n.oid = o.{word}namespace \
             WHERE o.{word}name = {} {further} AND n.nspname = {schema})",
            literal(&place.name)
        )
    };
    let first = held_by("pg_catalog.current_schema()");
    match &place.schema {
        Some(schema) => held_by(&literal(schema)),
        None if fact.there => first,
        None => format!(
            "CASE WHEN {first} THEN true WHEN {} THEN NULL ELSE false END",
            held_by("ANY (pg_catalog.current_schemas(true))")
        ),
    }
}

/// Returns the expression for a routine. There may be others with the same name and different arguments.
fn routine(fact: &Fact, further: &str) -> String {
    let any = in_schema(fact, "pg_proc", "pro", further);
    format!("CASE WHEN {any} THEN NULL ELSE false END")
}

/// Returns the expression for a part of a table or type. If that does not exist, nothing can be determined.
fn part(of: &str, catalog: &str, key: &str, condition: &str) -> String {
    format!(
        "CASE WHEN {of} IS NOT NULL THEN EXISTS (SELECT 1 FROM pg_catalog.{catalog} WHERE {key} = {of} AND {condition}) \
         END"
    )
}

fn index(table: &Place, name: &str) -> String {
    let condition =
        format!("indexrelid IN (SELECT oid FROM pg_catalog.pg_class WHERE relname = {name})");
    part(&regclass(table), "pg_index", "indrelid", &condition)
}

fn anywhere(catalog: &str, column: &str, name: &str) -> String {
    format!("EXISTS (SELECT 1 FROM pg_catalog.{catalog} WHERE {column} = {name})")
}

/// Returns the expression for a relation as the session resolves it; NULL if there is none.
pub(in crate::run::probe) fn regclass(place: &Place) -> String {
    format!("pg_catalog.to_regclass({})", quoted(place))
}

fn quoted(place: &Place) -> String {
    literal(&place.sql(Dialect::Postgres))
}

pub(in crate::run::probe) fn literal(text: &str) -> String {
    quote::literal(text, Dialect::Postgres)
}
