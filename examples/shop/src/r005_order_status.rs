use migrate_core::prelude::*;

/// Give every order a status. Written beside the payments, so it too follows the orders.
#[migration(rev = "005", after = "003", down = "ALTER TABLE orders DROP COLUMN status")]
fn order_status() -> &'static str {
    "ALTER TABLE orders ADD COLUMN status VARCHAR(20) NOT NULL DEFAULT 'open'"
}
