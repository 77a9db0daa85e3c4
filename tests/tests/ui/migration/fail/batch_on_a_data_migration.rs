use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", kind = data, batch(table = "users", key = "id", size = 500))]
fn lowercase_names() -> &'static str {
    "UPDATE users SET name = lower(name) WHERE id > 0"
}

fn main() {}
