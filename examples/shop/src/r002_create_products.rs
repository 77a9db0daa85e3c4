use migrate_core::prelude::*;

/// Create the products table, its SQL kept in a file.
#[migration(rev = "002", down = "DROP TABLE products")]
fn create_products() -> &'static str {
    include_str!("r002_create_products.sql")
}
