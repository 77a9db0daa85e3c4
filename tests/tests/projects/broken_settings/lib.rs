//! What is broken in the settings is said once, not at each migration.

use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001")]
fn create_users() -> &'static str {
    "CREATE TABLE users (id BIGINT)"
}

#[migration(rev = "002")]
fn create_orders() -> &'static str {
    "CREATE TABLE orders (id BIGINT)"
}
