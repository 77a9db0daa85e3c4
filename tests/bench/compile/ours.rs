//! Our own crates: with the checks, with the checks unoptimised, and without.

use std::path::Path;

use crate::project::Peer;
use crate::revisions;

pub(crate) const CHECKED: Peer =
    Peer { name: "ours", folder: "ours", manifest: || manifest("\"lint\"", OPTIMISED), files };

pub(crate) const CHECKED_SLOWLY: Peer = Peer {
    name: "ours, macros not optimised",
    folder: "ours-slow",
    manifest: || manifest("\"lint\"", ""),
    files,
};

pub(crate) const UNCHECKED: Peer = Peer {
    name: "ours, without `lint`",
    folder: "ours-unchecked",
    manifest: || manifest("", OPTIMISED),
    files,
};

/// As `init` writes it.
const OPTIMISED: &str = "\n[profile.dev.build-override]\nopt-level = 1\n";

fn manifest(features: &str, profile: &str) -> String {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("migrate-core");
    format!(
        "[dependencies]\nmigrate-core = {{ path = \"{}\", features = [{features}] }}\n{profile}",
        core.display()
    )
}

fn files(count: usize) -> Vec<(String, String)> {
    let mut files: Vec<_> = (1..=count)
        .map(|number| (format!("src/r{}.rs", revisions::id(number)), migration(number)))
        .collect();
    let modules: Vec<_> =
        (1..=count).map(|number| format!("mod r{};", revisions::id(number))).collect();
    files.push((
        "src/lib.rs".to_owned(),
        format!("migrate_core::migrations!();\n\n{}\n", modules.join("\n")),
    ));
    files.push(("migrate.toml".to_owned(), "dialect = \"postgres\"\n".to_owned()));
    files
}

fn migration(number: usize) -> String {
    let (id, [table, index]) = (revisions::id(number), revisions::up(number));
    format!(
        "use migrate_core::prelude::*;\n\n#[migration(rev = \"{id}\")]\nfn create() -> &'static str {{\n    \"{table};\n    {index}\"\n}}\n"
    )
}
