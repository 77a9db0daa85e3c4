//! Many faults in one file: all are shown, each where it is.

use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001")]
fn a_type_is_missing() -> &'static str {
    "CREATE TABLE orders (id BIGINT);

     CREATE TABLE users (
         name ,
         age INT
     );"
}

#[migration(rev = "002", parse = false, down = irreversible)]
fn not_parsed() -> &'static str {
    "CREATE TABLE users (name ,)"
}

#[migration(rev = "003", down = "DROP INDEX users_name")]
fn in_a_transaction() -> &'static str {
    "CREATE INDEX CONCURRENTLY users_name ON users (name)"
}

#[migration(rev = "004", transaction = false, down = "DROP INDEX CONCURRENTLY users_age")]
fn in_none() -> &'static str {
    "CREATE INDEX CONCURRENTLY users_age ON users (age)"
}

#[migration(rev = "005", down = "DROP TABLE \"logs")]
fn a_quote_is_open() -> &'static str {
    "CREATE TABLE logs (id BIGINT)"
}

#[migration(rev = "006", down = irreversible)]
fn two_faults() -> Sql {
    Sql::new(
        r#"
        COPY "users" FROM STDIN;
        COMMIT
        "#,
    )
}

#[migration(rev = "007")]
fn in_a_file() -> &'static str {
    include_str!("007.sql")
}

#[migration(rev = "008")]
fn cannot_be_undone() -> &'static str {
    "CREATE TABLE logs (id BIGINT);
     CREATE TABLE IF NOT EXISTS logs_old (id BIGINT)"
}

#[migration(rev = "009", kind = data, waive(mixed, reason = "the rows need it"))]
fn hidden_by_what_is_waived() -> &'static str {
    "CREATE INDEX CONCURRENTLY logs_id ON logs (id)"
}
