//! The build profile that `init` gives a project: fast first builds, and macros that check SQL fast.

use toml_edit::{Item, Table, Value, value};

use crate::toml_file::table;

/// The packages that read SQL at every `cargo check`.
const OPTIMISED: [&str; 8] = [
    "migrate-lint",
    "migrate-macros",
    "migrate-sql",
    "rowan",
    "squawk-lexer",
    "squawk-linter",
    "squawk-parser",
    "squawk-syntax",
];

/// Adds missing keys to a manifest; existing keys stay unchanged.
///
/// Sets the debug information of the project's own code only in a new project.
pub(super) fn add(manifest: &mut Table, is_new: bool) {
    let Some(profile) = table(manifest, "profile", true) else { return };
    let Some(dev) = table(profile, "dev", !is_new) else { return };
    if is_new && !dev.contains_key("debug") {
        dev.insert("debug", value("line-tables-only"));
        dev.decor_mut().set_prefix("\n# Line numbers in backtraces, and a quick link.\n");
    }
    let dev_says_debug = !is_new && dev.contains_key("debug");
    let Some(packages) = table(dev, "package", false) else { return };
    let is_empty = packages.is_empty();
    if !dev_says_debug {
        set(packages, "*", "debug", false);
    }
    for name in OPTIMISED {
        set(packages, name, "opt-level", 1);
    }
    if is_empty {
        let of_debug = if dev_says_debug { "" } else { "Dependencies without debug information. " };
        packages.decor_mut().set_prefix(format!(
            "\n# {of_debug}What reads SQL at every `cargo check` is optimised.\n"
        ));
    }
}

fn set(packages: &mut Table, package: &str, key: &str, to: impl Into<Value>) {
    let made = || {
        let mut table = Table::new();
        table.set_dotted(true);
        Item::Table(table)
    };
    let entry = packages.entry(package).or_insert_with(made);
    if let Some(table) = entry.as_table_like_mut()
        && !table.contains_key(key)
    {
        table.insert(key, value(to));
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use toml_edit::DocumentMut;

    use super::*;

    #[test]
    fn a_new_project_has_the_profile_of_this_one() {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
        let own: DocumentMut =
            fs::read_to_string(own).expect("the workspace's manifest").parse().expect("TOML");
        let mut made = DocumentMut::new();
        add(&mut made, true);
        let (own, made) = (&own["profile"]["dev"], &made["profile"]["dev"]);
        assert_eq!(own["debug"].as_str(), made["debug"].as_str());
        // Our own manifest also has packages that only our tests use.
        let packages = |dev: &Item| {
            let table = dev["package"].as_table().expect("a table").clone();
            let of_users =
                table.into_iter().filter(|(name, _)| name != "insta" && name != "similar");
            of_users
                .map(|(name, keys)| {
                    (
                        name,
                        keys.get("opt-level").and_then(Item::as_integer),
                        keys.get("debug").and_then(Item::as_bool),
                    )
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(packages(own), packages(made));
    }

    #[test]
    fn what_a_project_says_of_its_profile_stays() {
        let text = "[profile.dev]\ndebug = 2\n\n[profile.dev.package.migrate-sql]\nopt-level = 3\n";
        let mut manifest: DocumentMut = text.parse().expect("TOML");
        add(&mut manifest, false);
        let said = manifest.to_string();
        for own in text.split("\n\n") {
            assert!(said.contains(own), "{said}");
        }
        assert!(!said.contains("\"*\""), "{said}");
        assert_eq!(
            manifest["profile"]["dev"]["package"]["rowan"]["opt-level"].as_integer(),
            Some(1)
        );
    }
}
