use std::fmt;

use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", down = irreversible)]
fn a_literal() -> &'static str {
    "CREATE TABLE a (id BIGINT)"
}

#[migration(rev = "002", down = irreversible)]
const fn a_constant_function() -> Sql {
    Sql::new("CREATE TABLE b (id BIGINT)")
}

#[migration(rev = "003", down = irreversible)]
fn a_string() -> String {
    format!("CREATE TABLE {} (id BIGINT)", "c")
}

#[migration(rev = "004", down = irreversible)]
fn statements() -> Vec<String> {
    ["d", "e"].map(|table| format!("CREATE TABLE {table} (id BIGINT)")).to_vec()
}

#[migration(rev = "005", down = irreversible)]
fn something_that_is_sql() -> impl IntoSql {
    "CREATE TABLE f (id BIGINT)"
}

#[migration(rev = "006", down = irreversible)]
fn by_dialect(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "CREATE TABLE g (id BIGINT GENERATED ALWAYS AS IDENTITY)",
        _ => "CREATE TABLE g (id BIGINT)",
    }
}

#[migration(rev = "007", down = irreversible)]
fn by_a_dialect_of_another_name(_: migrate_core::Dialect) -> impl IntoSql {
    "CREATE TABLE h (id BIGINT)"
}

#[migration(rev = "008", down = irreversible)]
async fn code(db: &mut Db) -> Result<()> {
    db.execute("CREATE TABLE i (id BIGINT)").await?;
    Ok(())
}

#[derive(Debug)]
struct OwnError;

impl fmt::Display for OwnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("own")
    }
}

impl std::error::Error for OwnError {}

#[migration(rev = "009", kind = data)]
async fn code_with_its_own_error(_: &mut migrate_core::Db) -> std::result::Result<(), OwnError> {
    Err(OwnError)
}

#[migration(rev = "010", kind = data)]
pub(crate) async fn code_with_a_named_lifetime(_: &'_ mut Db) -> Result<()> {
    Ok(())
}

fn main() {}
