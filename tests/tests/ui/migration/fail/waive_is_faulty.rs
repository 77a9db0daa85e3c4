use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", kind = data, waive(missing_where))]
fn without_a_reason() -> &'static str {
    "DELETE FROM users"
}

#[migration(rev = "002", kind = data, waive(mixed, reason = ""))]
fn with_an_empty_reason() -> &'static str {
    "DROP TABLE users"
}

#[migration(rev = "003", kind = data, waive(missing_were, reason = "all of them"))]
fn of_an_unknown_rule() -> &'static str {
    "DELETE FROM users WHERE true"
}

#[migration(rev = "004", kind = data, waive(syntax, reason = "all of them"))]
fn of_a_fault() -> &'static str {
    "DELETE FROM users WHERE true"
}

#[migration(rev = "005", kind = data, waive(transaction_control, reason = "all of them"))]
fn of_another_fault() -> &'static str {
    "DELETE FROM users WHERE true"
}

#[migration(
    rev = "006",
    kind = data,
    waive(missing_where, reason = "all of them"),
    waive("missing-where", reason = "all of them"),
)]
fn of_one_rule_twice() -> &'static str {
    "DELETE FROM users"
}

#[migration(rev = "007", kind = data, waive)]
fn of_nothing() -> &'static str {
    "DELETE FROM users WHERE true"
}

#[migration(rev = "008", kind = data, waive = missing_where)]
fn with_equals() -> &'static str {
    "DELETE FROM users WHERE true"
}

#[migration(rev = "009", kind = data, waive(missing_where, because = "all of them"))]
fn with_an_unknown_option() -> &'static str {
    "DELETE FROM users"
}

#[migration(rev = "010", kind = data, waive(missing_where, reason = all))]
fn with_a_reason_that_is_no_string() -> &'static str {
    "DELETE FROM users"
}

#[migration(rev = "011", kind = data, waive(security, reason = "all of them"))]
fn of_a_group() -> &'static str {
    "DELETE FROM users WHERE true"
}

fn main() {}
