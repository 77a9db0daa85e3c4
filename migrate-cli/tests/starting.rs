//! `migrate` and real cargo: what is built, and what is built again.

#![expect(clippy::expect_used, reason = "a test's way to fail is to panic")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const MANIFEST: &str = r#"
[package]
name = "shop-migrations"
version = "0.1.0"
edition = "2024"
build = "build.rs"

[package.metadata.migrate]

[workspace]
"#;

/// Asks to be run again when what cargo tells of a package changes, as the build script of `ring` does.
const BUILD_SCRIPT: &str = r#"
fn main() {
    for name in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "CARGO_PKG_VERSION_MAJOR", "OUT_DIR"] {
        println!("cargo::rerun-if-env-changed={name}");
    }
}
"#;

/// In place of the commands.
const MAIN: &str = r#"
fn main() {
    for argument in std::env::args().skip(1) {
        println!("{argument}");
    }
}
"#;

fn project(folder: &Path) {
    fs::create_dir(folder.join("src")).expect("a folder");
    for (file, text) in
        [("Cargo.toml", MANIFEST), ("build.rs", BUILD_SCRIPT), ("src/main.rs", MAIN)]
    {
        fs::write(folder.join(file), text).expect("a file");
    }
}

/// Runs `migrate` as a cargo does that has just built it for a package of this name.
fn migrate(folder: &Path, package: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_migrate"));
    command.args(["current", "--verbose"]).current_dir(folder);
    command.env("CARGO_TARGET_DIR", folder.join("target")).env("CARGO_TERM_COLOR", "never");
    command.env("CARGO_PKG_NAME", package).env("CARGO_MANIFEST_DIR", folder.join(package));
    command.env("CARGO_PKG_VERSION_MAJOR", "7").env("OUT_DIR", folder.join(package));
    command.output().expect("`migrate`")
}

#[test]
fn the_second_command_compiles_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    project(folder.path());
    let first = migrate(folder.path(), "migrate-cli");
    let said = String::from_utf8_lossy(&first.stderr);
    assert!(first.status.success() && said.contains("Compiling shop-migrations"), "{said}");
    assert_eq!(String::from_utf8_lossy(&first.stdout), "current\n--verbose\n");
    // Neither after another cargo, nor after the user's own shell.
    let second = migrate(folder.path(), "another");
    let plain = Command::new(env!("CARGO"))
        .args(["build", "--offline"])
        .current_dir(folder.path())
        .env("CARGO_TARGET_DIR", folder.path().join("target"))
        .env_remove("CARGO_PKG_NAME")
        .env_remove("CARGO_MANIFEST_DIR")
        .env_remove("CARGO_PKG_VERSION_MAJOR")
        .output()
        .expect("cargo");
    for output in [second, plain] {
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.contains("Finished"), "{said}");
        assert!(!said.contains("Compiling"), "{said}");
    }
}

#[test]
fn a_finding_is_shown_once_and_counted_afterwards() {
    const FINDING: &str = "use of deprecated macro `missing_where`: every row is changed";
    let folder = tempfile::tempdir().expect("a folder");
    project(folder.path());
    let found = "#[deprecated(note = \"every row is changed\")]\nmacro_rules! missing_where { () => {}; }\nmissing_where!();\n";
    let main = folder.path().join("src/main.rs");
    fs::write(&main, format!("{found}{MAIN}")).expect("a file");
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_migrate"))
            .args(arguments)
            .current_dir(folder.path())
            .env("CARGO_TARGET_DIR", folder.path().join("target"))
            .env("CARGO_HOME", folder.path())
            .env("NO_COLOR", "1")
            .output()
            .expect("`migrate`");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    let (first, second, quiet) = (run(&["current"]), run(&["current"]), run(&["current", "-q"]));
    assert!(first.contains(FINDING) && !first.contains("shown before"), "{first}");
    assert_eq!(second, "1 finding in SQL, shown before: `migrate lint --all` lists them\n");
    assert_eq!(quiet, "");
    // What is new is shown, wherever the other one stands now.
    fs::write(&main, format!("\n{found}{}{MAIN}", found.replace("where", "index")))
        .expect("a file");
    let third = run(&["current"]);
    assert!(third.contains("`missing_index`") && third.contains("1 finding in SQL"), "{third}");
    assert!(!third.contains(FINDING), "{third}");
    // Other warnings, and errors, come as they always do.
    fs::write(&main, "fn main() { let x = 1; }").expect("a file");
    assert!(
        run(&["current"]).contains("unused variable")
            && run(&["current"]).contains("unused variable")
    );
    fs::write(&main, "fn main() { 1 }").expect("a file");
    let mut command = Command::new(env!("CARGO_BIN_EXE_migrate"));
    let output = command.arg("current").current_dir(folder.path()).output().expect("`migrate`");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(101) && said.contains("mismatched types"), "{said}");
}
