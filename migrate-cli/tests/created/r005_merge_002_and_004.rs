use migrate_core::prelude::*;

/// merge 002 and 004
#[migration(rev = "005", after = ["002", "004"])]
fn merge_002_and_004() -> &'static str {
    ""
}
