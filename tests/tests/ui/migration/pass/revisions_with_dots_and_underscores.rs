use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "1.4", down = irreversible)]
fn with_a_dot() -> &'static str {
    "CREATE TABLE a (id BIGINT)"
}

#[migration(rev = "1_4", after = "1.4", down = irreversible)]
fn with_an_underscore() -> &'static str {
    "CREATE TABLE b (id BIGINT)"
}

#[migration(rev = "1_d_4", after = ["1.4", "1_4"], down = irreversible)]
fn with_the_letters_that_stand_for_a_dot() -> &'static str {
    "CREATE TABLE c (id BIGINT)"
}

#[migration(rev = "a1b2c3d4e5f6", down_revision = "1_d_4", down = irreversible)]
fn as_alembic_names_them() -> &'static str {
    "CREATE TABLE d (id BIGINT)"
}

fn main() {}
