use migrate_core::prelude::*;

/// 2FA
#[migration(rev = "V6.2", after = "005")]
fn rv6_2_2fa() -> &'static str {
    "-- write the SQL here"
}
