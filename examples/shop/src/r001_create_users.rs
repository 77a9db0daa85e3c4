use migrate_core::prelude::*;

/// Create the users table.
#[migration(rev = "001")]
fn create_users() -> &'static str {
    "CREATE TABLE users (
        id BIGINT PRIMARY KEY,
        name VARCHAR(200) NOT NULL,
        email VARCHAR(200) NOT NULL
    );
    CREATE UNIQUE INDEX users_email ON users (email)"
}
