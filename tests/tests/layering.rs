//! The layers of the crates: a file names only what lies below it, and no two files name each other.
//!
//! A folder and the file of its name are one room: that file may hold the room's own types, and re-export what is inside.

#![expect(clippy::expect_used, reason = "a test's way to fail is to panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms of each crate, lowest first. A file may name those of its own room and of the rooms before it.
const HOUSES: &[(&str, &[&str])] = &[
    (
        "migrate-sql",
        &[
            "effort",    // What tests count.
            "text",      // Tokens and names.
            "migration", // What is said of a migration besides its SQL.
            "rule",      // What rules are called and set to.
            "statement", // What a statement is.
            "ddl",       // What a statement of DDL says.
            "effects",   // What it does, and to what.
            "session",   // What it leaves in its session.
            "impact",    // Who must wait for whom.
            "validate",  // What keeps a text from being run.
            "reverse",   // What undoes it.
        ],
    ),
    (
        "migrate-core",
        &[
            "sql",     // Text, and the place of each statement in it.
            "engine",  // What is known of each engine, and the connections to them.
            "db",      // What the code of a migration is lent.
            "declare", // What a migration is.
            "graph",   // The order of revisions, and targets in it.
            "history", // What a database has applied.
            "plan",    // What is to be done.
            "run",     // Doing it.
            "api",     // What users call.
            "prelude", "private",
        ],
    ),
];

/// Where migrate-core waits for a database. All other code decides: it takes values and returns values.
const WAITING: &[&str] =
    &["engine", "db", "declare/body", "declare/panicked", "history/store", "run", "api"];

/// Crates' roots, which hand everything out, and files that are only compiled for tests.
const LEFT_OUT: &[&str] = &["lib", "main", "tests", "laws", "growth", "manual", "testing"];

/// The other crates that each crate may depend on, lowest first.
const BELOW: &[(&str, &[&str])] = &[
    ("migrate-redact", &[]),
    ("migrate-sql", &[]),
    ("migrate-lint", &["migrate-sql"]),
    ("migrate-macros", &["migrate-sql", "migrate-lint"]),
    ("migrate-core", &["migrate-sql", "migrate-redact", "migrate-macros"]),
    ("migrate-cli", &["migrate-sql", "migrate-redact", "migrate-lint", "migrate-core"]),
];

/// Parsers, which only migrate-lint asks for: no application is to hold one.
const PARSERS: &[&str] = &["squawk-linter", "squawk-syntax", "sqlparser"];

/// The crates whose files must not name each other in a circle.
const CRATES: &[&str] = &["migrate-sql", "migrate-lint", "migrate-core", "migrate-cli"];

const DRIVERS: &[&str] = &[
    "sqlx::postgres",
    "sqlx::mysql",
    "sqlx::sqlite",
    "PgConnection",
    "MySqlConnection",
    "SqliteConnection",
];

/// The files that name drivers: the engines, and the accessors by which code asks for one.
const NAMING_DRIVERS: &[&str] = &["engine", "db/typed"];

#[test]
fn rooms_name_only_what_lies_below_them() {
    for (name, rooms) in HOUSES {
        let faults = back_arrows(&House::of(name), rooms);
        assert!(faults.is_empty(), "in {name}:\n{}", faults.join("\n"));
    }
}

fn back_arrows(house: &House, rooms: &[&str]) -> Vec<String> {
    let floor = |module: &Module| rooms.iter().position(|room| module.room() == *room);
    let mut faults = Vec::new();
    for (module, named) in house.arrows() {
        match (floor(module), floor(named)) {
            (Some(own), Some(other)) if other <= own => {}
            (Some(_), Some(_)) => {
                faults.push(format!("{module} names {named}, which lies above it"));
            }
            (_, None) => faults.push(format!("{named} lies in no room")),
            (None, _) => faults.push(format!("{module} lies in no room")),
        }
    }
    faults
}

