use migrate_core::prelude::*;

/// Keep the total with the order.
#[migration(
    rev = "009",
    down = drop_totals,
    waive(unasserted_alter, reason = "the other engines do not know `ALGORITHM`, and there are few orders yet")
)]
async fn order_totals(db: &mut Db) -> Result<()> {
    db.execute("ALTER TABLE orders ADD COLUMN total_cents BIGINT").await?;
    if db.dialect() == Dialect::Postgres {
        db.execute(
            "COMMENT ON COLUMN orders.total_cents IS 'nothing in orders older than this column'",
        )
        .await?;
    }
    Ok(())
}

async fn drop_totals(db: &mut Db) -> Result<()> {
    db.execute("ALTER TABLE orders DROP COLUMN total_cents").await?;
    Ok(())
}
