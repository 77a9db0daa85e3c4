use migrate_core::prelude::*;

/// Find the open orders quickly.
///
/// PostgreSQL builds the index while the shop keeps selling, which is not possible in a transaction.
#[migration(rev = "008", transaction = false, down = drop_index)]
fn index_orders(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "CREATE INDEX CONCURRENTLY orders_open ON orders (status, ordered_at)",
        // Fails rather than block the shop.
        Dialect::Mysql => {
            "CREATE INDEX orders_open ON orders (status, ordered_at) ALGORITHM=INPLACE LOCK=NONE"
        }
        Dialect::Sqlite => "CREATE INDEX orders_open ON orders (status, ordered_at)",
    }
}

fn drop_index(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "DROP INDEX CONCURRENTLY orders_open",
        Dialect::Mysql => "DROP INDEX orders_open ON orders",
        Dialect::Sqlite => "DROP INDEX orders_open",
    }
}
