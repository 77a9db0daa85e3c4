use migrate_core::prelude::*;

/// Keep the total with the order.
#[migration(rev = "009", down = drop_totals)]
async fn order_totals(db: &mut Db) -> Result<()> {
    db.execute("ALTER TABLE orders ADD COLUMN total_cents BIGINT").await?;
    db.execute("CREATE INDEX orders_total ON orders (total_cents)").await?;
    Ok(())
}

async fn drop_totals(db: &mut Db) -> Result<()> {
    let drop_index = match db.dialect() {
        Dialect::Mysql => "DROP INDEX orders_total ON orders",
        Dialect::Postgres | Dialect::Sqlite => "DROP INDEX orders_total",
    };
    db.execute(drop_index).await?;
    db.execute("ALTER TABLE orders DROP COLUMN total_cents").await?;
    Ok(())
}
