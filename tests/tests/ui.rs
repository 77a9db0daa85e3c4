//! What the compiler says about the macros: every refusal, and what must stay free of one.

use std::fs;
use std::path::Path;

use trybuild::TestCases;

#[test]
fn each_fault_is_reported_where_it_is_and_nothing_else() {
    let long_chain = Path::new(env!("CARGO_TARGET_TMPDIR")).join("thousand_revisions.rs");
    fs::write(&long_chain, thousand_revisions()).unwrap();

    let cases = TestCases::new();
    cases.pass("tests/ui/*/pass/*.rs");
    cases.pass(long_chain);
    cases.compile_fail("tests/ui/*/fail/*.rs");
}

/// A program with a thousand revisions, one after the other, written down in no order.
///
/// What checks them must not nest as deep as the chain is long.
fn thousand_revisions() -> String {
    const COUNT: usize = 1000;
    // 387 has no divisor in common with 1000, so each revision comes up once.
    let revisions: String = (0..COUNT).map(|position| revision(position * 387 % COUNT)).collect();
    format!(
        "use migrate_core::prelude::*;\n\nmigrate_core::migrations!();\n\n{revisions}fn main() {{}}\n"
    )
}

fn revision(rev: usize) -> String {
    let after = rev.checked_sub(1).map_or("[]".to_owned(), |parent| format!("\"{parent}\""));
    format!(
        r#"#[migration(rev = "{rev}", after = {after}, down = "DROP TABLE t{rev}")]
fn create_{rev}() -> &'static str {{
    "CREATE TABLE t{rev} (id BIGINT)"
}}

"#
    )
}
