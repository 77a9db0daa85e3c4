use migrate_core::prelude::*;

/// Find a user's orders quickly. PostgreSQL builds the index while the shop goes on selling.
#[migration(rev = "008", transaction = false, down = drop_index)]
fn index_orders(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "CREATE INDEX CONCURRENTLY orders_user ON orders (user_id, status)",
        Dialect::Mysql | Dialect::Sqlite => "CREATE INDEX orders_user ON orders (user_id, status)",
    }
}

fn drop_index(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "DROP INDEX CONCURRENTLY orders_user",
        // Its foreign key needs an index on the column, so one has to stay.
        Dialect::Mysql => "CREATE INDEX user_id ON orders (user_id); DROP INDEX orders_user ON orders",
        Dialect::Sqlite => "DROP INDEX orders_user",
    }
}
