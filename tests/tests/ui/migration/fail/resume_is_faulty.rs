use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", resume = "rerun", down = irreversible)]
fn a_string() -> &'static str {
    "CREATE TABLE a (id BIGINT PRIMARY KEY)"
}

#[migration(rev = "002", resume = always, down = irreversible)]
fn another_word() -> &'static str {
    "CREATE TABLE b (id BIGINT PRIMARY KEY)"
}

#[migration(rev = "003", kind = data, resume = rerun)]
async fn one_transaction_on_every_dialect(db: &mut Db) -> Result<()> {
    db.execute("DELETE FROM a").await?;
    Ok(())
}

fn main() {}