#[test]
fn crates_ask_only_for_what_lies_below_them() {
    for (name, below) in BELOW {
        let asked = dependencies(name);
        let ours: Vec<_> = asked.iter().filter(|asked| asked.starts_with("migrate-")).collect();
        assert!(ours.iter().all(|asked| below.contains(&asked.as_str())), "{name}: {ours:?}");
        let parses = PARSERS.iter().any(|parser| asked.contains(*parser));
        assert_eq!(parses, *name == "migrate-lint", "{name} and the parsers");
    }
}

#[test]
fn every_room_is_there() {
    for (name, rooms) in HOUSES {
        let house = House::of(name);
        let there: BTreeSet<&str> = house.modules.keys().map(Module::room).collect();
        assert_eq!(there, rooms.iter().copied().collect(), "{name}");
    }
}

#[test]
fn no_files_name_each_other_in_a_circle() {
    for name in CRATES {
        let house = House::of(name);
        let mut arrows: BTreeMap<&Module, BTreeSet<&Module>> = BTreeMap::new();
        for (from, to) in house.arrows() {
            arrows.entry(from).or_default().insert(to);
        }
        // Whatever names nothing that is left, or is named by nothing, is in no circle.
        loop {
            let before = arrows.values().map(BTreeSet::len).sum::<usize>();
            let left: BTreeSet<&Module> = arrows.keys().copied().collect();
            for named in arrows.values_mut() {
                named.retain(|module| left.contains(module));
            }
            let named: BTreeSet<&Module> = arrows.values().flatten().copied().collect();
            arrows.retain(|from, to| named.contains(from) && !to.is_empty());
            if arrows.values().map(BTreeSet::len).sum::<usize>() == before {
                break;
            }
        }
        let shown: Vec<String> = arrows
            .iter()
            .flat_map(|(from, named)| named.iter().map(move |to| format!("{from} -> {to}")))
            .collect();
        assert!(shown.is_empty(), "circles in {name}:\n{}", shown.join("\n"));
    }
}

#[test]
fn only_the_engines_name_drivers() {
    let naming = |text: &str| DRIVERS.iter().any(|driver| text.contains(driver));
    let found = House::of("migrate-core").outside(NAMING_DRIVERS, naming);
    assert!(found.is_empty(), "drivers are named in {found:?}");
}

#[test]
fn deciding_does_not_wait() {
    let waits =
        |text: &str| text.lines().any(|line| line.contains(".await") || line.contains("async fn "));
    let found = House::of("migrate-core").outside(WAITING, waits);
    assert!(found.is_empty(), "these wait: {found:?}");
}

/// Returns the dependencies of a crate's library.
fn dependencies(name: &str) -> BTreeSet<String> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("Cargo.toml");
    let text = fs::read_to_string(manifest).expect("a manifest");
    let section = text.split("\n[dependencies]\n").nth(1).unwrap_or_default();
    let lines = section.lines().take_while(|line| !line.starts_with('['));
    let name = |line: &str| line.split(['.', ' ', '=']).next().unwrap_or_default().to_owned();
    lines.map(name).filter(|name| !name.is_empty()).collect()
}

/// A module by its path from the crate's root.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Module(Vec<String>);

impl std::fmt::Display for Module {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join("/"))
    }
}

impl Module {
    fn room(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }

    fn is_within(&self, path: &str) -> bool {
        let shown = self.to_string();
        shown == path || shown.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
    }

    fn holds(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    fn child(&self, name: &str) -> Self {
        Self(self.0.iter().cloned().chain([name.to_owned()]).collect())
    }
}

/// The files of a crate, without comments and tests, and the files that each of them names.
struct House {
    modules: BTreeMap<Module, String>,
}

impl House {
    fn of(name: &str) -> Self {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src");
        let files = files(&source).into_iter().filter_map(|file| {
            let inner = file.strip_prefix(&source).expect("inside").with_extension("");
            let path: Vec<_> =
                inner.iter().map(|part| part.to_string_lossy().into_owned()).collect();
            let text = fs::read_to_string(&file).expect("a source file");
            let is_left_out = |part: &String| LEFT_OUT.contains(&part.as_str());
            (!path.iter().any(is_left_out)).then(|| (Module(path), code(&text)))
        });
        Self { modules: files.collect() }
    }

