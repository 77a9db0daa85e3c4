use migrate_core::prelude::*;

/// Create the payments table.
///
/// Written on a separate branch, while others worked on the orders.
#[migration(rev = "004", branch = "payments")]
fn create_payments() -> &'static str {
    "CREATE TABLE payments (
        id BIGINT PRIMARY KEY,
        order_id BIGINT NOT NULL,
        amount_cents BIGINT NOT NULL,
        provider VARCHAR(40) NOT NULL,
        FOREIGN KEY (order_id) REFERENCES orders (id)
    )"
}
