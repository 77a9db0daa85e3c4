use migrate_core::prelude::*;

/// Create orders and their lines.
#[migration(rev = "003", down = "DROP TABLE order_lines; DROP TABLE orders")]
fn create_orders(dialect: Dialect) -> String {
    // The only type that has a different name on each engine.
    let moment = match dialect {
        Dialect::Postgres => "TIMESTAMPTZ",
        Dialect::Mysql => "DATETIME(6)",
        Dialect::Sqlite => "TEXT",
    };
    format!(
        "CREATE TABLE orders (
            id BIGINT PRIMARY KEY,
            user_id BIGINT NOT NULL,
            ordered_at {moment} NOT NULL,
            FOREIGN KEY (user_id) REFERENCES users (id)
        );
        CREATE TABLE order_lines (
            order_id BIGINT NOT NULL,
            product_id BIGINT NOT NULL,
            quantity BIGINT NOT NULL,
            price_cents BIGINT NOT NULL,
            PRIMARY KEY (order_id, product_id),
            FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE,
            FOREIGN KEY (product_id) REFERENCES products (id)
        )"
    )
}