    fn outside(&self, places: &[&str], is_so: impl Fn(&str) -> bool) -> Vec<String> {
        let outside = |module: &Module| !places.iter().any(|place| module.is_within(place));
        let found = self.modules.iter().filter(|(module, text)| outside(module) && is_so(text));
        found.map(|(module, _)| module.to_string()).collect()
    }

    /// Returns which module names which. Re-exports do not count, nor does a folder's file and the folder naming each other.
    fn arrows(&self) -> BTreeSet<(&Module, &Module)> {
        let mut arrows = BTreeSet::new();
        for (module, text) in &self.modules {
            for path in paths(&without_reexports(text)) {
                if let Some(named) = self.resolve(module, &path)
                    && !named.holds(module)
                    && !module.holds(named)
                {
                    arrows.insert((module, named));
                }
            }
        }
        arrows
    }

    /// Returns the module that defines what a path names, seen from a module.
    fn resolve(&self, from: &Module, path: &[String]) -> Option<&Module> {
        let mut at = match path.first()?.as_str() {
            "crate" => Module(Vec::new()),
            "self" => from.clone(),
            _ => Module(from.0.split_last()?.1.to_vec()),
        };
        let mut rest = path.iter().skip(1).peekable();
        while let Some(name) = rest.peek() {
            if name.as_str() == "super" {
                at.0.pop()?;
            } else if self.modules.contains_key(&at.child(name)) {
                at = at.child(name);
            } else {
                break;
            }
            rest.next();
        }
        let (found, text) = self.modules.get_key_value(&at)?;
        let Some(name) = rest.next() else { return Some(found) };
        let handed_on = reexports(text).into_iter().flat_map(|text| paths(&text));
        let original = handed_on.into_iter().find(|path| path.last() == Some(name));
        original.and_then(|path| self.resolve(&at, &path)).or(Some(found))
    }
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

/// Returns the code of the library: without comments, and without everything from `#[cfg(test)]` on.
fn code(text: &str) -> String {
    let library = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = library.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.fold(String::new(), |text, line| text + line + "\n")
}

/// Returns the re-exports.
fn reexports(text: &str) -> Vec<String> {
    let uses = text.split("\npub").skip(1).filter_map(|after| {
        let (visibility, rest) = after.split_once("use ")?;
        let is_use = visibility.trim().is_empty() || visibility.starts_with('(');
        (is_use && !visibility.contains('\n')).then(|| rest.split(';').next().unwrap_or_default())
    });
    uses.map(str::to_owned).collect()
}

fn without_reexports(text: &str) -> String {
    reexports(text).iter().fold(text.to_owned(), |text, used| text.replace(used.as_str(), ""))
}

/// Returns the paths that start in this crate, with groups expanded.
fn paths(text: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for root in ["crate", "self", "super"] {
        let marked = format!("{root}::");
        for (at, _) in text.match_indices(&marked) {
            let (before, after) = text.split_at(at);
            let before = before.chars().next_back();
            if before.is_none_or(|c| !c.is_alphanumeric() && !"_:$".contains(c)) {
                let after = after.strip_prefix(&marked).unwrap_or_default();
                tree(after, vec![root.to_owned()], &mut found);
            }
        }
    }
    found
}

/// Reads the rest of a path, and returns the text after it.
fn tree<'t>(text: &'t str, mut path: Vec<String>, found: &mut Vec<Vec<String>>) -> &'t str {
    let mut text = text.trim_start();
    if let Some(group) = text.strip_prefix('{') {
        text = group.trim_start();
        while !text.is_empty() && !text.starts_with('}') {
            text = tree(text, path.clone(), found).trim_start();
            text = text.strip_prefix(',').unwrap_or(text).trim_start();
        }
        return text.strip_prefix('}').unwrap_or(text);
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if name.is_empty() {
        found.push(path);
        return rest.get(1..).unwrap_or_default();
    }
    // `{self, …}` names the module itself.
    if name != "self" {
        path.push(name.to_owned());
    }
    if let Some(inner) = rest.strip_prefix("::") {
        return tree(inner, path, found);
    }
    found.push(path);
    let renamed = rest
        .strip_prefix(" as ")
        .map(|name| name.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_'));
    renamed.unwrap_or(rest)
}
