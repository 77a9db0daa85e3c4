use migrate_core::prelude::*;

/// Fill in the totals of existing orders.
#[migration(rev = "010", kind = data)]
fn fill_totals() -> &'static str {
    "UPDATE orders SET total_cents = (
        SELECT sum(quantity * price_cents) FROM order_lines WHERE order_id = orders.id
    ) WHERE total_cents IS NULL"
}
