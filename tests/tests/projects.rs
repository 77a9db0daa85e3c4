//! What the compiler reports for crates with a `migrate.toml`: checks in a dialect, rules and their levels.
//!
//! Each folder of `projects/` is such a crate. `TRYBUILD=overwrite` records the output again.
#![expect(clippy::unwrap_used, reason = "a test's way to fail is to panic")]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The crates that a test changes, with their initial code.
const CHANGING: [(&str, &str); 2] =
    [("changed_settings", SETTINGS_MATTER), ("changed_file", FILE_MATTERS)];

const SETTINGS_MATTER: &str = r#"
migrate_core::migrations!();

#[migrate_core::migration(rev = "001", kind = data)]
fn forget() -> &'static str {
    "DELETE FROM users"
}
"#;

const FILE_MATTERS: &str = r#"
migrate_core::migrations!();

#[migrate_core::migration(rev = "001")]
fn create() -> &'static str {
    include_str!("001.sql")
}
"#;

#[test]
fn each_project_is_told_what_is_wrong_with_its_sql() {
    let mut different = Vec::new();
    for source in sources() {
        let name = source.file_name().unwrap().to_str().unwrap();
        let (said, path) = (check(name), source.join("expected.stderr"));
        if env::var_os("TRYBUILD").is_some_and(|word| word == "overwrite") {
            fs::write(&path, &said).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if said != expected {
            different.push(format!("=== {name}, expected:\n{expected}\n=== said:\n{said}"));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn a_change_of_the_settings_is_heeded_by_the_next_build() {
    let settings = workspace().join("changed_settings/migrate.toml");
    let with_level = |level| format!("dialect = 'sqlite'\nlint.rules.missing-where = '{level}'\n");
    fs::write(&settings, with_level("allow")).unwrap();
    assert_eq!(check("changed_settings"), "");
    fs::write(&settings, with_level("deny")).unwrap();
    let said = check("changed_settings");
    assert!(said.starts_with("error: missing-where: "), "{said}");
}

#[test]
fn a_change_of_an_included_file_is_heeded_by_the_next_build() {
    let file = workspace().join("changed_file/src/001.sql");
    fs::write(&file, "CREATE TABLE users (id BIGINT)").unwrap();
    assert_eq!(check("changed_file"), "");
    fs::write(&file, "CREATE TABLE users (id BIGINT);\nCOMMIT").unwrap();
    let said = check("changed_file");
    assert!(said.contains("--> changed_file/src/001.sql:2:1"), "{said}");
}

/// Returns the output of `cargo check` for one crate.
fn check(name: &str) -> String {
    let output = Command::new(env::var_os("CARGO").unwrap())
        .args(["check", "--quiet", "--offline", "--color=never", "--package", name])
        .current_dir(workspace())
        .env("CARGO_TARGET_DIR", workspace().join("target"))
        // A warning stays a warning, regardless of the flags that the suite itself is built with.
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .output()
        .unwrap();
    String::from_utf8(output.stderr).unwrap()
}

/// Creates the workspace of the crates, once, and returns its folder.
fn workspace() -> &'static Path {
    static WORKSPACE: OnceLock<PathBuf> = OnceLock::new();
    WORKSPACE.get_or_init(|| {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("projects");
        let mut members = Vec::new();
        for source in sources() {
            members.push(member(&root, source.file_name().unwrap().to_str().unwrap()));
            copy(&source, &root.join(source.file_name().unwrap()));
        }
        for (name, code) in CHANGING {
            members.push(member(&root, name));
            write(&root.join(name).join("src/lib.rs"), code);
            write(&root.join(name).join("src/001.sql"), "");
        }
        let members = members.join(", ");
        write(
            &root.join("Cargo.toml"),
            &format!("[workspace]\nresolver = \"3\"\nmembers = [{members}]\n"),
        );
        // The versions that are already downloaded.
        fs::copy(repository().join("Cargo.lock"), root.join("Cargo.lock")).unwrap();
        root
    })
}

/// Writes a crate's `Cargo.toml`; returns its name in quotes.
fn member(root: &Path, name: &str) -> String {
    let core = repository().join("migrate-core");
    let manifest = format!(
        "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[dependencies]\n\
         migrate-core = {{ path = '{}', features = [\"lint\"] }}\n",
        core.display()
    );
    write(&root.join(name).join("Cargo.toml"), &manifest);
    format!("\"{name}\"")
}

/// Copies a project: its settings, and everything else into `src`.
fn copy(source: &Path, target: &Path) {
    for file in files(source) {
        let name = file.file_name().unwrap();
        let folder = if name == "migrate.toml" { target.to_owned() } else { target.join("src") };
        write(&folder.join(name), &fs::read_to_string(&file).unwrap());
    }
}

/// Writes a file only if its text changes: cargo looks at the modification time.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|before| before == text) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn sources() -> Vec<PathBuf> {
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/projects"))
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Returns the entries of a folder, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}
