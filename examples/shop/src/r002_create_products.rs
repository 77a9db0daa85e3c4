use migrate_core::prelude::*;

/// Create the products table.
///
/// The SQL is kept in a file, and the compiler reads it from there.
#[migration(rev = "002")]
fn create_products() -> &'static str {
    include_str!("r002_create_products.sql")
}
