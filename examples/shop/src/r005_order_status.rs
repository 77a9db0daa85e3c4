use migrate_core::prelude::*;

/// Give every order a status.
///
/// Written beside the payments, so it follows the orders as they do.
#[migration(rev = "005", after = "003", down = "ALTER TABLE orders DROP COLUMN status")]
fn order_status() -> &'static str {
    "ALTER TABLE orders ADD COLUMN status VARCHAR(20) NOT NULL DEFAULT 'open'"
}
