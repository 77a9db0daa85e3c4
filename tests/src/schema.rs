//! Reads a database's schema from its catalogs: two databases with the same lines have the same schema.

use migrate_core::Dialect;

use crate::Database;

// The text is kept as it was sent, with the line end that separates it from the next; renamed objects get quotes.
const SQLITE: [&str; 1] = [
    "SELECT type, name, tbl_name, replace(trim(sql, char(10)), '\"', '') FROM sqlite_master WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~'",
];

// Positions are counted here: PostgreSQL never reuses the number of a dropped column.
const POSTGRES: [&str; 7] = [
    "SELECT 'column', table_name::text, column_name::text, \
     (row_number() OVER (PARTITION BY table_name ORDER BY ordinal_position))::int, data_type::text, is_nullable::text, \
     column_default::text FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT 'index', tablename::text, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT 'index is valid', indexrelid::regclass::text, indisvalid::text FROM pg_index JOIN pg_class ON oid = indexrelid \
     WHERE relnamespace = 'public'::regnamespace",
    "SELECT 'view', viewname::text, definition FROM pg_views WHERE schemaname = 'public'",
    "SELECT 'constraint', conrelid::regclass::text, conname::text, pg_get_constraintdef(oid) FROM pg_constraint \
     WHERE connamespace = 'public'::regnamespace",
    "SELECT 'function', proname::text, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "SELECT 'trigger', tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
];

const MYSQL: [&str; 6] = [
    "SELECT 'column', table_name, column_name, ordinal_position, column_type, is_nullable, column_default, \
     collation_name, extra FROM information_schema.columns WHERE table_schema = database()",
    "SELECT 'index', table_name, index_name, seq_in_index, column_name, non_unique \
     FROM information_schema.statistics WHERE table_schema = database()",
    "SELECT 'constraint', table_name, constraint_name, constraint_type \
     FROM information_schema.table_constraints WHERE table_schema = database()",
    "SELECT 'view', table_name, replace(view_definition, concat('`', database(), '`.'), '') \
     FROM information_schema.views WHERE table_schema = database()",
    "SELECT 'routine', routine_name, routine_definition FROM information_schema.routines \
     WHERE routine_schema = database()",
    "SELECT 'trigger', event_object_table, trigger_name, action_statement FROM information_schema.triggers \
     WHERE trigger_schema = database()",
];

/// Returns every object except those of history, one line each, in a stable order.
pub async fn schema_of(database: &Database) -> Vec<String> {
    let queries: &[&str] = match database.dialect() {
        Dialect::Sqlite => &SQLITE,
        Dialect::Postgres => &POSTGRES,
        Dialect::Mysql => &MYSQL,
    };
    let mut connection = database.open().await;
    let mut lines = Vec::new();
    for query in queries {
        let rows = connection.query(query).await.expect("the catalog");
        lines.extend(rows.iter().map(|row| format!("{row:?}")));
    }
    connection.close().await.expect("a goodbye");
    lines.retain(|line| !line.contains("_migrate"));
    lines.sort_unstable();
    lines
}
