//! What `cargo run -p migrate-cli` builds: `migrate` first, then the binary that it starts.

#![expect(clippy::expect_used, reason = "a test's way to fail is to panic")]

use std::collections::BTreeSet;
use std::env;
use std::path::Path;
use std::process::Command;

/// What differs by design: the commands are not in `migrate` itself.
const DIFFERENT: &str = "migrate-cli ";

#[test]
fn what_both_builds_need_has_the_same_features_in_both() {
    let launcher = tree(&["--package", "migrate-cli"]);
    let program = tree(&["--package", "shop-migrations", "--features", "cli"]);
    let twice: Vec<&String> =
        launcher.difference(&program).filter(|line| !line.starts_with(DIFFERENT)).collect();
    assert!(
        twice.is_empty(),
        "these are compiled once for `migrate` and again, with other features, for the binary that it starts; \
        name the features in `migrate-cli/Cargo.toml`:\n{twice:#?}"
    );
}

#[test]
fn migrate_itself_needs_no_engine_no_tls_and_no_parser() {
    let launcher = tree(&["--package", "migrate-cli"]);
    let names: BTreeSet<&str> =
        launcher.iter().filter_map(|line| line.split_whitespace().next()).collect();
    for heavy in
        ["sqlx", "sqlx-core", "tokio", "rustls", "squawk-syntax", "sqlparser", "migrate-core"]
    {
        assert!(!names.contains(heavy), "{heavy}");
    }
}

/// The packages of a build and their features, a line each.
fn tree(arguments: &[&str]) -> BTreeSet<String> {
    let output = Command::new(env::var_os("CARGO").expect("cargo names itself"))
        .args(["tree", "--offline", "--locked", "--edges", "no-dev", "--prefix", "none"])
        .args(["--no-dedupe", "--format", "{p} [{f}]"])
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .output()
        .expect("cargo");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).expect("UTF-8");
    lines.lines().map(str::to_owned).collect()
}
