use migrate_core::prelude::*;

/// Merge the payments branch.
#[migration(rev = "006", after = ["004", "005"])]
fn merge_payments() -> &'static str {
    ""
}
