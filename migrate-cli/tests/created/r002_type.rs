use migrate_core::prelude::*;

/// type
#[migration(rev = "002")]
fn r002_type() -> &'static str {
    "-- write the SQL here"
}
