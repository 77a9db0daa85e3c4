//! The layers of migrate-core: what a module names with `use crate::…` lies below it.

#![expect(clippy::expect_used, reason = "a test's way to fail is to panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The stages, lowest first. A module may name those of its own stage and of the stages before it.
///
/// Names and text; what a body receives; what the attribute produces; the graph, pure; history and plan, pure; what
/// talks to history and lock; the run; the front doors; the engines, which implement what the lower stages ask for.
const LAYERS: &[&[&str]] = &[
    &["revision", "sql", "url", "pauses"],
    &["script"],
    &["connection"],
    &["db"],
    &["body", "migration"],
    &["excerpt"],
    &["declaration", "set"],
    &["graph"],
    &["target"],
    &["history", "registry", "holder"],
    &["plan"],
    &["blocker", "stop"],
    &["settings", "observer"],
    &["config", "message", "journal", "companion", "probe", "lock"],
    &["executor"],
    &["offline", "status"],
    &["error"],
    &["backend"],
    &["migrator"],
    // What others see: the prelude of migration files, and what generated code touches.
    &["prelude", "private"],
];

/// Modules that wait for a database.
const WAITING: &[&str] = &[
    "body",
    "companion",
    "connection",
    "db",
    "journal",
    "probe",
    "lock",
    "executor",
    "offline",
    "backend",
    "migrator",
    "stop",
];

const DRIVERS: &[&str] = &[
    "sqlx::postgres",
    "sqlx::mysql",
    "sqlx::sqlite",
    "PgConnection",
    "MySqlConnection",
    "SqliteConnection",
];

#[test]
fn modules_name_only_what_lies_below_them() {
    let mut faults = Vec::new();
    for (module, text) in modules() {
        let Some(own) = layer(&module) else {
            faults.push(format!("`{module}` has no layer"));
            continue;
        };
        for named in names(&text) {
            match layer(&named) {
                Some(other) if other <= own => {}
                Some(_) => faults.push(format!("`{module}` names `{named}`, which lies above it")),
                None => faults.push(format!("`{module}` names `{named}`, which has no layer")),
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_layer_is_there() {
    let modules = modules();
    let gone: Vec<_> = LAYERS
        .iter()
        .flat_map(|names| names.iter())
        .filter(|name| !modules.contains_key(**name))
        .collect();
    assert!(gone.is_empty(), "no such modules: {gone:?}");
}

#[test]
fn only_the_engines_name_drivers() {
    let naming = |text: &str| DRIVERS.iter().any(|driver| text.contains(driver));
    let found: Vec<String> = modules()
        .into_iter()
        .filter(|(module, text)| module != "backend" && naming(text))
        .map(|(module, _)| module)
        .collect();
    assert!(found.is_empty(), "drivers are named in {found:?}");
}

#[test]
fn deciding_does_not_wait() {
    let waits =
        |text: &str| text.lines().any(|line| line.contains(".await") || line.contains("async fn "));
    let found: Vec<String> = modules()
        .into_iter()
        .filter(|(module, text)| !WAITING.contains(&module.as_str()) && waits(text))
        .map(|(module, _)| module)
        .collect();
    assert!(found.is_empty(), "these wait: {found:?}");
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|names| names.contains(&module))
}

/// The text of each top-level module, its own modules with it, without comments and tests.
fn modules() -> BTreeMap<String, String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrate-core/src");
    let mut modules: BTreeMap<String, String> = BTreeMap::new();
    for file in files(&source) {
        let inner = file.strip_prefix(&source).expect("inside").with_extension("");
        let module = inner.iter().next().expect("a name").to_string_lossy().into_owned();
        let tests = inner.iter().any(|part| part == "tests");
        if module == "lib" || tests {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a source file");
        modules.entry(module).or_default().push_str(&code(&text));
    }
    modules
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// What is compiled into the library: nothing of comments, and nothing from `#[cfg(test)]` on.
fn code(text: &str) -> String {
    let library = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = library.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.fold(String::new(), |text, line| text + line + "\n")
}

/// The top-level modules that a text names by `crate::`.
fn names(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for after in text.split("crate::").skip(1) {
        let group = after.strip_prefix('{').and_then(|group| group.split('}').next());
        let paths = group.map_or_else(|| vec![after], |group| group.split(',').collect());
        for path in paths {
            let name: String = path
                .trim_start()
                .chars()
                .take_while(|c| c.is_ascii_lowercase() || *c == '_')
                .collect();
            if !name.is_empty() {
                found.insert(name);
            }
        }
    }
    found
}
