use migrate_core::prelude::*;

/// Give every order a status.
///
/// Written at the same time as the payments, so it comes after the orders, as they do.
#[migration(
    rev = "005",
    after = "003",
    waive(
        unasserted_alter,
        reason = "the other engines do not know `ALGORITHM`, and there are few orders yet"
    )
)]
fn order_status() -> &'static str {
    "ALTER TABLE orders ADD COLUMN status VARCHAR(20) NOT NULL DEFAULT 'open'"
}
