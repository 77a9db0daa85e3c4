//! What the compiler says about the macros: every refusal, and what must stay free of one.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use trybuild::TestCases;

#[test]
fn each_fault_is_reported_where_it_is_and_nothing_else() {
    let cases = TestCases::new();
    cases.pass("tests/ui/*/pass/*.rs");
    cases.pass(thousand_revisions());
    cases.compile_fail("tests/ui/*/fail/*.rs");
}

/// A program with a thousand revisions, one after the other, written down in no order.
///
/// What checks them must not nest as deep as the chain is long.
fn thousand_revisions() -> PathBuf {
    const COUNT: usize = 1000;
    let mut program = "use migrate_core::prelude::*;\n\nmigrate_core::migrations!();\n\n".to_owned();
    for position in 0..COUNT {
        // 387 has no divisor in common with 1000, so each revision comes up once.
        let rev = position * 387 % COUNT;
        let after = rev.checked_sub(1).map_or("[]".to_owned(), |parent| format!("\"{parent}\""));
        writeln!(program, "#[migration(rev = \"{rev}\", after = {after}, down = \"DROP TABLE t{rev}\")]").unwrap();
        writeln!(program, "fn create_{rev}() -> &'static str {{\n    \"CREATE TABLE t{rev} (id BIGINT)\"\n}}\n").unwrap();
    }
    program.push_str("fn main() {}\n");
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("thousand_revisions.rs");
    fs::write(&path, program).unwrap();
    path
}
