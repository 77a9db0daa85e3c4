use migrate_core::prelude::*;

/// Lower-case every e-mail address.
#[migration(rev = "007", kind = data)]
fn lowercase_emails() -> &'static str {
    "UPDATE users SET email = lower(email) WHERE email <> lower(email)"
}
