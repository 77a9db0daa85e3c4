use migrate_core::prelude::*;

/// billing
#[migration(rev = "004", after = "001", branch = "billing")]
fn billing() -> &'static str {
    "-- write the SQL here"
}
