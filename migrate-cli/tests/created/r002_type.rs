use migrate_core::prelude::*;

/// type
#[migration(rev = "002", down = "-- undo it here")]
fn r002_type() -> &'static str {
    "-- write the SQL here"
}
