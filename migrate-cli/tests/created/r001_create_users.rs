use migrate_core::prelude::*;

/// create users
#[migration(rev = "001")]
fn create_users() -> &'static str {
    "-- write the SQL here"
}
