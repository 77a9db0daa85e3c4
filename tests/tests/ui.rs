//! Compiler messages of the macros: every refusal, and code that must compile without one.
#![expect(clippy::unwrap_used, reason = "a test's way to fail is to panic")]

use std::fs;
use std::path::{Path, PathBuf};

use trybuild::TestCases;

#[test]
fn each_fault_is_reported_where_it_is_and_nothing_else() {
    let long_chain = Path::new(env!("CARGO_TARGET_TMPDIR")).join("thousand_revisions.rs");
    fs::write(&long_chain, thousand_revisions()).unwrap();

    let cases = TestCases::new();
    cases.pass("tests/ui/*/pass/*.rs");
    cases.pass(long_chain);
    for program in programs_of_the_readme() {
        cases.pass(program);
    }
    cases.compile_fail("tests/ui/*/fail/*.rs");
}

/// Writes each block of Rust code in the README as a separate crate.
fn programs_of_the_readme() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let readme = include_str!("../../README.md");
    let blocks = readme.split("```rust\n").skip(1).filter_map(|rest| rest.split_once("```"));
    let program = |(index, (code, _)): (usize, (&str, &str))| {
        let declared =
            if code.contains("migrations!()") { "" } else { "migrate_core::migrations!();\n" };
        let path = folder.join(format!("readme_{}.rs", index + 1));
        fs::write(&path, format!("{CRATE}{declared}{code}\nfn main() {{}}\n")).unwrap();
        path
    };
    let programs: Vec<PathBuf> = blocks.enumerate().map(program).collect();
    assert!(programs.len() >= 3, "README has lost its code");
    programs
}

/// The code around the README's code.
const CRATE: &str =
    "#![allow(dead_code)]\nmod my_migrations {\n    pub use crate::Migrations;\n}\n";

/// Returns a program with a thousand revisions, one after the other, in no particular order.
///
/// Checks must not nest as deep as the chain is long.
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
