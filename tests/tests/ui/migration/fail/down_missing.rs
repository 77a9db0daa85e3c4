use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001")]
fn sql_that_is_computed() -> String {
    format!("CREATE TABLE a (id {})", "BIGINT")
}

#[migration(rev = "002")]
async fn code(db: &mut Db) -> Result<()> {
    db.execute("CREATE TABLE b (id BIGINT)").await?;
    Ok(())
}

#[migration(rev = "003")]
fn one_way_or_the_other() -> &'static str {
    if cfg!(windows) {
        return "CREATE TABLE c (id BIGINT)";
    }
    "CREATE TABLE d (id BIGINT)"
}

fn main() {}
